"""An issuer's status lists: what is sent to the ledger, and what is refused first."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from node.errors import Conflict, Invalid, NotConfigured, NotFound
from node.services.registrar import Registrar
from registry.actions import CreateStatusList, PublishStatus
from registry.records import StatusPurpose
from tests.unit.node.services.registering import DID, LIST, NOW, SIZE, SUCCESSOR, Known, Recorder, make


def test_a_list_is_named_under_our_own_address(registrar: Registrar, sent: Recorder) -> None:
    registrar.create_list(name="welding")
    uri = "https://board.example/status-lists/welding"
    assert sent.actions == [CreateStatusList(DID, uri, SIZE, StatusPurpose.REVOCATION, 1)]


@pytest.mark.parametrize(
    "members",
    [
        {"name": "../x"},
        {"name": "x", "size": 1000},
        {"name": "x", "size": SIZE + 1},
        {"name": "x", "bits_per_entry": 2},
        {"name": "x", "bits_per_entry": 3, "purpose": StatusPurpose.MESSAGE},
    ],
)
def test_a_list_the_ledger_would_refuse_is_not_asked_for(
    registrar: Registrar, sent: Recorder, members: dict[str, Any]
) -> None:
    with pytest.raises(Invalid):
        registrar.create_list(**members)
    assert sent.actions == []


def test_a_list_is_created_once(registrar: Registrar) -> None:
    with pytest.raises(Conflict):
        registrar.create_list(name="nursing")


def test_a_list_goes_on_in_its_registrys_successor_as_it_is(
    registrar: Registrar, ledger: Known, sent: Recorder
) -> None:
    with pytest.raises(Conflict, match="nothing to do"):
        registrar.continue_list(uri="nursing")
    ledger.registry = SUCCESSOR
    for act in (registrar.publish, registrar.close_list):
        with pytest.raises(Conflict, match="goodstanding list continue"):
            act(uri="nursing")
    with pytest.raises(Conflict, match="already: its issuer has it go on there first"):
        registrar.create_list(name="nursing")
    registrar.continue_list(uri="nursing")
    assert sent.actions == [CreateStatusList(DID, LIST, SIZE, StatusPurpose.REVOCATION, 1)]
    ledger.lists[LIST] = replace(ledger.lists[LIST], registry=SUCCESSOR)
    registrar.publish(uri="nursing")
    assert len(sent.actions) == 2


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"closed": True}, "closed"),
        ({"intact": False}, "do not match"),
        ({"issuer_did": "did:web:heir.example"}, "kept by did:web:heir.example"),
    ],
)
def test_what_would_spoil_a_list_there_is_not_sent(
    registrar: Registrar, ledger: Known, sent: Recorder, changed: dict[str, Any], why: str
) -> None:
    ledger.registry = SUCCESSOR
    ledger.lists[LIST] = replace(ledger.lists[LIST], **changed)
    with pytest.raises(Conflict, match=why):
        registrar.continue_list(uri=LIST)
    with pytest.raises(NotFound):
        registrar.continue_list(uri="another")
    assert sent.actions == []


def test_publishing_by_name(registrar: Registrar, sent: Recorder) -> None:
    registrar.publish(uri="nursing", entries=[(1, 1), (2, 0)])
    assert sent.actions == [PublishStatus(LIST, ((1, 1), (2, 0)), None)]


def test_a_revocation_cannot_be_taken_back(registrar: Registrar, sent: Recorder) -> None:
    with pytest.raises(Conflict, match=r"cannot be taken back.*\(5\)"):
        registrar.publish(uri=LIST, entries=[(4, 0), (5, 0)])
    assert sent.actions == []


@pytest.mark.parametrize("entries", [[(SIZE, 1)], [(-1, 1)], [(1, 2)], [(1, 1), (1, 1)]])
def test_entries_that_cannot_be(registrar: Registrar, entries: list[tuple[int, int]]) -> None:
    with pytest.raises(Invalid):
        registrar.publish(uri=LIST, entries=entries)


def test_nothing_takes_effect_in_the_future(registrar: Registrar) -> None:
    with pytest.raises(Invalid, match="future"):
        registrar.publish(uri=LIST, effective_at=NOW + 1)


def test_a_publication_may_not_lie_before_the_epoch(registrar: Registrar) -> None:
    with pytest.raises(Invalid, match="effectiveAt: lies before 1970"):
        registrar.publish(uri=LIST, effective_at=-1)


def test_a_list_whose_bits_are_not_known_is_not_written_to(registrar: Registrar, ledger: Known) -> None:
    ledger.lists[LIST] = replace(ledger.lists[LIST], intact=False)
    with pytest.raises(Conflict, match="do not match"):
        registrar.publish(uri=LIST, entries=[(5, 0)])


def test_what_is_not_there_is_said_to_be_missing(registrar: Registrar, ledger: Known, sent: Recorder) -> None:
    with pytest.raises(NotFound):
        registrar.publish(uri="nothing")
    with pytest.raises(NotConfigured, match="ISSUER_DID"):
        make(ledger, sent, own_did="").create_list(name="x")


@pytest.mark.parametrize("uri", ["http://[", "http://[x]/lists/1", "https://\u2100/lists/1"])
def test_what_looks_like_an_address_and_is_none(registrar: Registrar, sent: Recorder, uri: str) -> None:
    with pytest.raises(Invalid, match="uri"):
        registrar.publish(uri=uri, entries=[(1, 1)])
    assert sent.actions == []
