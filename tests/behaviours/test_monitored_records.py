"""A learner record somebody relies on: what becomes of a credential inside it is told, and which one it is."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from node.monitoring.alerts import Alert, Alerts
from node.monitoring.enrolment import Enrolment
from node.monitoring.monitor import Monitor
from node.monitoring.roster import Roster
from node.monitoring.rules import FindingKind
from node.monitoring.sealing import CredentialCipher
from node.verification.proofs.contexts import VCDM_2
from node.verification.verdict import Decision, Verdict
from registry.changes import ChangeKind
from registry.records import Standing, StatusPurpose
from tests.simulators.change_feed import SimulatedFeed
from tests.simulators.database import sqlite_database
from tests.simulators.issuer import SimulatedIssuer, status_entry
from tests.simulators.policies import DEFAULT_POLICY
from tests.simulators.relying_party import SimulatedRelyingParty

COLLEGE = SimulatedIssuer("college")
RECORD = {"@vocab": "https://college.example/vocabulary#"}
RECORDS = "https://college.example/status-lists/records"
LICENCES = "https://board.example/status-lists/licences"
TYPES = ("NursingLicenceCredential", "ClrCredential")
SECOND = "/credentialSubject/verifiableCredential/1"


class Employer:
    """Relies on learner records by a college that hold licences by a board."""

    def __init__(self, folder: Path) -> None:
        self.party = SimulatedRelyingParty()
        ledger, board = self.party.ledger, self.party.board
        ledger.accredit(board.did, types=TYPES)
        ledger.accredit(COLLEGE.did, name="Example College", types=TYPES)
        ledger.pin(COLLEGE.did, COLLEGE.document_bytes())
        ledger.create_list(RECORDS, COLLEGE.did, StatusPurpose.REVOCATION)
        ledger.create_list(LICENCES, board.did, StatusPurpose.REVOCATION)
        engine = sqlite_database(folder)
        self.feed = SimulatedFeed()
        self.roster = Roster(engine, CredentialCipher(bytes(32)), lambda: 1_000.0)
        self.alerts = Alerts(engine, lambda: 2_000.0)
        self.verified_again = 0
        self.monitor = Monitor(
            engine=engine,
            feed=self.feed,
            roster=self.roster,
            ledger=ledger,
            reverify=self.reverify,
            endpoints=[],
            clock=lambda: 1_500.0,
        )

    async def reverify(self, credential: bytes) -> Verdict:
        self.verified_again += 1
        return await self.party.service.verify(credential, policy=DEFAULT_POLICY)

    def licence(self, index: int, subject: str) -> dict[str, Any]:
        board = self.party.board
        licence = board.licence(subject) | {"credentialStatus": status_entry(index, LICENCES)}
        return board.sign(licence)

    def enrol(self, number: int, *licences: int) -> Enrolment:
        nurse = f"did:example:nurse-{number}"
        record = {
            "@context": [VCDM_2, RECORD],
            "id": f"urn:uuid:33333333-0000-4000-8000-{number:012}",
            "type": ["VerifiableCredential", "ClrCredential"],
            "issuer": COLLEGE.did,
            "validFrom": "2026-01-01T00:00:00Z",
            "credentialStatus": status_entry(number, RECORDS),
            "credentialSubject": {
                "id": nurse,
                "type": "ClrSubject",
                "verifiableCredential": [self.licence(index, nurse) for index in licences],
            },
        }
        found = self.party.verify(COLLEGE.sign(record))
        assert found.decision is Decision.ACCEPT, found
        return self.roster.enrol(found.credentials[0], reference=f"badge {number}", since=0)

    def settle(self) -> tuple[Alert, ...]:
        async def steps() -> None:
            while await self.monitor.step():
                pass

        asyncio.run(steps())
        return self.alerts.list()


@pytest.fixture
def employer(tmp_path: Path) -> Employer:
    return Employer(tmp_path)


def test_a_revoked_licence_inside_a_learner_record_is_told_of_for_the_person_it_concerns_alone(
    employer: Employer,
) -> None:
    for number in range(5):
        employer.enrol(number, 10 * number, 10 * number + 1)
    employer.party.ledger.publish(LICENCES, {31: 1})
    employer.feed.status(LICENCES, {31: 1})
    (alert,) = employer.settle()
    assert (alert.kind, alert.reference, alert.member) == (FindingKind.REVOKED, "badge 3", SECOND)
    assert SECOND in alert.detail
    assert (alert.previous_decision, alert.entry_index) == (Decision.ACCEPT, 31)
    assert alert.decision is not Decision.ACCEPT
    assert employer.verified_again == 1


def test_the_issuer_of_what_is_inside_is_watched(employer: Employer) -> None:
    nurse = employer.enrol(1, 10, 11)
    board = employer.party.board.did
    assert {issuer.did for issuer in nurse.enclosed_issuers} == {board}
    employer.party.ledger.change_standing(board, Standing.SUSPENDED)
    suspended = employer.party.ledger.accreditation(board)
    assert suspended is not None
    employer.feed.tell(ChangeKind.ISSUER, board, block=suspended.stamp)
    (alert,) = employer.settle()
    assert (alert.kind, alert.subject) == (FindingKind.ISSUER_SUSPENDED, board)
    assert alert.member.startswith("/credentialSubject/verifiableCredential/")
    assert "and 1 more" in alert.detail
    assert alert.decision is not Decision.ACCEPT


def test_the_record_itself_is_watched_as_before(employer: Employer) -> None:
    employer.enrol(1, 10, 11)
    employer.party.ledger.publish(RECORDS, {1: 1})
    employer.feed.status(RECORDS, {1: 1})
    (alert,) = employer.settle()
    assert (alert.kind, alert.member, alert.decision) == (FindingKind.REVOKED, "", Decision.REJECT)
