"""Sets and chains of proofs (VC Data Integrity 1.0 §2.1.1, §2.1.2): which must hold, which are passed over."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from node.did.document import AccountMethod, VerificationMethod
from node.verification.proofs.data_integrity.documents import Documents
from node.verification.proofs.data_integrity.one_proof import Form, ProofResult, check_one
from node.verification.proofs.data_integrity.proof_chain import judging_order
from node.verification.proofs.data_integrity.proof_options import Expected, read
from node.verification.reasons import Reason
from node.verification.refusals import Refused

# The verification method of a DID URL, if it may be used. Raises Refused.
Resolve = Callable[[str], VerificationMethod | AccountMethod]

# Why one proof of a set may be passed over when another holds: it is not for us to judge. A proof that was
# judged and found wrong is never passed over.
_NOT_FOR_US = frozenset(
    {
        Reason.UNKNOWN_CRYPTOSUITE,
        Reason.WRONG_PROOF_PURPOSE,
        Reason.KEY_NOT_FOUND,
        Reason.KEY_NOT_AUTHORISED,
        Reason.ISSUER_MISMATCH,
        Reason.DID_UNRESOLVABLE,
        Reason.DID_METHOD_UNSUPPORTED,
        Reason.DID_DEACTIVATED,
    }
)


def check_set(
    documents: Documents,
    proofs: Sequence[Mapping[str, Any]],
    unsecured: Mapping[str, Any],
    expected: Expected,
    *,
    resolve_method: Resolve,
    resolve_previous: Resolve | None,
) -> ProofResult:
    """Several proofs, or one that builds on others, of `unsecured`: the document without them.

    Raises Refused.
    """
    digests: dict[Form, bytes] = {}
    held: dict[int, ProofResult] = {}  # by place in the set
    ours: list[int] = []  # places of those by a key of the issuer's
    passed_over: Refused | None = None
    order = judging_order(proofs)
    built_on = {place for _, previous in order for place in previous}
    for place, previous in order:
        resolve_other = resolve_previous if place in built_on else None
        try:
            options = read(proofs[place], unsecured.get("@context"), expected)
            method, is_ours = _resolve(options.verification_method, resolve_method, resolve_other)
        except Refused as refused:
            if refused.reason not in _NOT_FOR_US:
                raise
            passed_over = passed_over or refused
            continue
        if all(one in held for one in previous):  # else it builds on one that was passed over
            covered = {**unsecured, "proof": [proofs[one] for one in previous]} if previous else unsecured
            try:
                held[place] = check_one(documents, options, method, covered, previous=previous, digests=digests)
            except Refused as refused:
                if refused.reason is not Reason.UNKNOWN_CRYPTOSUITE:
                    raise
                passed_over = passed_over or refused  # a form of its suite that is not for us
                continue
            if is_ours:
                ours.append(place)
    if not ours:
        raise passed_over or Refused(Reason.NO_PROOF, "It is not signed.", "/proof")
    # One that covers the whole document says most.
    return held[min(ours, key=lambda place: (held[place].withheld is not None, place))]


def _resolve(
    url: str,
    resolve_method: Resolve,
    resolve_other: Resolve | None,
) -> tuple[VerificationMethod | AccountMethod, bool]:
    """The method of a proof, and whether it is one that may secure the document. Raises Refused."""
    try:
        return resolve_method(url), True
    except Refused as refused:
        if resolve_other is None or refused.reason is not Reason.ISSUER_MISMATCH:
            raise
        return resolve_other(url), False
