"""Verdicts as the pipeline gives them, made by hand: for the faces, which only show them."""

from __future__ import annotations

from datetime import UTC, datetime

from node.verification.enclosed import Relation
from node.verification.reasons import Reason
from node.verification.verdict import (
    Backing,
    Check,
    CheckId,
    CredentialVerdict,
    Decision,
    EnclosedVerdict,
    Link,
    Mention,
    Outcome,
    Record,
    Skill,
    Source,
    Summary,
    Verdict,
)
from registry.records import BlockStamp


def at(text: str) -> int:
    """Unix seconds of a time in UTC, written "2026-11-22 14:05"."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


NOW = at("2026-11-22 14:05")
STAMP = BlockStamp(4711, bytes(range(32)), NOW - 20)
LIST = "https://board.example/status-lists/licences"
BOARD = "did:web:board.example"

LICENCE = Summary(
    title="Registered Nurse, Multistate",
    types=("VerifiableCredential", "NursingLicence"),
    subject_name="Ana María Ramos",
    subject_id="did:key:z6MkpTHR8VNsBxYAAWHut2Geadd9jSwuBV8xRoAnwWsdvktH",
    issuer_did=BOARD,
    issuer_claimed_name="Colorado Board of Nursing",
    issuer_recognised_name="Colorado Board of Nursing",
    valid_from="2024-01-15T00:00:00Z",
    valid_until="2027-12-31T23:59:59Z",
)

GUILD = LICENCE._replace(
    title="Endorsement",
    types=("VerifiableCredential", "EndorsementCredential"),
    subject_name="",
    issuer_claimed_name="Guild of Examiners",
    issuer_recognised_name="Guild of Examiners",
    valid_until="",
)

WELDER = LICENCE._replace(
    title="Structural Steel Welder, 3G/4G",
    types=("VerifiableCredential", "OpenBadgeCredential"),
    subject_name="Jonas Lindqvist",
    issuer_claimed_name="Nordic Welding Institute",
    issuer_recognised_name="Nordic Welding Institute",
    valid_until="2028-06-30T23:59:59Z",
    skills=(
        Skill("Shielded metal arc welding", "Advanced", "https://esco.example/skill/smaw"),
        Skill("Flux-cored arc welding", "Advanced", "https://esco.example/skill/fcaw"),
        Skill("Gas tungsten arc welding", "Intermediate", "https://esco.example/skill/gtaw"),
        Skill("Reading weld symbols", "Proficient", "https://esco.example/skill/symbols"),
        Skill("Visual weld inspection", "4 of 5", ""),
    ),
)


def check(
    check_id: CheckId,
    outcome: Outcome = Outcome.PASSED,
    reason: Reason = Reason.OK,
    *,
    detail: str = "",
    since: int | None = None,
    source: Source | None = None,
) -> Check:
    return Check(check_id, outcome, reason, detail or f"{check_id} {outcome}.", NOW, "", source, since)


def checks(*others: Check) -> tuple[Check, ...]:
    """All checks of a licence in good standing, with `others` in the places of their kind."""
    ledger = Source("ledger", LIST, STAMP, "ab" * 32)
    usual = [
        check(CheckId.PARSE),
        check(CheckId.PROOF, source=Source("ledger", BOARD, STAMP)),
        check(CheckId.VALIDITY),
        check(CheckId.STATUS, source=ledger),
        check(CheckId.TRUST, source=Source("ledger", BOARD, STAMP)),
        check(CheckId.SCHEMA, Outcome.NOT_APPLICABLE, Reason.NOT_APPLICABLE),
        check(CheckId.POLICY),
    ]
    instead = {other.id: other for other in others}
    return (*(instead.pop(one.id, one) for one in usual), *instead.values())


def credential(
    decision: Decision = Decision.ACCEPT, *others: Check, summary: Summary | None = LICENCE
) -> CredentialVerdict:
    return CredentialVerdict(
        decision,
        checks(*others),
        summary,
        {"issuer": BOARD, "validUntil": "2027-12-31T23:59:59Z", "proof": {"type": "DataIntegrityProof"}},
        "eddsa-rdfc-2022",
    )


def verdict(
    *credentials: CredentialVerdict, decision: Decision | None = None, whole: tuple[Check, ...] | None = None
) -> Verdict:
    """A bare credential's verdict, or with `whole` a presentation's."""
    holder = check(CheckId.HOLDER, Outcome.NOT_APPLICABLE, Reason.HOLDER_NOT_PROVEN)
    return Verdict(
        decision=decision or credentials[0].decision,
        checks=whole if whole is not None else (holder,),
        credentials=credentials,
        checked_at=NOW,
        as_of=STAMP,
        policy="default",
    )


REVOCATION = check(
    CheckId.STATUS,
    Outcome.FAILED,
    Reason.REVOKED,
    detail="Revoked by the issuer with effect from 22 November 2026.",
    since=at("2026-11-22 09:30"),
    source=Source("ledger", LIST, STAMP, "cd" * 32),
)
FORGERY = check(CheckId.PROOF, Outcome.FAILED, Reason.SIGNATURE_INVALID)
STALE = Reason.REPLICA_STALE
HELD = (check(CheckId.PARSE), check(CheckId.PROOF), check(CheckId.HOLDER))

ACCEPTED = verdict(credential())
REVOKED = verdict(credential(Decision.REJECT, REVOCATION))
FORGED = verdict(credential(Decision.REJECT, FORGERY))
SKILLED = verdict(credential(summary=WELDER))
UNRECOGNISED = verdict(
    credential(
        Decision.REJECT,
        check(CheckId.TRUST, Outcome.FAILED, Reason.ISSUER_NOT_ACCREDITED),
        summary=LICENCE._replace(issuer_recognised_name=""),
    )
)
OPEN = verdict(
    credential(
        Decision.INDETERMINATE,
        check(CheckId.STATUS, Outcome.INDETERMINATE, STALE),
        check(CheckId.TRUST, Outcome.INDETERMINATE, STALE),
    )
)
REVIEWED = verdict(credential(Decision.REVIEW, check(CheckId.STATUS, Outcome.PASSED, Reason.STATUS_REFRESH)))
RECORD = verdict(
    credential(
        Decision.REVIEW,
        check(CheckId.CONTENTS, Outcome.NOT_APPLICABLE, Reason.ENCLOSED_NOT_GOOD),
        summary=LICENCE._replace(title="Learner record", types=("VerifiableCredential", "ClrCredential")),
    )._replace(
        enclosed=(
            EnclosedVerdict(Relation.ENDORSEMENT, "/endorsement/0", credential(summary=GUILD)),
            EnclosedVerdict(
                Relation.ENDORSEMENT,
                "/endorsement/1",
                credential(
                    Decision.REJECT,
                    check(CheckId.BELONGING, Outcome.FAILED, Reason.ABOUT_SOMETHING_ELSE),
                    summary=GUILD._replace(issuer_recognised_name="Example Institute"),
                ),
            ),
            EnclosedVerdict(
                Relation.CONTAINED,
                "/credentialSubject/verifiableCredential/0",
                credential(summary=WELDER)._replace(
                    enclosed=(
                        EnclosedVerdict(Relation.ENDORSEMENT, "/endorsement/0", credential(summary=GUILD)),
                    ),
                ),
            ),
            EnclosedVerdict(
                Relation.CONTAINED,
                "/credentialSubject/verifiableCredential/1",
                credential(Decision.REJECT, REVOCATION),
            ),
            EnclosedVerdict(
                Relation.CONTAINED,
                "/credentialSubject/verifiableCredential/2",
                credential(Decision.REJECT, FORGERY, summary=None),
            ),
        ),
    )
)
RESUME = verdict(
    credential(
        Decision.REVIEW,
        check(CheckId.TRUST, Outcome.NOT_APPLICABLE, Reason.ISSUER_NOT_ACCREDITED),
        summary=LICENCE._replace(
            title="Résumé",
            issuer_recognised_name="",
            issuer_claimed_name="Ana María Ramos",
            description="Twelve years at the bedside, four of them in intensive care.",
            evidence=(Mention("Evidence", "Ward record", "Signed by the ward", "https://ward.example/1"),),
            terms_of_use=(Mention("TrustFrameworkPolicy", address="https://ana.example/terms"),),
            refresh_services=(Mention("CredentialRefresh", address="https://ana.example/new"),),
            links=(Link("isPartOf", "First year", "Degree", resolved=True),),
        ),
    )._replace(
        enclosed=(
            EnclosedVerdict(Relation.VERIFICATION, "/a/0", credential()),
            EnclosedVerdict(Relation.VERIFICATION, "/b/0", credential(Decision.REJECT, REVOCATION)),
        ),
        records=(
            Record("licenses", "Registered Nurse", "Colorado", "/a", Backing.BACKED, ("/a/0",)),
            Record(
                "employmentHistories", "Head nurse", "General Hospital", "/b", Backing.NOT_BACKED, ("/b/0",)
            ),
            Record("skills", "Wound care", "", "/c", Backing.SELF_ASSERTED),
        ),
    )
)
UNREADABLE = Verdict(
    Decision.REJECT, (check(CheckId.PARSE, Outcome.FAILED, Reason.MALFORMED_JSON),), (), NOW, STAMP, "default"
)
SEVERAL = verdict(
    credential(),
    credential(Decision.REJECT, REVOCATION, summary=LICENCE._replace(title="Advanced Practice Nurse")),
    credential(Decision.REJECT, FORGERY, summary=WELDER),
    decision=Decision.REJECT,
    whole=HELD,
)
_MARKUP = '"><script>document.title="owned"</script><b onmouseover=alert(1)>\u202e'
HOSTILE = verdict(
    credential(
        summary=LICENCE._replace(
            subject_name='<script>document.title="owned"</script><img src=x onerror=alert(1)>\u202egnitiaw',
            title='"><b onmouseover=alert(1)>Nurse</b>',
            issuer_claimed_name="{{ 7*7 }}</bdi><h1>In good standing</h1>",
            skills=(Skill("<svg/onload=alert(1)>", "<i>x</i>"),),
            description=_MARKUP,
            evidence=(Mention(_MARKUP, _MARKUP, _MARKUP, "javascript:alert(1)"),),
            links=(Link(_MARKUP, _MARKUP, _MARKUP, resolved=True),),
        )
    )._replace(
        records=(Record("skills", _MARKUP, _MARKUP, "/a", Backing.SELF_ASSERTED),),
        enclosed=(
            EnclosedVerdict(
                Relation.CONTAINED,
                "/a",
                credential(summary=LICENCE._replace(title=_MARKUP, issuer_recognised_name=_MARKUP)),
            ),
        ),
    )
)

BY_NAME = {
    "accepted": ACCEPTED,
    "revoked": REVOKED,
    "forged": FORGED,
    "skilled": SKILLED,
    "unrecognised": UNRECOGNISED,
    "open": OPEN,
    "reviewed": REVIEWED,
    "unreadable": UNREADABLE,
    "several": SEVERAL,
    "record": RECORD,
    "resume": RESUME,
    "hostile": HOSTILE,
}
