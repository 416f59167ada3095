"""What a receipt shows an auditor who trusts the ledger's validators, and has neither network nor database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from node.services.receipts import recomputed
from node.verification.dates import readable
from node.verification.given import NOTHING, Given
from node.verification.receipt import Receipt, ReceiptInvalid, digest_of, outcomes_of
from node.verification.receipt_given import NotHandedAlong
from node.verification.refusals import Refused
from node.verification.verdict import CheckId, Outcome, Verdict
from node.verification.verifier import Verifier
from registry.proofs.errors import NotProven, ProofInvalid
from registry.proofs.ledger_proof import Proven, check, check_unsealed
from registry.proofs.packing import unpacked
from registry.proofs.seals import Consensus
from registry.proofs.validators_file import TrustedLedger
from registry.records import Accreditation, PinnedDocument, StatusPurpose


class Holds(StrEnum):
    """Of one thing that a receipt says."""

    YES = "yes"
    NO = "no"
    OPEN = "open"  # it could not be looked at with what was given, or rests on the node's word


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at, in words."""

    about: str  # "node", "sealed", "issuer", "document", "status", …
    holds: Holds
    words: str


def audit(
    receipt: Receipt,
    verifier: Verifier,
    *,
    trusted: TrustedLedger | None,
    document: Mapping[str, Any] | str | None,
    node: str | None = None,
    given: Given = NOTHING,
) -> list[Finding]:
    """Everything a receipt says, one finding each; the first failure of what the rest stands on ends them.

    `trusted` None: nobody's seals are looked at. `document` None: the verdict is not recomputed. `node`: the
    did:key that the receipt must be signed by. `given`: identifiers and files that the verdict was asked with.
    """
    findings: list[Finding] = []
    try:
        receipt.check_signature()
        if node is not None and receipt.node != node:
            raise ReceiptInvalid(f"it is signed by {receipt.node}, not by the node you named")
        findings.append(_holds("node", f"This verdict was given and signed by {receipt.node}."))
        proven = _proven(receipt, trusted)
        findings.append(_sealed(proven, trusted))
        findings += _facts(proven)
    except ReceiptInvalid as error:
        return [*findings, _fails("node", f"Not a receipt to rely on: {error}.")]
    except ProofInvalid as error:
        return [*findings, _fails("sealed", f"The ledger's proof does not hold: {error}.")]
    return [*findings, *_verdict(receipt, verifier, document, proven, given)]


def _proven(receipt: Receipt, trusted: TrustedLedger | None) -> Proven:
    """Raises ProofInvalid."""
    proof = unpacked(receipt.packed_proof)
    if trusted is None:
        return check_unsealed(proof, receipt.contracts)
    if receipt.contracts != trusted.contracts:
        raise ProofInvalid("it is about other contracts than those you trust")
    return check(proof, trusted.contracts, trusted.validators)


def _sealed(proven: Proven, trusted: TrustedLedger | None) -> Finding:
    at = f"block {proven.stamp.number} of {readable(proven.stamp.time)}"
    if trusted is None:
        words = "UNSEALED: no validator's seal was looked at. It rests on this node's word alone that"
        return Finding("sealed", Holds.OPEN, f"{words} {at} is on the ledger.")
    signers = list(dict.fromkeys(seal.validator for seal in proven.seals))
    of = len(trusted.validators.addresses)
    if trusted.validators.consensus is Consensus.CLIQUE:
        first, *others = proven.seals
        by = f"sealed by {first.validator}; " + "; ".join(
            f"{seal.validator} built on it with block {seal.block} at {readable(seal.time)}" for seal in others
        )
    else:
        by = "sealed by " + ", ".join(signers)
    return _holds(
        "sealed", f"B{at[1:]} (0x{proven.stamp.hash.hex()}): {by}. {len(signers)} of {of} validators."
    )


def _facts(proven: Proven) -> Iterator[Finding]:
    for did, accreditation in proven.issuers.items():
        yield _holds("issuer", _accredited(did, accreditation))
    for did, document in proven.documents.items():
        yield _holds("document", _pinned(did, document))
    for (uri, index), found in proven.entries.items():
        if found.record is None:
            yield _holds("status", f"The ledger had no status list {uri}.")
        elif found.reading is None:
            yield _holds("status", f"{uri} had no entry {index}.")
        else:
            means = _MEANING.get((found.record.purpose, bool(found.reading.value)), "")
            yield _holds(
                "status",
                f"Entry {index} of {uri} was {found.reading.value}{means}, after {found.record.seq} updates.",
            )


_MEANING = {
    (StatusPurpose.REVOCATION, False): ": not revoked",
    (StatusPurpose.REVOCATION, True): ": revoked",
    (StatusPurpose.SUSPENSION, False): ": not suspended",
    (StatusPurpose.SUSPENSION, True): ": suspended",
}


def _accredited(did: str, it: Accreditation | None) -> str:
    if it is None:
        return f"{did} was not accredited."
    terms = it.terms
    what = ", ".join(terms.credential_types)
    where = f" in {', '.join(terms.jurisdictions)}" if terms.jurisdictions else ""
    when = f"from {readable(terms.valid_from)} until {readable(terms.valid_until)}"
    return f"{did} ({terms.name}) was {it.standing.value}: accredited for {what}{where}, {when}."


def _pinned(did: str, it: PinnedDocument | None) -> str:
    if it is None:
        return f"No document of {did} was pinned."
    if it.deactivated:
        return f"{did} was deactivated."
    return f"Version {it.version} of the DID document of {did} was the one pinned."


def _verdict(
    receipt: Receipt,
    verifier: Verifier,
    document: Mapping[str, Any] | str | None,
    proven: Proven,
    handed: Given,
) -> Iterator[Finding]:
    said = f"The node's verdict of {readable(receipt.question.now)} was: {receipt.outcomes.get('decision')}."
    if document is None:
        without = "Without the credential it can neither be recomputed, nor said to be about that credential."
        yield Finding("verdict", Holds.OPEN, f"{said} {without}")
        return
    try:
        if digest_of(document) != receipt.document_digest:
            yield _fails("credential", "This is not the credential that the receipt is about.")
            return
        yield _holds("credential", "This is the credential that the receipt is about.")
        again = recomputed(verifier, document, receipt, proven, receipt.kept.restored(handed))
    except NotHandedAlong as missing:
        asked = f"It was asked with {missing}, and a receipt does not hold such"
        yield Finding("verdict", Holds.OPEN, f"{said} {asked}: hand along just that to have it recomputed.")
        return
    except (NotProven, Refused) as error:
        yield _fails("verdict", f"{said} It cannot be recomputed: {error}.")
        return
    yield from _proofs(again)
    if outcomes_of(again) != receipt.outcomes:
        yield _fails("verdict", f"{said} Recomputed, it is: {again.decision.value}, or rests on other checks.")
        return
    yield _holds("verdict", f"{said} Recomputed from the ledger's proof it is the same.")


def _proofs(verdict: Verdict) -> Iterator[Finding]:
    """What came of the signatures: a fact, whichever it is."""
    for one in verdict.credentials:
        for found in one.checks:
            if found.id is CheckId.PROOF:
                holds = "holds" if found.outcome is Outcome.PASSED else "does not hold"
                yield _holds("signature", f"The credential's signature {holds}: {found.detail}")


def _holds(about: str, words: str) -> Finding:
    return Finding(about, Holds.YES, words)


def _fails(about: str, words: str) -> Finding:
    return Finding(about, Holds.NO, words)
