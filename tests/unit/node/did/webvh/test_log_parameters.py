"""When entries of a did:webvh log are made, what they may set, and where a DID may move."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from node.did.versions import HistoryInvalid
from node.verification.refusals import Refused
from tests.simulators.webvh_log import START, WebvhController, did_key, key, multikey
from tests.unit.node.did.webvh.reading import read, refused


def test_entries_follow_one_another_in_time() -> None:
    for at in (START, START - 1):
        board = WebvhController()
        board.update(at=at)
        refused(board, "entry 2: it is not later")


def test_fractions_of_a_second_count() -> None:
    for first, second, holds in (
        ("0.1Z", "0.15Z", True),
        ("0.15Z", "0.1Z", False),
        ("0Z", "0.000000001Z", True),
    ):
        board = WebvhController()
        entries = []
        for text in (first, second):
            board.update()
            entry = {k: v for k, v in board.entries.pop().items() if k != "proof"}
            entry["versionTime"] = "2024-01-01T00:00:0" + text
            board.entries.append(
                board.sealed(entry, len(board.entries) + 1, board.entries[-1]["versionId"], board.signers)
            )
            entries.append(entry)
        if holds:
            assert len(read(board, now=START + 10**8)) == 3
        else:
            refused(board, "not later", now=START + 10**8)


def test_a_log_from_the_future() -> None:
    board = WebvhController()
    refused(board, "of a time to come", now=START - 61)
    assert read(board, now=START - 59)


@pytest.mark.parametrize(
    "text", ["2024-01-01T00:00:00+02:00", "2024-01-01T00:00:00", "2024-13-01T00:00:00Z", "now", 7]
)
def test_a_time_not_in_utc(text: Any) -> None:
    board = WebvhController()
    board.update()
    entry = {k: v for k, v in board.entries.pop().items() if k != "proof"} | {"versionTime": text}
    board.entries.append(board.sealed(entry, 2, board.entries[0]["versionId"], board.signers))
    with pytest.raises((HistoryInvalid, Refused)):
        read(board, now=START + 10**8)


@pytest.mark.parametrize(
    "first",
    [
        {"method": "did:webvh:0.5"},
        {"method": "did:webvh:1.1"},
        {"method": ...},
        {"updateKeys": ...},
        {"updateKeys": []},
        {"updateKeys": "z6Mk"},
        {"updateKeys": [7]},
        {"updateKeys": [multikey(key(1))] * 65},
        {"portable": "yes"},
        {"portable": None},
        {"deactivated": 1},
        {"ttl": -1},
        {"ttl": True},
        {"ttl": 2**31 + 1},
        {"watchers": {}},
        {"unknown": 1},
        {"nextKeyHashes": "Qm"},
        {"witness": []},
        {"witness": {"threshold": 1, "witnesses": []}},
        {"witness": {"threshold": 0, "witnesses": [{"id": did_key(key(5))}]}},
        {"witness": {"threshold": 2, "witnesses": [{"id": did_key(key(5))}]}},
        {"witness": {"threshold": True, "witnesses": [{"id": did_key(key(5))}]}},
        {"witness": {"threshold": 1, "witnesses": [{"id": "did:web:witness.example"}]}},
        {"witness": {"threshold": 2, "witnesses": [{"id": did_key(key(5))}, {"id": did_key(key(5))}]}},
        {"witness": {"threshold": 1}},
    ],
)
def test_parameters_of_the_first_entry_that_are_not_allowed(first: dict[str, Any]) -> None:
    with pytest.raises(HistoryInvalid, match="entry 1"):
        read(WebvhController(first=first))


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"scid": "Qm"}, "stated again"),
        ({"method": "did:webvh:2.0"}, "another version"),
        ({"portable": True}, "`portable` is set"),
        ({"unknown": 1}, "unknown parameter"),
    ],
)
def test_parameters_of_a_later_entry_that_are_not_allowed(parameters: dict[str, Any], message: str) -> None:
    board = WebvhController()
    board.update(**parameters)
    refused(board, f"entry 2: .*{message}")


def test_null_is_understood_as_the_default() -> None:
    board = WebvhController(first={"watchers": None, "witness": None, "nextKeyHashes": None, "ttl": None})
    assert read(board)[0].parameters.ttl == 3600


def test_nothing_follows_deactivation() -> None:
    board = WebvhController()
    board.update(deactivated=True)
    assert read(board)[-1].parameters.deactivated
    board.update(deactivated=False)
    refused(board, "entry 3: the log goes on")


def test_a_portable_did_moves() -> None:
    board = WebvhController(first={"portable": True})
    moved = f"did:webvh:{board.scid}:new.example"
    board.update(state=board.document(moved, alsoKnownAs=[board.did]))
    assert [entry.document_id for entry in read(board)] == [board.did, moved]
    board.update(portable=False)
    assert len(read(board)) == 3
    board.update(state=board.document(board.did, alsoKnownAs=[moved]))
    refused(board, "entry 4: it moves a DID that is not portable")


def test_moves_that_are_not_allowed() -> None:
    for first, known_as, message in (
        ({}, True, "not portable"),
        ({"portable": False}, True, "not portable"),
        ({"portable": True}, False, "does not name where"),
    ):
        board = WebvhController(first=first)
        members = {"alsoKnownAs": [board.did]} if known_as else {}
        board.update(state=board.document(f"did:webvh:{board.scid}:new.example", **members))
        refused(board, f"entry 2: it moves.*{message}")


def test_a_document_of_another_identifier() -> None:
    board = WebvhController(first={"portable": True})
    for did in ("did:web:board.example", "did:webvh:" + "1" * 46 + ":board.example", 7, None):
        other = copy.deepcopy(board)
        other.update(state={**board.document(board.did), "id": did, "alsoKnownAs": [board.did]})
        refused(other, "entry 2: its document is of another DID")
