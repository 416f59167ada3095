"""The pipeline. Its steps are numbered here once; the files cite them.

1. parse       what was presented, within limits                          presentation.py
2. evidence    the DID documents of issuers and presenter                 evidence.py (gathered by the caller)
3. proof       did the issuer's key sign this, and all of it?             proof.py, proofs/
4. validity    the dates it bears, against one moment                     validity.py
5. status      revoked or suspended?                                      status.py
6. trust       was the issuer accredited for this?                        trust.py
7. schema      has it the shape it promises?                              schema.py
8. holder      is it presented by the one it is about?                    holder.py
9. policy      what the relying party makes of it: the decision           policy.py

Everything after step 3 reads content, so where the proof does not hold nothing after it is looked at, and none
of the content is passed on. Each credential is judged by itself: a bad one hides and taints no other. So is one
inside another (enclosed.py), by the same steps and one more: is it about what it stands under? (belonging.py)
"""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

from node.verification.belonging import check_belonging, check_contents, question_of_enclosed
from node.verification.dates import readable
from node.verification.disclosure import still_open
from node.verification.evidence import Evidence
from node.verification.fault import in_place
from node.verification.files import Files, Shelf
from node.verification.hidden_claims import HiddenClaims
from node.verification.holder import check_presenter, check_subject
from node.verification.key_binding import check_key_binding
from node.verification.known_schemas import KnownSchemas
from node.verification.named_dids import dids
from node.verification.policy import Policy, Question, check_policy, decide, worst
from node.verification.proof import UNDECIDED, ProofChecker, Proven, Undecided
from node.verification.reasons import Reason
from node.verification.recipient import check_recipient
from node.verification.refusals import Refused
from node.verification.resources import check_resources
from node.verification.resume import read_resume
from node.verification.schema import check_schema
from node.verification.schema_registry import SchemaRegistry
from node.verification.secured import Enclosed, Parsed, Secured, all_secured, types_of
from node.verification.skills import answer_skills
from node.verification.status import check_status
from node.verification.summary import summarise
from node.verification.trust import check_trust
from node.verification.type_metadata import check_type_metadata
from node.verification.validity import check_validity
from node.verification.verdict import (
    Check,
    CheckId,
    CredentialVerdict,
    Decision,
    EnclosedVerdict,
    Outcome,
    Verdict,
    passed,
)

_AFTER_PROOF = (CheckId.VALIDITY, CheckId.STATUS, CheckId.TRUST, CheckId.SCHEMA, CheckId.HOLDER, CheckId.POLICY)
_AFTER_PROOF_ALONE = tuple(one for one in _AFTER_PROOF if one is not CheckId.HOLDER)  # nobody presents it


class _Presenter(NamedTuple):
    """What is known of whoever presents."""

    presented: bool  # False: a credential by itself
    check: Check
    proven: Proven | None = None


