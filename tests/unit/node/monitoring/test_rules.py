"""What each change means for each enrolment."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.monitoring.enrolment import Enrolment, WatchedEntry, WatchedIssuer
from node.monitoring.rules import Accreditations, FindingKind, findings, withdrawn
from node.verification.verdict import Decision
from registry.changes import Change, ChangeKind
from registry.records import Accreditation, Standing
from tests.simulators.change_feed import SimulatedLedger, stamp

BOARD = "did:web:board.example"
REVOKED = "https://board.example/r"
SUSPENDED = "https://board.example/s"
MESSAGES = "https://board.example/m"
NURSE = Enrolment(
    id="e",
    reference="badge 7",
    credential_digest="d",
    issuer_did=BOARD,
    valid_until=None,
    watched=(
        WatchedEntry(REVOKED, 7, "revocation"),
        WatchedEntry(SUSPENDED, 7, "suspension"),
        WatchedEntry(MESSAGES, 9, "message"),
    ),
    decision=Decision.ACCEPT,
    decided_at=0,
    enrolled_at=0,
    since_seq=0,
)


def change(kind: ChangeKind, key: str, *values: tuple[int, int], effective_at: int | None = None) -> Change:
    return Change(1, kind, key, stamp(5), values, effective_at)


@pytest.mark.parametrize(
    ("key", "index", "value", "kind"),
    [
        (REVOKED, 7, 1, FindingKind.REVOKED),
        (SUSPENDED, 7, 1, FindingKind.SUSPENDED),
        (SUSPENDED, 7, 0, FindingKind.REINSTATED),
        (MESSAGES, 9, 3, FindingKind.STATUS_CHANGED),
        (REVOKED, 7, 0, FindingKind.STATUS_CHANGED),  # cannot be: told, and never as good news
    ],
)
def test_a_status_change_is_told_by_the_purpose_of_its_list(
    key: str, index: int, value: int, kind: FindingKind
) -> None:
    (found,) = findings(change(ChangeKind.STATUS, key, (3, 1), (index, value)), NURSE)
    assert (found.kind, found.entry_index, found.material) == (kind, index, True)


def test_the_sentence_says_from_when_it_holds() -> None:
    (found,) = findings(change(ChangeKind.STATUS, REVOKED, (7, 1), effective_at=0), NURSE)
    assert found.detail == "The issuer revoked the credential with effect from 1 January 1970, 00:00 UTC."


@given(st.dictionaries(st.integers(0, 2**24), st.integers(0, 255)))
def test_other_peoples_entries_are_nobodys_business(values: dict[int, int]) -> None:
    values.pop(7, None)
    assert findings(change(ChangeKind.STATUS, REVOKED, *values.items()), NURSE) == ()


@pytest.mark.parametrize("kind", [kind for kind in ChangeKind if kind is not ChangeKind.STATUS])
def test_what_is_about_another_list_or_issuer_is_not_told(kind: ChangeKind) -> None:
    elsewhere = change(kind, "did:web:other.example", (7, 1))
    assert findings(elsewhere, NURSE, Accreditations(None, None)) == ()


@pytest.mark.parametrize("kind", [ChangeKind.HEARTBEAT, ChangeKind.LIST_CREATED])
def test_heartbeats_and_new_lists_are_not_told(kind: ChangeKind) -> None:
    assert findings(change(kind, REVOKED), NURSE) == ()


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (ChangeKind.LIST_CORRUPT, FindingKind.LIST_CORRUPT),
        (ChangeKind.LIST_CLOSED, FindingKind.LIST_CLOSED),
    ],
)
def test_whoever_watches_a_list_hears_what_becomes_of_it(kind: ChangeKind, expected: FindingKind) -> None:
    (found,) = findings(change(kind, SUSPENDED), NURSE)
    assert (found.kind, found.material) == (expected, True)


def test_a_new_did_document_matters_only_if_it_turns_the_decision() -> None:
    (found,) = findings(change(ChangeKind.DID_DOCUMENT, BOARD), NURSE)
    assert (found.kind, found.material) == (FindingKind.DID_DOCUMENT_CHANGED, False)


def issuer(*standings: Standing) -> Accreditations:
    ledger = SimulatedLedger()
    ledger.accredit(BOARD, stamp(1))
    versions: list[Accreditation | None] = []
    for standing in standings:
        ledger.change_standing(BOARD, standing, stamp(1))
        versions.append(ledger.accreditation(BOARD))
    return Accreditations(versions[0], versions[1])


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        (Standing.ACTIVE, Standing.SUSPENDED, FindingKind.ISSUER_SUSPENDED),
        (Standing.SUSPENDED, Standing.ACTIVE, FindingKind.ISSUER_REINSTATED),
        (Standing.SUSPENDED, Standing.WITHDRAWN, FindingKind.ISSUER_WITHDRAWN),
    ],
)
def test_an_issuers_standing_is_told(before: Standing, after: Standing, kind: FindingKind) -> None:
    (found,) = findings(change(ChangeKind.ISSUER, BOARD), NURSE, issuer(before, after))
    assert (found.kind, found.material) == (kind, True)


def test_an_issuers_other_affairs_matter_only_if_they_turn_the_decision() -> None:
    same = issuer(Standing.ACTIVE, Standing.ACTIVE)
    for known in (same, Accreditations(None, same.after), Accreditations(same.before, None)):
        (found,) = findings(change(ChangeKind.ISSUER, BOARD), NURSE, known)
        assert (found.kind, found.material) == (FindingKind.ISSUER_CHANGED, False)


def test_a_withdrawal_is_told_to_whoever_was_told_of_the_change() -> None:
    original = change(ChangeKind.STATUS, REVOKED, (7, 1))
    (found,) = withdrawn(original, NURSE, told=True)
    assert (found.kind, found.material) == (FindingKind.CHANGE_WITHDRAWN, True)
    (found,) = withdrawn(original, NURSE, told=False)
    assert not found.material


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (0, FindingKind.REINSTATED),
        (1, FindingKind.REVOKED),
        (2, FindingKind.SUSPENDED),
        (3, FindingKind.STATUS_CHANGED),
    ],
)
def test_the_values_of_a_token_status_list(value: int, kind: FindingKind) -> None:
    nurse = replace(NURSE, watched=(WatchedEntry(MESSAGES, 9, "status_list"),))
    (finding,) = findings(change(ChangeKind.STATUS, MESSAGES, (9, value)), nurse)
    assert (finding.kind, finding.entry_index) == (kind, 9)
    assert "status_list" not in finding.detail


RECORD = replace(
    NURSE,
    watched=(
        *NURSE.watched,
        WatchedEntry(REVOKED, 8, "revocation", "/a"),
        WatchedEntry(REVOKED, 8, "status_list", "/b"),
        WatchedEntry(MESSAGES, 9, "message", "/b"),
    ),
    enclosed_issuers=(WatchedIssuer(BOARD, "/a"), WatchedIssuer("did:web:guild.example", "/b")),
)


def test_a_finding_names_the_credential_inside_that_it_is_about() -> None:
    (found,) = findings(change(ChangeKind.STATUS, REVOKED, (8, 1)), RECORD)
    assert (found.kind, found.entry_index, found.member) == (FindingKind.REVOKED, 8, "/a")
    assert found.detail == "About the credential inside it at /a and 1 more: The issuer revoked the credential."
    (found,) = findings(change(ChangeKind.DID_DOCUMENT, "did:web:guild.example"), RECORD)
    assert (found.kind, found.member, found.material) == (FindingKind.DID_DOCUMENT_CHANGED, "/b", False)


def test_what_is_about_the_whole_is_told_of_the_whole() -> None:
    for told in (
        change(ChangeKind.DID_DOCUMENT, BOARD),
        change(ChangeKind.LIST_CORRUPT, REVOKED),
        change(ChangeKind.STATUS, MESSAGES, (9, 2)),
    ):
        (found,) = findings(told, RECORD)
        assert (found.member, "inside" in found.detail) == ("", False)


def test_a_withdrawal_about_what_is_inside_says_so() -> None:
    (found,) = withdrawn(change(ChangeKind.ISSUER, "did:web:guild.example"), RECORD, told=False)
    assert (found.kind, found.member) == (FindingKind.CHANGE_WITHDRAWN, "/b")


def test_two_entries_of_one_index_that_say_the_same_are_one_finding() -> None:
    """An alert is stored once for each kind and entry: a second would hold monitoring up for ever."""
    both = (WatchedEntry(MESSAGES, 9, "message"), WatchedEntry(MESSAGES, 9, "refresh"))
    (found,) = findings(change(ChangeKind.STATUS, MESSAGES, (9, 3)), replace(NURSE, watched=both))
    assert found.kind is FindingKind.STATUS_CHANGED
