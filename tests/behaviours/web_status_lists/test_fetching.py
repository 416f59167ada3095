"""Whether anything is asked of anyone, for a status list that is not on the ledger."""

from __future__ import annotations

from node.verification.reasons import Reason
from node.verification.verdict import CheckId, Decision
from registry.records import AsOf, StatusPurpose
from tests.behaviours.web_status_lists.asking import (
    ENTRY,
    FETCHING,
    OPEN,
    PASSED,
    found,
    licence,
    serve,
    status,
)
from tests.simulators.issuer import SimulatedIssuer, status_entry
from tests.simulators.policies import DEFAULT_POLICY
from tests.simulators.relying_party import SimulatedRelyingParty
from tests.simulators.web_lists import NOW, WEB_LIST, list_credential


def test_nothing_is_fetched_unless_the_policy_says_so(party: SimulatedRelyingParty) -> None:
    serve(party, list_credential(party.board))
    assert found(status(party, policy=DEFAULT_POLICY)) == (OPEN, Reason.STATUS_LIST_UNKNOWN)
    assert party.web.asked == []
    assert found(status(party)) == (PASSED, Reason.OK)
    assert party.web.asked == [WEB_LIST]
    assert found(status(party, policy=DEFAULT_POLICY)) == (OPEN, Reason.STATUS_LIST_UNKNOWN), (
        "nor is what others had fetched used for whoever does not want it"
    )


def test_a_list_on_the_ledger_is_never_fetched(party: SimulatedRelyingParty) -> None:
    party.ledger.create_list(WEB_LIST, party.board.did)
    serve(party, list_credential(party.board, {7: 1}))
    assert found(status(party)) == (PASSED, Reason.OK)
    party.ledger.corrupt(WEB_LIST)
    assert found(status(party)) == (OPEN, Reason.STATUS_LIST_CORRUPT)
    assert party.web.asked == []


def test_no_list_is_fetched_while_the_replica_may_only_have_missed_it(party: SimulatedRelyingParty) -> None:
    serve(party, list_credential(party.board))
    party.ledger.go_down()
    party.clock.advance(1000)
    assert found(status(party)) == (OPEN, Reason.REPLICA_STALE)
    assert party.web.asked == []


def test_nothing_is_fetched_for_what_nobody_signed_or_nobody_would_accept(party: SimulatedRelyingParty) -> None:
    forged = licence(party) | {"name": "Doctor of everything"}
    assert party.verify(forged, FETCHING).decision is Decision.REJECT
    stranger = SimulatedIssuer.self_made("stranger")
    other = stranger.sign(stranger.licence(credentialStatus=ENTRY), "eddsa-jcs-2022")
    assert party.verify(other, FETCHING).decision is Decision.REJECT
    expired = party.board.licence(credentialStatus=ENTRY, validUntil="2026-01-02T00:00:00Z")
    assert party.verify(party.board.sign(expired), FETCHING).decision is Decision.REJECT
    assert party.web.asked == []


def test_a_list_on_the_web_tells_nothing_of_the_past(party: SimulatedRelyingParty) -> None:
    serve(party, list_credential(party.board))
    party.clock.advance(10)
    party.ledger.block()
    for at in (AsOf(valid_at=NOW + 5), AsOf(known_at=NOW + 5)):
        assert found(status(party, at=at)) == (OPEN, Reason.STATUS_LIST_UNKNOWN)
    assert party.web.asked == []


def test_one_presentation_cannot_have_a_hundred_hosts_asked(party: SimulatedRelyingParty) -> None:
    entries = [status_entry(7, f"https://lists.example/{i}") for i in range(12)]
    verdict = party.verify(licence(party, *entries), FETCHING)
    assert len(party.web.asked) == 8
    reasons = {check.reason for check in verdict.credentials[0].checks if check.id is CheckId.STATUS}
    assert reasons == {Reason.STATUS_LIST_UNREACHABLE}


def test_lists_of_both_worlds_side_by_side(party: SimulatedRelyingParty) -> None:
    party.ledger.create_list("https://board.example/s", party.board.did, StatusPurpose.SUSPENSION)
    serve(party, list_credential(party.board))
    both = licence(party, ENTRY, status_entry(7, "https://board.example/s", "suspension"))
    assert party.verify(both, FETCHING).decision is Decision.ACCEPT
    party.ledger.publish("https://board.example/s", {7: 1})
    assert party.verify(both, FETCHING).decision is Decision.REJECT