class Verifier:
    """Judges what was presented by the evidence given. Pure: no I/O, no clock. Safe from any thread."""

    def __init__(
        self,
        proofs: ProofChecker,
        schemas: SchemaRegistry,
        *files: Files,
        hidden: HiddenClaims | None = None,
    ) -> None:
        """`files`: whose hashes a credential may state, beside the schemas. `hidden`: what is never shown."""
        self._proofs = proofs
        self._schemas = schemas
        self._known_schemas = KnownSchemas(schemas)
        self._hidden = hidden or HiddenClaims()
        self._files = Shelf(schemas, *files)

    def dids(self, parsed: Parsed, policy: Policy) -> list[str]:
        """The DIDs whose documents the checks will ask for."""
        found = dids(parsed, of_methods=policy.unsafe_proof_only)
        if not self._schemas:
            return found
        needed = self._schemas.dids(one.document for one in all_secured(parsed.credentials))
        return list(dict.fromkeys((*found, *needed)))

    def verify(self, parsed: Parsed, evidence: Evidence, question: Question) -> Verdict:
        """The verdict on what `parse` gave."""
        whole, presenter = self._presentation(parsed, evidence, question)
        credentials = [self._credential(one, presenter, evidence, question) for one in parsed.credentials]
        return Verdict(
            decision=worst([_decide_whole(whole), *[one.decision for one in credentials]]),
            checks=whole,
            credentials=tuple(credentials),
            checked_at=question.now,
            as_of=evidence.ledger.freshness().head,
            policy=question.policy.name,
            notes=_notes(question),
            skills=answer_skills(question.given.skills, credentials) if question.given.skills else (),
        )

    def _presentation(
        self, parsed: Parsed, evidence: Evidence, question: Question
    ) -> tuple[tuple[Check, ...], _Presenter]:
        """The checks of the presentation as a whole, and what they say of whoever presents."""
        presentation = parsed.presentation
        if presentation is None:
            presenter = _presenter_of_one(parsed.credentials[0], evidence, question)
            return (presenter.check,), presenter
        read = passed(CheckId.PARSE, "The presentation could be read.", question.now)
        if not presentation.has_proof:
            unsigned = "The presentation is not signed."
            proof = Check(CheckId.PROOF, Outcome.NOT_APPLICABLE, Reason.NO_PROOF, unsigned, question.now)
            holder = check_presenter(None, question, presented=True)
            return (read, proof, holder), _Presenter(True, holder)
        try:
            proven = self._proofs.check(presentation, evidence, question)
        except Refused as refused:
            (proof,) = in_place([refusal(CheckId.PROOF, refused, question.now)], presentation)
            holder = _skipped(CheckId.HOLDER, proof)
            return (read, proof, holder), _Presenter(True, holder)
        proof = passed(CheckId.PROOF, "The presentation is signed and unchanged.", question.now, proven.source)
        holder = check_presenter(proven, question, presented=True)
        return (read, proof, holder), _Presenter(True, holder, proven)

    def _credential(
        self, secured: Secured | Refused, presenter: _Presenter, evidence: Evidence, question: Question
    ) -> CredentialVerdict:
        after = _AFTER_PROOF if presenter.presented else _AFTER_PROOF_ALONE
        if isinstance(secured, Refused):
            failed = refusal(CheckId.PARSE, secured, question.now)
            skipped = tuple(_skipped(one, failed) for one in (CheckId.PROOF, *after))
            return CredentialVerdict(Decision.REJECT, (failed, *skipped), None)
        read = passed(CheckId.PARSE, "The credential could be read.", question.now)
        try:
            proven = self._proofs.check(secured, evidence, question)
        except Refused as refused:
            (proof,) = in_place([refusal(CheckId.PROOF, refused, question.now)], secured)
            checks = (read, proof, *(_skipped(one, proof) for one in after))
            return CredentialVerdict(decide(checks, question.policy), checks, None, mechanism=secured.mechanism)
        proof = passed(CheckId.PROOF, "Signed by its issuer and unchanged since.", question.now, proven.source)
        enclosed = tuple([self._enclosed(one, evidence, question) for one in secured.enclosed])
        contents = check_contents(enclosed, question) if enclosed else None
        checks = (read, proof, *self._content(secured, proven, presenter, evidence, question))
        if contents is not None:
            checks = (*checks, contents)
        # Of a credential by itself the presenter's check stands on the verdict, and counts here too.
        counted = checks if presenter.presented else (*checks, presenter.check)
        accreditation = evidence.ledger.accreditation(secured.controller, question.at)
        shown = self._hidden.taken_out(secured.document)
        summary = summarise(shown, accreditation.terms.name if accreditation else "")
        decision = decide(counted, question.policy)
        records = read_resume(shown, enclosed)
        if records:  # the skills a résumé names are claims of its writer's, and stand among its lines
            summary = summary._replace(skills=())
        placed = checks if decision is Decision.ACCEPT else in_place(checks, secured)
        return CredentialVerdict(
            decision, placed, summary, secured.document, proven.mechanism, enclosed, records
        )

    def _enclosed(self, one: Enclosed, evidence: Evidence, question: Question) -> EnclosedVerdict:
        """Of a credential inside one whose proof holds."""
        asked = question_of_enclosed(question)
        if isinstance(one.credential, Refused):
            nobody = check_presenter(None, asked, presented=False)
            verdict = self._credential(one.credential, _Presenter(False, nobody), evidence, asked)
            return EnclosedVerdict(one.relation, one.member, verdict)
        belonging = check_belonging(one, one.credential, asked)
        verdict = self._credential(one.credential, _Presenter(False, belonging), evidence, asked)
        if verdict.credential is not None:  # else its proof fails, and who it names means nothing
            verdict = verdict._replace(checks=(*verdict.checks, belonging))
        return EnclosedVerdict(one.relation, one.member, verdict)

    def _content(
        self, secured: Secured, proven: Proven, presenter: _Presenter, evidence: Evidence, question: Question
    ) -> list[Check]:
        """Steps 4 to 9, of a credential whose proof holds."""
        document, issuer, types = secured.document, secured.controller, types_of(secured.document)
        if question.policy.unsafe_proof_only:
            detail, now = "Not looked at, as the unsafe policy in use asks.", question.now
            skipped = Outcome.SKIPPED, Reason.SKIPPED_BY_POLICY, detail, now
            return [*[Check(one, *skipped) for one in _AFTER_PROOF[:-1]], check_policy(types, question)]
        vouching = partial(self._vouching, issuer, evidence, question)
        schemas = partial(self._known_schemas.find, evidence.documents.get(issuer))
        checks = [
            check_validity(document, question),
            *check_status(document, issuer, evidence, question),
            check_trust(types, issuer, evidence.ledger, question),
            *check_schema(document, schemas, vouching, question),
            *check_resources(document, self._files, question),
            *check_type_metadata(document, self._files, question),
        ]
        recipient = check_recipient(document, question)
        if recipient is not None:
            checks.append(recipient)
        if proven.withheld is not None:
            checks = list(still_open(checks, proven.withheld, question))
        if presenter.presented:
            if _is_bound(secured):  # it brings a proof of its holder's own
                checks.append(_presenter_of_one(secured, evidence, question).check)
            else:
                checks.append(check_subject(secured, presenter.check, presenter.proven, question))
        checks.append(check_policy(types, question))
        return checks

    def _vouching(self, issuer: str, evidence: Evidence, question: Question, schema: Secured) -> str | None:
        """Why a credential that vouches for a schema does not count for what `issuer` issued; None: it does."""
        try:
            proven = self._proofs.check(schema, evidence, question)
        except Refused as refused:
            return f"The credential that vouches for its schema is not proven: {refused.detail}"
        if proven.withheld:
            return "The credential that vouches for its schema is only shown in part."
        counted = [
            check_validity(schema.document, question),
            *check_status(schema.document, schema.controller, evidence, question),
        ]
        if schema.controller != issuer:
            types = types_of(schema.document)
            counted.append(check_trust(types, schema.controller, evidence.ledger, question))
        bad = next((one for one in counted if not _counts(one)), None)
        if bad is None:
            return None
        return f"The credential that vouches for its schema does not count: {bad.detail}"


