"""From changes to alerts: whom, and what."""

from __future__ import annotations

import pytest
from sqlalchemy import event

from node.monitoring.rules import FindingKind
from node.verification.verdict import Decision
from registry.changes import ChangeKind
from registry.records import Standing, Terms
from tests.simulators.change_feed import stamp
from tests.simulators.licences import BOARD, REVOCATIONS, SUSPENSIONS, verified
from tests.unit.node.monitoring.hospital import ENDPOINT, Hospital


async def test_a_revocation_is_alerted_with_its_time_and_the_new_decision(hospital: Hospital) -> None:
    nurse = hospital.enrol(7)
    change = hospital.feed.status(REVOCATIONS, {3: 1, 7: 1}, effective_at=900)
    (alert,) = await hospital.settle()
    assert (alert.kind, alert.reference, alert.enrolment_id) == (FindingKind.REVOKED, "badge 7", nurse.id)
    assert (alert.previous_decision, alert.decision) == (Decision.ACCEPT, Decision.REJECT)
    assert (alert.stamp, alert.effective_at, alert.created_at) == (change.stamp, 900, 1_500)
    assert (alert.subject, alert.entry_index, alert.change_seq) == (REVOCATIONS, 7, change.seq)
    assert hospital.roster.get(nurse.id).decision is Decision.REJECT
    (delivery,) = hospital.outbox.list()
    assert (delivery.alert, delivery.endpoint) == (alert, ENDPOINT)
    assert hospital.woken == 1


async def test_one_flipped_bit_costs_work_for_the_person_it_concerns_alone(hospital: Hospital) -> None:
    for index in range(50):
        hospital.enrol(index)
    hospital.feed.status(REVOCATIONS, {7: 1})
    hospital.feed.status("https://board.example/another-list", {8: 1})
    hospital.feed.tell(ChangeKind.HEARTBEAT, REVOCATIONS)
    loaded: list[str] = []
    event.listen(hospital.engine, "after_cursor_execute", lambda *told: loaded.append(told[2]))
    (alert,) = await hospital.settle()
    assert alert.reference == "badge 7"
    assert len(hospital.verified_again) == 1
    looked_up = [one for one in loaded if "watched_entries.list_uri = ?" in one and "entry_index" in one]
    with hospital.engine.connect() as connection:
        plan = connection.exec_driver_sql(
            "EXPLAIN QUERY PLAN "
            "SELECT enrolment_id FROM watched_entries WHERE list_uri = ? AND entry_index IN (?)",
            (REVOCATIONS, 7),
        ).all()
    assert looked_up
    assert "USING INDEX ix_watched_entries_list_index" in plan[0][3]


async def test_suspended_and_reinstated_are_two_alerts(hospital: Hospital) -> None:
    hospital.enrol(7)
    hospital.feed.status(SUSPENSIONS, {7: 1})
    await hospital.settle()
    hospital.decision = Decision.ACCEPT
    hospital.feed.status(SUSPENSIONS, {7: 0})
    suspended, reinstated = await hospital.settle()
    assert (suspended.kind, suspended.decision) == (FindingKind.SUSPENDED, Decision.REJECT)
    assert (reinstated.kind, reinstated.decision) == (FindingKind.REINSTATED, Decision.ACCEPT)
    assert reinstated.previous_decision is Decision.REJECT


async def test_a_board_that_is_suspended_concerns_all_its_licences(hospital: Hospital) -> None:
    for index in range(3):
        hospital.enrol(index)
    hospital.ledger.accredit(BOARD, stamp(0))
    hospital.ledger.change_standing(BOARD, Standing.SUSPENDED, stamp(1))
    hospital.feed.tell(ChangeKind.ISSUER, BOARD, block=stamp(1))
    hospital.feed.tell(ChangeKind.ISSUER, BOARD, block=stamp(1))  # a second event of the same block
    alerts = await hospital.settle()
    assert [one.kind for one in alerts] == [FindingKind.ISSUER_SUSPENDED] * 3
    assert {one.reference for one in alerts} == {"badge 0", "badge 1", "badge 2"}


@pytest.mark.parametrize("decision", [Decision.ACCEPT, Decision.REJECT, Decision.INDETERMINATE])
async def test_a_new_key_or_new_terms_are_told_only_if_they_turn_the_decision(
    hospital: Hospital, decision: Decision
) -> None:
    hospital.enrol(7)
    hospital.decision = decision
    hospital.ledger.accredit(BOARD, stamp(0))
    hospital.ledger.change_terms(BOARD, Terms("Board", (), (), 0, 1), stamp(2))
    hospital.feed.tell(ChangeKind.DID_DOCUMENT, BOARD)
    hospital.feed.tell(ChangeKind.ISSUER, BOARD)
    kinds = {one.kind for one in await hospital.settle()}
    told = {FindingKind.DID_DOCUMENT_CHANGED, FindingKind.ISSUER_CHANGED}
    assert kinds == (set() if decision is Decision.ACCEPT else told)


async def test_a_list_that_no_longer_matches_is_told_to_all_who_rely_on_it(hospital: Hospital) -> None:
    hospital.enrol(7)
    hospital.decision = Decision.INDETERMINATE
    hospital.feed.tell(ChangeKind.LIST_CORRUPT, REVOCATIONS)
    (alert,) = await hospital.settle()
    assert (alert.kind, alert.decision) == (FindingKind.LIST_CORRUPT, Decision.INDETERMINATE)


async def test_what_a_reorganisation_undid_is_taken_back_where_it_was_told(hospital: Hospital) -> None:
    hospital.enrol(7)
    change = hospital.feed.status(REVOCATIONS, {7: 1})
    await hospital.settle()
    hospital.decision = Decision.ACCEPT
    hospital.feed.withdraw(change)
    revoked, taken_back = await hospital.settle()
    assert revoked.kind is FindingKind.REVOKED
    assert (taken_back.kind, taken_back.subject) == (FindingKind.CHANGE_WITHDRAWN, REVOCATIONS)
    assert (taken_back.previous_decision, taken_back.decision) == (Decision.REJECT, Decision.ACCEPT)


async def test_a_withdrawn_reinstatement_reaches_who_was_enrolled_on_it(hospital: Hospital) -> None:
    """Nobody was alerted to it: the licence was enrolled because of it."""
    hospital.feed.status(SUSPENSIONS, {7: 1})
    reinstated = hospital.feed.status(SUSPENSIONS, {7: 0})
    assert await hospital.settle() == []
    hospital.enrol(7)
    hospital.feed.withdraw(reinstated)
    (alert,) = await hospital.settle()
    assert (alert.kind, alert.decision) == (FindingKind.CHANGE_WITHDRAWN, Decision.REJECT)


async def test_a_withdrawn_change_nobody_was_told_of_and_that_turns_nothing_is_not_told(
    hospital: Hospital,
) -> None:
    reinstated = hospital.feed.status(SUSPENSIONS, {7: 0})
    await hospital.settle()
    hospital.enrol(7)
    hospital.decision = Decision.ACCEPT
    hospital.feed.withdraw(reinstated)
    assert await hospital.settle() == []


async def test_changes_that_the_verdict_already_knew_are_not_told(hospital: Hospital) -> None:
    hospital.feed.status(SUSPENSIONS, {7: 1})
    hospital.feed.status(SUSPENSIONS, {7: 0})
    hospital.roster.enrol(verified(7), reference="badge 7", since=2)  # the monitor has seen neither yet
    assert await hospital.settle() == []
