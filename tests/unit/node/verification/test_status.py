"""Every way a status can be read, and every way it cannot."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.verification.evidence import Evidence
from node.verification.policy import Policy, Question
from node.verification.reasons import Reason
from node.verification.status import check_status
from node.verification.status_entry import MAX_ENTRIES
from node.verification.verdict import Check, Outcome
from registry.records import NOW, AsOf, StatusPurpose
from tests.simulators.clock import SimulatedClock
from tests.simulators.ledger_view import LedgerViewSimulator
from tests.simulators.policies import DEFAULT_POLICY

BOARD, OTHER = "did:web:board.example", "did:web:other.example"
LIST = "https://board.example/status/1"
FAILED, PASSED, OPEN = Outcome.FAILED, Outcome.PASSED, Outcome.INDETERMINATE


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock()


@pytest.fixture
def ledger(clock: SimulatedClock) -> LedgerViewSimulator:
    ledger = LedgerViewSimulator(clock)
    ledger.accredit(BOARD)
    ledger.accredit(OTHER)
    ledger.create_list(LIST, BOARD)
    return ledger


def entry(index: Any = "7", **members: Any) -> dict[str, Any]:
    return {
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": index,
        "statusListCredential": LIST,
        **members,
    }


def checks(
    status: object,
    ledger: LedgerViewSimulator,
    clock: SimulatedClock,
    policy: Policy = DEFAULT_POLICY,
    at: AsOf = NOW,
) -> list[Check]:
    evidence = Evidence({}, ledger)
    return check_status({"credentialStatus": status}, BOARD, evidence, Question(policy, clock.now, at))


def ended(*arguments: Any, **options: Any) -> tuple[Outcome, Reason]:
    (check,) = checks(*arguments, **options)
    assert check.detail.endswith(".")
    return check.outcome, check.reason


def test_no_status(ledger: LedgerViewSimulator, clock: SimulatedClock) -> None:
    assert ended(None, ledger, clock) == (Outcome.NOT_APPLICABLE, Reason.NOT_APPLICABLE)
    assert ended([], ledger, clock) == (Outcome.NOT_APPLICABLE, Reason.NOT_APPLICABLE)


@pytest.mark.parametrize(
    "kind", ["BitstringStatusListEntry", "StatusList2021Entry", ["BitstringStatusListEntry"]]
)
def test_good_standing_and_revocation(ledger: LedgerViewSimulator, clock: SimulatedClock, kind: Any) -> None:
    assert ended(entry(type=kind), ledger, clock) == (PASSED, Reason.OK)
    clock.advance(100)
    ledger.publish(LIST, {7: 1}, clock.now - 50)
    (check,) = checks(entry(type=kind), ledger, clock)
    assert (check.outcome, check.reason, check.since) == (FAILED, Reason.REVOKED, clock.now - 50)
    assert check.source is not None
    assert (check.source.ref, check.source.block) == (LIST, ledger.freshness().head)
    assert ended(entry("8", type=kind), ledger, clock) == (PASSED, Reason.OK)


def test_suspension_is_lifted_again(ledger: LedgerViewSimulator, clock: SimulatedClock) -> None:
    ledger.create_list("https://s", BOARD, StatusPurpose.SUSPENSION)
    status = entry(statusPurpose="suspension", statusListCredential="https://s")
    ledger.publish("https://s", {7: 1})
    assert ended(status, ledger, clock) == (FAILED, Reason.SUSPENDED)
    ledger.publish("https://s", {7: 0})
    assert ended(status, ledger, clock) == (PASSED, Reason.OK)


def test_a_newer_version_is_offered(ledger: LedgerViewSimulator, clock: SimulatedClock) -> None:
    ledger.create_list("https://r", BOARD, StatusPurpose.REFRESH)
    ledger.publish("https://r", {7: 1})
    status = entry(statusPurpose="refresh", statusListCredential="https://r")
    assert ended(status, ledger, clock) == (PASSED, Reason.STATUS_REFRESH)


def test_the_message_of_a_value(ledger: LedgerViewSimulator, clock: SimulatedClock) -> None:
    ledger.create_list("https://m", BOARD, StatusPurpose.MESSAGE, bits=2)
    messages = [
        {"status": "0x0", "message": "no conditions"},
        {"status": "0x2", "message": "under supervision."},
    ]
    status = entry(
        statusPurpose="message", statusListCredential="https://m", statusSize=2, statusMessage=messages
    )
    assert checks(status, ledger, clock)[0].detail == "The issuer notes: no conditions."
    ledger.publish("https://m", {7: 2})
    (check,) = checks(status, ledger, clock)
    assert (check.outcome, check.reason) == (PASSED, Reason.STATUS_MESSAGE)
    assert check.detail == "The issuer notes: under supervision."
    ledger.publish("https://m", {7: 3})
    assert checks(status, ledger, clock)[0].detail == "The issuer set its note to 3."


@pytest.mark.parametrize(
    "broken",
    [
        entry(7),
        entry("07"),
        entry("-1"),
        entry("1.0"),
        entry(" 7"),
        entry("7\n"),
        entry("٧"),
        entry("0x7"),
        entry(""),
        entry(None),
        entry(["7"]),
        entry("9" * 100),
        entry(statusListCredential=None),
        entry(statusListCredential=""),
        entry(statusListCredential="https://" + "a" * 5000),
        entry(statusPurpose="none"),
        entry(statusPurpose=["revocation", "suspension"]),
        entry(statusPurpose=None),
        entry(statusSize="1"),
        entry(statusSize=True),
        entry(statusSize=1.0),
        entry(statusSize=0),
        entry(statusSize=3),
        entry(statusSize=2),  # the list has one bit an entry
        "https://board.example/status/1#7",
        7,
    ],
)
def test_a_malformed_entry(broken: object, ledger: LedgerViewSimulator, clock: SimulatedClock) -> None:
    assert ended([broken], ledger, clock) == (FAILED, Reason.STATUS_MALFORMED)


def test_too_many_entries(ledger: LedgerViewSimulator, clock: SimulatedClock) -> None:
    assert ended([entry()] * (MAX_ENTRIES + 1), ledger, clock) == (FAILED, Reason.STATUS_MALFORMED)


def test_a_kind_of_status_that_is_not_known(ledger: LedgerViewSimulator, clock: SimulatedClock) -> None:
    for kind in ("TokenStatusListEntry", None, ["Other"], 7):
        assert ended(entry(type=kind), ledger, clock) == (OPEN, Reason.STATUS_TYPE_UNSUPPORTED)


def test_a_list_that_does_not_exist(ledger: LedgerViewSimulator, clock: SimulatedClock) -> None:
    status = entry(statusListCredential="https://nowhere.example/1")
    assert ended(status, ledger, clock) == (OPEN, Reason.STATUS_LIST_UNKNOWN)


def test_an_index_out_of_range(ledger: LedgerViewSimulator, clock: SimulatedClock) -> None:
    assert ended(entry("131071"), ledger, clock) == (PASSED, Reason.OK)
    assert ended(entry("131072"), ledger, clock) == (FAILED, Reason.STATUS_INDEX_OUT_OF_RANGE)


def test_a_list_of_another_purpose(ledger: LedgerViewSimulator, clock: SimulatedClock) -> None:
    assert ended(entry(statusPurpose="suspension"), ledger, clock) == (FAILED, Reason.STATUS_PURPOSE_MISMATCH)


def test_someone_elses_list(ledger: LedgerViewSimulator, clock: SimulatedClock) -> None:
    ledger.create_list("https://other", OTHER)
    status = entry(statusListCredential="https://other")
    assert ended(status, ledger, clock) == (FAILED, Reason.STATUS_ISSUER_MISMATCH)


def test_a_damaged_list_is_neither_good_nor_bad(ledger: LedgerViewSimulator, clock: SimulatedClock) -> None:
    ledger.publish(LIST, {7: 1})
    ledger.corrupt(LIST)
    assert ended(entry("7"), ledger, clock) == (OPEN, Reason.STATUS_LIST_CORRUPT)
    assert ended(entry("8"), ledger, clock) == (OPEN, Reason.STATUS_LIST_CORRUPT)


def test_a_replica_that_lags_is_never_fine(ledger: LedgerViewSimulator, clock: SimulatedClock) -> None:
    ledger.publish(LIST, {9: 1})
    ledger.go_down()
    clock.advance(300)
    assert ended(entry("7"), ledger, clock) == (PASSED, Reason.OK)
    clock.advance(1)
    assert ended(entry("7"), ledger, clock) == (OPEN, Reason.REPLICA_STALE)
    # what is final stays known
    assert ended(entry("9"), ledger, clock) == (FAILED, Reason.REVOKED)
    assert ended(entry(statusListCredential="https://new"), ledger, clock) == (OPEN, Reason.REPLICA_STALE)


def test_a_halted_replica(ledger: LedgerViewSimulator, clock: SimulatedClock) -> None:
    ledger.halt("an event nobody understands")
    assert ended(entry(), ledger, clock) == (OPEN, Reason.REPLICA_STALE)


def test_a_ledger_that_answers_but_makes_no_blocks(ledger: LedgerViewSimulator, clock: SimulatedClock) -> None:
    """Its validators are gone: what the board revokes meanwhile cannot be recorded."""
    ledger.publish(LIST, {9: 1})
    clock.advance(DEFAULT_POLICY.max_replica_age)
    assert ended(entry(), ledger, clock) == (PASSED, Reason.OK)
    clock.advance(1)
    assert ledger.freshness().confirmed_at == clock.now
    assert ended(entry(), ledger, clock) == (OPEN, Reason.REPLICA_STALE)
    assert ended(entry("9"), ledger, clock) == (FAILED, Reason.REVOKED)  # what is final stays known
    ledger.block()
    assert ended(entry(), ledger, clock) == (PASSED, Reason.OK)


def test_a_ledger_that_was_never_reached(clock: SimulatedClock) -> None:
    assert ended(entry(), LedgerViewSimulator(clock), clock) == (OPEN, Reason.LEDGER_UNAVAILABLE)


def test_a_list_that_was_not_confirmed_for_too_long(ledger: LedgerViewSimulator, clock: SimulatedClock) -> None:
    policy = replace(DEFAULT_POLICY, max_list_age=3600)
    clock.advance(3601)
    ledger.block()
    assert ended(entry(), ledger, clock, policy=policy) == (OPEN, Reason.STATUS_STALE)
    ledger.publish(LIST, {})
    assert ended(entry(), ledger, clock, policy=policy) == (PASSED, Reason.OK)


def test_each_entry_is_checked(ledger: LedgerViewSimulator, clock: SimulatedClock) -> None:
    ledger.publish(LIST, {8: 1})
    found = checks([entry("7"), entry("8"), entry("x")], ledger, clock)
    assert [(one.outcome, one.reason) for one in found] == [
        (PASSED, Reason.OK),
        (FAILED, Reason.REVOKED),
        (FAILED, Reason.STATUS_MALFORMED),
    ]
    assert found[2].member == "/credentialStatus/2/statusListIndex"


def test_as_of_a_past_moment(ledger: LedgerViewSimulator, clock: SimulatedClock) -> None:
    start = clock.now
    clock.advance(1000)
    ledger.publish(LIST, {7: 1}, effective_at=start + 500)
    ledger.go_down()
    clock.advance(10_000)  # the replica is stale by now, which does not matter for what is settled

    def then(**members: int) -> tuple[Outcome, Reason]:
        return ended(entry(), ledger, clock, at=AsOf(**members))

    assert then(known_at=start + 999) == (PASSED, Reason.OK)
    assert then(known_at=start + 1000) == (FAILED, Reason.REVOKED)
    assert then(known_at=start + 1000, valid_at=start + 499) == (PASSED, Reason.OK)
    assert then(known_at=start + 1000, valid_at=start + 500) == (FAILED, Reason.REVOKED)
    assert then(valid_at=start + 499) == (OPEN, Reason.REPLICA_STALE)  # as known now: nobody can say
    assert then(block=2) == (OPEN, Reason.STATUS_LIST_UNKNOWN)
    assert then(block=99) == (FAILED, Reason.REVOKED)
    assert then(known_at=start + 5000) == (FAILED, Reason.REVOKED)


def test_a_moment_without_records(ledger: LedgerViewSimulator, clock: SimulatedClock) -> None:
    """Before the first block, or still to come: never a pass, never a failure."""
    clock.advance(1000)
    first = ledger.block()
    ledger.first = first
    for at in (
        AsOf(block=first.number - 1),
        AsOf(known_at=first.time - 1),
        AsOf(valid_at=first.time - 1),
        AsOf(valid_at=clock.now + 61),
        AsOf(known_at=clock.now + 61),
        AsOf(block=first.number + 1),
    ):
        assert ended(entry(), ledger, clock, at=at) == (OPEN, Reason.MOMENT_NOT_RECORDED), at
    for at in (AsOf(block=first.number), AsOf(known_at=first.time), AsOf(valid_at=first.time)):
        assert ended(entry(), ledger, clock, at=at) == (PASSED, Reason.OK), at


@given(
    st.one_of(
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(max_size=20),
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
            max_leaves=9,
        ),
        st.fixed_dictionaries(
            {},
            optional={
                name: st.one_of(
                    st.just(value), st.none(), st.text(max_size=9), st.integers(), st.lists(st.text())
                )
                for name, value in entry().items()
            },
        ),
    )
)
def test_nothing_a_credential_says_raises_or_passes_for_want_of_a_list(status: object) -> None:
    clock = SimulatedClock()
    found = checks(status, LedgerViewSimulator(clock), clock)
    assert found
    assert all(one.outcome is not PASSED for one in found)
