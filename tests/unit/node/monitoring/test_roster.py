"""The roster on its database."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from node.errors import NotFound
from node.monitoring.enrolment import EnrolmentRefused
from node.monitoring.position import lock_position, move_position
from node.monitoring.roster import Roster, VerdictOutdated
from node.monitoring.sealing import CredentialCipher
from node.store.engine import writing
from node.verification.verdict import CredentialVerdict, Decision
from tests.simulators.database import sqlite_database
from tests.simulators.licences import BOARD, licence, verified


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return sqlite_database(tmp_path)


@pytest.fixture
def roster(engine: Engine) -> Roster:
    return Roster(engine, CredentialCipher(bytes(range(32))), lambda: 1_000.0)


def test_an_enrolment_is_found_again(roster: Roster) -> None:
    made = roster.enrol(verified(7), reference="badge 7", since=3)
    assert roster.get(made.id) == made
    assert (made.reference, made.issuer_did, made.decision) == ("badge 7", BOARD, Decision.ACCEPT)
    assert (made.enrolled_at, made.since_seq) == (1_000, 3)
    assert b"Ada Okafor" in roster.credential(made.id)


def test_the_same_credential_for_the_same_person_is_enrolled_once(roster: Roster) -> None:
    first = roster.enrol(verified(7), reference="badge 7", since=0)
    assert roster.enrol(verified(7), reference="badge 7", since=5) == first
    other = roster.enrol(verified(7), reference="badge 8", since=0)
    assert other.id != first.id
    assert roster.count() == 2


def test_nothing_of_the_credential_is_readable_on_disk(roster: Roster, engine: Engine, tmp_path: Path) -> None:
    for index in range(50):
        roster.enrol(verified(index, name="Ada Okafor"), reference=f"badge {index}", since=0)
    engine.dispose()
    on_disk = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert b"badge 7" in on_disk  # we are looking at the right files
    assert b"Okafor" not in on_disk
    assert b"did:example:" not in on_disk
    assert b"proofValue" not in on_disk


def test_a_verdict_that_monitoring_has_overtaken_is_refused(roster: Roster, engine: Engine) -> None:
    with Session(writing(engine)) as session, session.begin():
        lock_position(session)
        move_position(session, 9)
    with pytest.raises(VerdictOutdated):
        roster.enrol(verified(7), reference="badge 7", since=8)
    assert roster.count() == 0
    assert roster.enrol(verified(7), reference="badge 7", since=9)


@pytest.mark.parametrize("reference", ["", "x" * 257, "line\nbreak", "\0"])
def test_a_reference_is_a_short_line(roster: Roster, reference: str) -> None:
    with pytest.raises(EnrolmentRefused) as refused:
        roster.enrol(verified(7), reference=reference, since=0)
    assert refused.value.member == "/reference"


def test_only_what_may_be_relied_on_is_enrolled(roster: Roster) -> None:
    with pytest.raises(EnrolmentRefused):
        roster.enrol(verified(7, Decision.REJECT), reference="badge 7", since=0)
    assert roster.count() == 0


def test_an_enveloped_credential_is_kept_as_its_envelope(roster: Roster) -> None:
    plain = {name: value for name, value in licence(7).items() if name != "proof"}
    found = CredentialVerdict(Decision.ACCEPT, (), None, plain, "vc+jwt")
    made = roster.enrol(found, reference="badge 7", since=0, compact="eyJ.eyJ.c2ln")
    assert roster.credential(made.id) == b"eyJ.eyJ.c2ln"


def test_the_roster_is_read_in_pages_and_by_person(roster: Roster) -> None:
    made = {roster.enrol(verified(i), reference=f"badge {i % 2}", since=0).id for i in range(7)}
    first = roster.list(limit=5)
    rest = roster.list(after=first[-1].id, limit=5)
    assert {one.id for one in first + rest} == made
    assert len(first) == 5
    assert len(roster.list(reference="badge 1")) == 3


def test_what_is_removed_is_gone_with_its_credential(roster: Roster, engine: Engine) -> None:
    made = roster.enrol(verified(7), reference="badge 7", since=0)
    roster.remove(made.id)
    for asked in (roster.get, roster.credential, roster.remove):
        with pytest.raises(NotFound):
            asked(made.id)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM watched_entries").scalar() == 0
