"""Every way a status can be read, and every way it cannot."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.verification.reasons import Reason
from node.verification.status_entry import MAX_ENTRIES
from node.verification.verdict import Outcome
from registry.records import StatusPurpose
from tests.simulators.clock import SimulatedClock
from tests.simulators.ledger_view import LedgerViewSimulator
from tests.unit.node.verification.statuses import BOARD, FAILED, LIST, OPEN, OTHER, PASSED, checks, ended, entry


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


def test_each_entry_is_checked(ledger: LedgerViewSimulator, clock: SimulatedClock) -> None:
    ledger.publish(LIST, {8: 1})
    found = checks([entry("7"), entry("8"), entry("x")], ledger, clock)
    assert [(one.outcome, one.reason) for one in found] == [
        (PASSED, Reason.OK),
        (FAILED, Reason.REVOKED),
        (FAILED, Reason.STATUS_MALFORMED),
    ]
    assert found[2].member == "/credentialStatus/2/statusListIndex"


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
