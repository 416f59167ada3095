"""Is this the person's badge? Open Badges 3.0 names its recipient by identifiers, mostly as salted hashes.

IdentityObject (OB 3.0 appendix B): `identityHash` holds the identifier itself, or, where `hashed` is true, an
algorithm, `$`, and the hash of the identifier and the `salt` after it, in hexadecimal. What the relying party
knows is hashed likewise and compared. The outcome says whether it fits, never what was compared.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping, Sequence, Sized
from hashlib import sha256
from typing import Any

from node.verification.given import Identifier
from node.verification.policy import Question
from node.verification.reasons import Reason
from node.verification.verdict import Check, CheckId, Outcome, passed

MAX_IDENTITIES = 32  # of one credential
MAX_SALT_CHARS = 256

_SHA256 = "sha256$"
_MEMBER = "/credentialSubject/identifier"


def check_recipient(credential: Mapping[str, Any], question: Question) -> Check | None:
    """None where the credential names nobody by an identifier, and none was given to compare."""
    identities = _identities(credential)
    given = question.given.identifiers
    if not identities and not given:
        return None
    fits = _any_fits(identities, given) if len(identities) <= MAX_IDENTITIES else None
    if fits is None:
        return _not_checked(_why_not(identities, given), question)
    if fits:
        detail = "Issued to the person known by the identifier given."
        return passed(CheckId.RECIPIENT, detail, question.now)
    detail = "Issued to somebody else than the person known by the identifiers given."
    return Check(CheckId.RECIPIENT, Outcome.FAILED, Reason.RECIPIENT_MISMATCH, detail, question.now, _MEMBER)


def _why_not(identities: Sized, given: Sized) -> str:
    if not identities:
        return "The credential names its recipient by no identifier."
    if not given:
        return "Whose it is was not compared: no identifier was given to compare with."
    if len(identities) > MAX_IDENTITIES:
        return f"It names more than {MAX_IDENTITIES} identifiers: none was compared."
    return "None of its identifiers is of a kind that can be compared with those given."


def _any_fits(identities: Iterable[Mapping[str, Any]], given: Iterable[Identifier]) -> bool | None:
    """None: no two of them could be compared."""
    results = {_fits(identity, one) for identity in identities for one in given} - {None}
    return any(results) if results else None


def _fits(identity: Mapping[str, Any], known: Identifier) -> bool | None:
    """None: the two cannot be compared."""
    stated, kind, hashed = identity.get("identityHash"), identity.get("identityType"), identity.get("hashed")
    if not isinstance(stated, str) or (known.type and kind != known.type):
        return None
    spellings = [known.value]
    if kind == "emailAddress":  # the host is without case, and so, nearly everywhere, is the mailbox
        spellings.append(known.value.strip().lower())
    if hashed is False:
        plain = stated.strip().lower() if kind == "emailAddress" else stated
        return any(_same(one, plain) for one in spellings)
    salt = identity.get("salt", "")
    if hashed is not True or not isinstance(salt, str) or len(salt) > MAX_SALT_CHARS:
        return None
    if not stated.startswith(_SHA256):  # `md5$` is allowed there, but has been broken
        return None
    digest = stated.removeprefix(_SHA256).lower()
    return any(_same(sha256((one + salt).encode("utf-8", "replace")).hexdigest(), digest) for one in spellings)


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode("utf-8", "replace"), other.encode("utf-8", "replace"))


def _identities(credential: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    stated = credential.get("credentialSubject")
    found = []
    for subject in stated if isinstance(stated, list) else (stated,):
        if isinstance(subject, dict) and "identifier" in subject:
            identities = subject["identifier"]
            for one in identities if isinstance(identities, list) else (identities,):
                if isinstance(one, dict) and "identityHash" in one:
                    found.append(one)
    return found


def _not_checked(detail: str, question: Question) -> Check:
    return Check(
        CheckId.RECIPIENT, Outcome.NOT_APPLICABLE, Reason.RECIPIENT_NOT_CHECKED, detail, question.now, _MEMBER
    )
