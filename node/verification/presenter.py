"""Steps 3 and 8, of a presentation as a whole: is it signed, and what does that say of whoever presents?"""

from __future__ import annotations

from typing import NamedTuple

from node.verification.evidence import Evidence
from node.verification.fault import in_place
from node.verification.holder import check_presenter
from node.verification.key_binding import check_key_binding
from node.verification.policy import Question
from node.verification.proof import ProofChecker, Proven
from node.verification.reasons import Reason
from node.verification.refusals import Refused
from node.verification.refused_checks import refusal, skipped
from node.verification.secured import Parsed, Secured
from node.verification.verdict import Check, CheckId, Outcome, passed


class Presenter(NamedTuple):
    """What is known of whoever presents."""

    presented: bool  # False: a credential by itself
    check: Check
    proven: Proven | None = None


def presenter_of(
    parsed: Parsed, proofs: ProofChecker, evidence: Evidence, question: Question
) -> tuple[tuple[Check, ...], Presenter]:
    """The checks of the presentation as a whole, and what they say of whoever presents."""
    presentation = parsed.presentation
    if presentation is None:
        presenter = presenter_of_one(parsed.credentials[0], evidence, question)
        return (presenter.check,), presenter
    read = passed(CheckId.PARSE, "The presentation could be read.", question.now)
    if not presentation.has_proof:
        unsigned = "The presentation is not signed."
        proof = Check(CheckId.PROOF, Outcome.NOT_APPLICABLE, Reason.NO_PROOF, unsigned, question.now)
        holder = check_presenter(None, question, presented=True)
        return (read, proof, holder), Presenter(True, holder)
    try:
        proven = proofs.check(presentation, evidence, question)
    except Refused as refused:
        (proof,) = in_place([refusal(CheckId.PROOF, refused, question.now)], presentation)
        holder = skipped(CheckId.HOLDER, proof)
        return (read, proof, holder), Presenter(True, holder)
    proof = passed(CheckId.PROOF, "The presentation is signed and unchanged.", question.now, proven.source)
    holder = check_presenter(proven, question, presented=True)
    return (read, proof, holder), Presenter(True, holder, proven)


def presenter_of_one(secured: Secured | Refused, evidence: Evidence, question: Question) -> Presenter:
    """Of a credential that no presentation holds, or none but its own."""
    if isinstance(secured, Refused) or secured.sd_jwt is None or secured.sd_jwt.binding is None:
        return Presenter(False, check_presenter(None, question, presented=False))
    try:
        proven = check_key_binding(secured.sd_jwt, evidence, question)
    except Refused as refused:
        return Presenter(False, refusal(CheckId.HOLDER, refused, question.now))
    return Presenter(False, check_presenter(proven, question, presented=True), proven)


def is_bound(secured: Secured | Refused) -> bool:
    """Whether it brings a proof of its holder's own."""
    return isinstance(secured, Secured) and secured.sd_jwt is not None and secured.sd_jwt.binding is not None
