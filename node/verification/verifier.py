"""The pipeline. Its steps are numbered here once; the files cite them.

1. parse       what was presented, within limits                          presentation.py
2. evidence    the DID documents of issuers and presenter                 evidence.py (gathered by the caller)
3. proof       did the issuer's key sign this, and all of it?             proof.py, proofs/
4. validity    the dates it bears, against one moment                     validity.py
5. status      revoked or suspended?                                      status.py
6. trust       was the issuer accredited for this?                        trust.py
7. schema      has it the shape it promises?                              schema.py
8. holder      is it presented by the one it is about?                    presenter.py, holder.py
9. policy      what the relying party makes of it: the decision           policy.py

Everything after step 3 reads content, so where the proof does not hold nothing after it is looked at, and none
of the content is passed on. Each credential is judged by itself: a bad one hides and taints no other. So is one
inside another (enclosed.py), by the same steps and one more: is it about what it stands under? (belonging.py)
"""

from __future__ import annotations

from functools import partial

from node.verification.belonging import check_belonging, check_contents, question_of_enclosed
from node.verification.dates import readable
from node.verification.disclosure import still_open
from node.verification.evidence import Evidence
from node.verification.fault import in_place
from node.verification.files import Files, Shelf
from node.verification.hidden_claims import HiddenClaims
from node.verification.holder import check_presenter, check_subject
from node.verification.known_schemas import KnownSchemas
from node.verification.named_dids import dids
from node.verification.policy import Policy, Question, check_policy, decide, worst
from node.verification.presenter import Presenter, is_bound, presenter_of, presenter_of_one
from node.verification.proof import ProofChecker, Proven
from node.verification.reasons import Reason
from node.verification.recipient import check_recipient
from node.verification.refusals import Refused
from node.verification.refused_checks import refusal, skipped
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
from node.verification.vouching import objection

_AFTER_PROOF = (CheckId.VALIDITY, CheckId.STATUS, CheckId.TRUST, CheckId.SCHEMA, CheckId.HOLDER, CheckId.POLICY)
_AFTER_PROOF_ALONE = tuple(one for one in _AFTER_PROOF if one is not CheckId.HOLDER)  # nobody presents it


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
        whole, presenter = presenter_of(parsed, self._proofs, evidence, question)
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

    def _credential(
        self, secured: Secured | Refused, presenter: Presenter, evidence: Evidence, question: Question
    ) -> CredentialVerdict:
        after = _AFTER_PROOF if presenter.presented else _AFTER_PROOF_ALONE
        if isinstance(secured, Refused):
            failed = refusal(CheckId.PARSE, secured, question.now)
            others = tuple(skipped(one, failed) for one in (CheckId.PROOF, *after))
            return CredentialVerdict(Decision.REJECT, (failed, *others), None)
        read = passed(CheckId.PARSE, "The credential could be read.", question.now)
        try:
            proven = self._proofs.check(secured, evidence, question)
        except Refused as refused:
            (proof,) = in_place([refusal(CheckId.PROOF, refused, question.now)], secured)
            checks = (read, proof, *(skipped(one, proof) for one in after))
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
            verdict = self._credential(one.credential, Presenter(False, nobody), evidence, asked)
            return EnclosedVerdict(one.relation, one.member, verdict)
        belonging = check_belonging(one, one.credential, asked)
        verdict = self._credential(one.credential, Presenter(False, belonging), evidence, asked)
        if verdict.credential is not None:  # else its proof fails, and who it names means nothing
            verdict = verdict._replace(checks=(*verdict.checks, belonging))
        return EnclosedVerdict(one.relation, one.member, verdict)

    def _content(
        self, secured: Secured, proven: Proven, presenter: Presenter, evidence: Evidence, question: Question
    ) -> list[Check]:
        """Steps 4 to 9, of a credential whose proof holds."""
        document, issuer, types = secured.document, secured.controller, types_of(secured.document)
        if question.policy.unsafe_proof_only:
            detail, now = "Not looked at, as the unsafe policy in use asks.", question.now
            by_policy = Outcome.SKIPPED, Reason.SKIPPED_BY_POLICY, detail, now
            return [*[Check(one, *by_policy) for one in _AFTER_PROOF[:-1]], check_policy(types, question)]
        vouching = partial(objection, self._proofs, issuer, evidence, question)
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
            if is_bound(secured):
                checks.append(presenter_of_one(secured, evidence, question).check)
            else:
                checks.append(check_subject(secured, presenter.check, presenter.proven, question))
        checks.append(check_policy(types, question))
        return checks


def unreadable(refused: Refused, question: Question) -> Verdict:
    """The verdict on something that could not be read at all."""
    check = refusal(CheckId.PARSE, refused, question.now)
    return Verdict(Decision.REJECT, (check,), (), question.now, None, question.policy.name)


def _decide_whole(checks: tuple[Check, ...]) -> Decision:
    outcomes = [check.outcome for check in checks]
    if Outcome.FAILED in outcomes:
        return Decision.REJECT
    return Decision.INDETERMINATE if Outcome.INDETERMINATE in outcomes else Decision.ACCEPT


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