def _counts(check: Check) -> bool:
    if check.id is CheckId.STATUS and check.outcome is Outcome.NOT_APPLICABLE:
        return True  # its issuer keeps no list for it
    return check.outcome is Outcome.PASSED


def _is_bound(secured: Secured | Refused) -> bool:
    return isinstance(secured, Secured) and secured.sd_jwt is not None and secured.sd_jwt.binding is not None


def _presenter_of_one(secured: Secured | Refused, evidence: Evidence, question: Question) -> _Presenter:
    """Of a credential that no presentation holds, or none but its own."""
    if isinstance(secured, Refused) or secured.sd_jwt is None or secured.sd_jwt.binding is None:
        return _Presenter(False, check_presenter(None, question, presented=False))
    try:
        proven = check_key_binding(secured.sd_jwt, evidence, question)
    except Refused as refused:
        return _Presenter(False, refusal(CheckId.HOLDER, refused, question.now))
    return _Presenter(False, check_presenter(proven, question, presented=True), proven)


def unreadable(refused: Refused, question: Question) -> Verdict:
    """The verdict on something that could not be read at all."""
    check = refusal(CheckId.PARSE, refused, question.now)
    return Verdict(Decision.REJECT, (check,), (), question.now, None, question.policy.name)


def refusal(check_id: CheckId, refused: Refused, now: int) -> Check:
    """A refusal as a check: FAILED, or INDETERMINATE where it says only that the check could not be made."""
    open_ = isinstance(refused, Undecided) or refused.reason in UNDECIDED
    outcome = Outcome.INDETERMINATE if open_ else Outcome.FAILED
    return Check(check_id, outcome, refused.reason, refused.detail, now, refused.member)


def _decide_whole(checks: tuple[Check, ...]) -> Decision:
    outcomes = [check.outcome for check in checks]
    if Outcome.FAILED in outcomes:
        return Decision.REJECT
    return Decision.INDETERMINATE if Outcome.INDETERMINATE in outcomes else Decision.ACCEPT


def _skipped(check_id: CheckId, because: Check) -> Check:
    what = "it could not be read" if because.id is CheckId.PARSE else "its signature could not be relied on"
    return Check(check_id, Outcome.SKIPPED, because.reason, f"Not looked at: {what}.", because.checked_at)


def _notes(question: Question) -> tuple[str, ...]:
    """How a question about the past reads, and one that asks for nothing but the proof."""
    at, notes = question.at, []
    if question.policy.unsafe_proof_only:
        notes.append("UNSAFE: only signatures were looked at, and not whose they are.")
    if at.valid_at is not None:
        notes.append(f"Answers what held on {readable(at.valid_at)}.")
    if at.known_at is not None:
        notes.append(f"Counts what had been recorded by {readable(at.known_at)}.")
    if at.block is not None:
        notes.append(f"Counts what had been recorded by block {at.block}.")
    return tuple(notes)
