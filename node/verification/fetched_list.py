"""Step 5 for a list that is not on the ledger: a status list as a host served it, believed only when all holds.

1. form       a status list credential with any proof, or a `statuslist+jwt`, within limits
2. place      it says that it is the list of this very address
3. signer     the credential's issuer, or a key that the issuer's DID document on the ledger lists as its own
4. proof      that key signed it, and all of it
5. dates      it is valid now
6. content    its type, its purposes, its bits: neither too few nor too many

Whatever fails here says nothing of the credential, whose status is then INDETERMINATE.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from node.verification import list_credential, list_token
from node.verification.evidence import Evidence, FetchedList, UnusableList
from node.verification.list_rules import invalid
from node.verification.list_token import ListToken
from node.verification.named_dids import dids
from node.verification.policy import Question
from node.verification.proof import ProofChecker
from node.verification.reasons import Reason
from node.verification.refusals import Refused
from node.verification.secured import Parsed

_COSE_SIGN1 = b"\xd2"  # CBOR tag 18 (RFC 9052 §4.2)
_OF_LISTS = frozenset(
    {
        Reason.STATUS_LIST_INVALID,
        Reason.STATUS_LIST_LENGTH,
        Reason.STATUS_STALE,
        Reason.STATUS_ISSUER_MISMATCH,
    }
)


@dataclass(frozen=True, slots=True)
class ServedList:
    """As it came: steps 1 and 2 hold, nothing is believed."""

    uri: str
    content: Parsed | ListToken = field(repr=False)
    fetched_at: int  # Unix seconds
    digest: str

    def dids(self, issuer: str) -> list[str]:
        """Those whose documents `checked` asks for. `issuer`: the credential's."""
        named = [self.content.signer] if isinstance(self.content, ListToken) else dids(self.content)
        return [did for did in dict.fromkeys((issuer, *named)) if did]


def read_served(body: bytes, uri: str, fetched_at: int) -> ServedList:
    """Steps 1 and 2. Raises Refused."""
    if body[:1] == _COSE_SIGN1:
        raise invalid("It is a CWT (statuslist+cwt), which is not read here; a statuslist+jwt is.")
    text = body.strip()
    token = list_token.read(text.decode("latin-1")) if text.startswith(b"eyJ") else None
    content: Parsed | ListToken
    if token is not None:
        content, stated = token, token.claims.get("sub")
    else:
        content = list_credential.read(body)
        stated = list_credential.address(list_credential.secured_list(content).document)
    if stated != uri:
        raise invalid("What is served there is not the list of this address.")
    return ServedList(uri, content, fetched_at, hashlib.sha256(body).hexdigest())


def checked(
    served: ServedList, issuer: str, evidence: Evidence, question: Question, proofs: ProofChecker
) -> FetchedList:
    """Steps 3 to 6. `issuer`: of the credential whose status is asked for. Raises Refused."""
    if isinstance(served.content, ListToken):
        content = list_token.check(served.content, issuer, evidence, question)
    else:
        secured = list_credential.secured_list(served.content)
        content = list_credential.check(secured, issuer, evidence, question, proofs)
    return FetchedList(served.uri, content, served.fetched_at, served.digest)


def unusable(refused: Refused) -> UnusableList:
    """What went wrong, as a status check says it: what is at fault is the list, not the credential."""
    if refused.reason in _OF_LISTS:
        return UnusableList(refused.reason, refused.detail)
    return UnusableList(Reason.STATUS_LIST_INVALID, f"The status list cannot be relied on: {refused.detail}")
