"""A Bitstring Status List or StatusList2021 credential as a host served it; fetched_list.py has the steps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from node.verification.dates import unix_time
from node.verification.evidence import Evidence, ListContent
from node.verification.list_rules import LIMITS, check_signer, invalid, seconds
from node.verification.packed_list import MINIMUM_ENTRIES, bitstring, bitstring_2021
from node.verification.policy import Question
from node.verification.presentation import parse
from node.verification.proof import ProofChecker
from node.verification.reasons import Reason
from node.verification.refusals import Refused
from node.verification.secured import Kind, Parsed, Secured, types_of
from node.verification.validity import check_validity
from node.verification.verdict import Outcome

_KINDS = {  # type of the credential → type of the entries it answers for, type of its subject
    "BitstringStatusListCredential": ("BitstringStatusListEntry", "BitstringStatusList"),
    "StatusList2021Credential": ("StatusList2021Entry", "StatusList2021"),
}


def read(body: bytes) -> Parsed:
    """Step 1. Raises Refused."""
    parsed = parse(body, limits=LIMITS)
    if parsed.kind is not Kind.CREDENTIAL:
        raise invalid("What is served there is not a status list.")
    return parsed


def secured_list(parsed: Parsed) -> Secured:
    """The one credential of what is none but that. Raises Refused."""
    (one,) = parsed.credentials
    if isinstance(one, Refused):
        raise one
    return one


def address(document: Mapping[str, Any]) -> object:
    """Bitstring Status List §2.2: the credential's `id` may be its address; that of its subject is then taken
    from it, with a fragment."""
    subject = document.get("credentialSubject")
    inner = subject.get("id") if isinstance(subject, Mapping) else None
    return document.get("id", inner.partition("#")[0] if isinstance(inner, str) else None)


def check(
    secured: Secured, issuer: str, evidence: Evidence, question: Question, proofs: ProofChecker
) -> ListContent:
    """Steps 3 to 6. Raises Refused."""
    proven = proofs.check(secured, evidence, question)
    check_signer(proven, issuer, evidence)
    document = secured.document
    now = Question(question.policy, question.now)
    if (found := check_validity(document, now)).outcome is not Outcome.PASSED:
        raise Refused(Reason.STATUS_STALE, f"The status list itself does not hold: {found.detail}")
    subject = document.get("credentialSubject")
    types = types_of(document)
    kind = next((_KINDS[one] for one in types if one in _KINDS), None)
    if kind is None or not isinstance(subject, Mapping) or kind[1] not in types_of(subject):
        raise invalid("What is served there is not a status list.")
    decode = bitstring if kind[1] == "BitstringStatusList" else bitstring_2021
    bits = decode(subject.get("encodedList"))
    if bits.entries(1) < MINIMUM_ENTRIES:
        raise Refused(Reason.STATUS_LIST_LENGTH, f"The list has fewer than {MINIMUM_ENTRIES} entries.")
    issued = document.get("validFrom", document.get("issuanceDate"))
    ends = [unix_time(document[name]) for name in ("validUntil", "expirationDate") if name in document]
    return ListContent(
        entry_type=kind[0],
        purposes=_purposes(subject.get("statusPurpose")),
        entry_bits=_stated_size(subject),
        bits=bits,
        issued_at=None if issued is None else unix_time(issued),
        expires=min(ends, default=None),
        ttl=seconds(subject.get("ttl"), 1000),
    )


def _purposes(stated: object) -> frozenset[str]:
    """§2.2: one or several."""
    several = stated if isinstance(stated, list) else [stated]
    if not several or len(several) > 16 or not all(isinstance(one, str) for one in several):
        raise invalid("The list does not say what it is for.")
    return frozenset(several)


def _stated_size(subject: Mapping[str, Any]) -> int | None:
    size = subject.get("statusSize")
    if size is not None and type(size) is not int:
        raise invalid("The size of its entries is not a number.")
    return size
