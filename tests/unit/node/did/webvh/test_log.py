"""A did:webvh log holds only if every entry does; each attack below breaks one rule and no other."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from node.did.versions import HistoryInvalid
from node.did.webvh import log
from node.did.webvh.log import Entry
from node.verification.refusals import Refused
from tests.simulators.webvh_log import START, WebvhController, did_key, key, key_hash, multikey, proof, stamp

LATER = START + 10**6


def read(controller: WebvhController, body: bytes | None = None, now: float = LATER) -> list[Entry]:
    return log.read(controller.log if body is None else body, controller.scid, now=now)


def refused(controller: WebvhController, message: str, body: bytes | None = None, now: float = LATER) -> None:
    with pytest.raises(HistoryInvalid, match=message):
        read(controller, body, now)


def test_a_log_of_three_versions() -> None:
    board = WebvhController()
    board.update(updateKeys=[multikey(key(2))], ttl=60)
    board.update(signers=[key(2)], state=board.document(board.did, key(8)))
    entries = read(board)
    assert [entry.version_id for entry in entries] == [entry["versionId"] for entry in board.entries]
    assert entries[2].parameters.ttl == 60
    assert entries[2].parameters.update_keys == (multikey(key(2)),)
    assert json.loads(entries[2].document) == board.entries[2]["state"]


def test_the_last_line_may_end_without_a_newline_but_no_line_is_empty() -> None:
    board = WebvhController()
    board.update()
    assert len(read(board, board.log.removesuffix(b"\n"))) == 2
    for body in (b"", b"\n", board.log + b"\n", b"\n" + board.log):
        with pytest.raises((HistoryInvalid, Refused)):
            read(board, body)


# --- the chain


@pytest.mark.parametrize(
    "change",
    [
        lambda entry: entry["state"].update(also="x"),
        lambda entry: entry["state"]["verificationMethod"][0].update(publicKeyMultibase=multikey(key(66))),
        lambda entry: entry.update(versionTime=stamp(START + 5)),
        lambda entry: entry["parameters"].update(ttl=5),
        lambda entry: entry["parameters"].update(updateKeys=[multikey(key(66))]),
        lambda entry: entry.update(versionId=entry["versionId"][:-1] + "1"),
        lambda entry: entry.update(versionId="9" + entry["versionId"][1:]),
        lambda entry: entry.update(versionId=7),
        lambda entry: entry.update(extra=1),
        lambda entry: entry.pop("state"),
        lambda entry: entry.pop("proof"),
        lambda entry: entry.update(proof=[]),
        lambda entry: entry.update(proof=entry["proof"][0]),
        lambda entry: entry.update(proof=entry["proof"] * 9),
        lambda entry: entry["proof"][0].update(proofPurpose="authentication"),
        lambda entry: entry["proof"][0].update(created="2023-11-14T22:13:21Z"),
        lambda entry: entry["proof"][0].update(proofValue="z" + "1" * 64),
        lambda entry: entry["proof"][0].pop("proofValue"),
        lambda entry: entry["proof"][0].update(cryptosuite="eddsa-rdfc-2022"),
        lambda entry: entry["proof"][0].update(verificationMethod=multikey(key(1))),
        lambda entry: entry["proof"].append("nonsense"),
        lambda entry: entry.update(state=[]),
        lambda entry: entry.update(parameters=None),
    ],
)
@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_tampered_entry_spoils_the_log(change: Callable[[dict[str, Any]], Any], number: int) -> None:
    board = WebvhController()
    board.update()
    board.update()
    with pytest.raises((HistoryInvalid, Refused)):
        read(board.tampered(number, change))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(position=st.integers(min_value=0), bit=st.integers(min_value=0, max_value=7))
def test_no_bit_of_a_log_can_change(position: int, bit: int) -> None:
    board = WebvhController()
    board.update()
    body = bytearray(board.log)
    body[position % len(body)] ^= 1 << bit
    with pytest.raises((HistoryInvalid, Refused)):
        read(board, bytes(body))


@settings(max_examples=30, deadline=None)
@given(order=st.permutations(range(4)))
def test_only_one_order_of_entries_holds(order: list[int]) -> None:
    board = WebvhController()
    for _ in range(3):
        board.update()
    lines = board.log.splitlines(keepends=True)
    body = b"".join(lines[i] for i in order)
    if order == [0, 1, 2, 3]:
        assert len(read(board, body)) == 4
    else:
        refused(board, "entry", body)


def test_an_entry_left_out_or_repeated() -> None:
    board = WebvhController()
    board.update()
    board.update()
    first, second, third = board.log.splitlines(keepends=True)
    refused(board, "entry 2", first + third)
    refused(board, "entry 1", second + third)
    refused(board, "entry 3", first + second + second + third)


def test_a_fork_does_not_join() -> None:
    """Two histories from one origin, each genuine: entries of the one do not follow in the other."""
    board = WebvhController()
    fork = copy.deepcopy(board)
    board.update(ttl=1)
    board.update()
    fork.update(ttl=2)
    fork.update()
    assert len(read(board)) == len(read(fork)) == 3
    mixed = board.log.splitlines(keepends=True)[:2] + fork.log.splitlines(keepends=True)[2:]
    refused(board, "entry 3: its hash", b"".join(mixed))


# --- the origin


def test_another_logs_identifier() -> None:
    board, other = WebvhController(), WebvhController(signers=[key(3)])
    refused(board, "entry 1: it is not the one", other.log)


def test_a_first_entry_rewritten_under_the_same_identifier() -> None:
    """Whoever rewrites the origin signs and hashes it anew; the identifier stays behind."""
    board = WebvhController()
    forged = copy.deepcopy(board)
    entry = {name: value for name, value in board.entries[0].items() if name != "proof"}
    entry["parameters"] = {**entry["parameters"], "updateKeys": [multikey(key(66))]}
    forged.entries[0] = board.sealed(entry, 1, board.scid, [key(66)])
    refused(forged, "entry 1: it is not the one")


def test_a_placeholder_left_in_place_is_a_second_reading_of_the_same_origin() -> None:
    board = WebvhController()
    entry = {name: value for name, value in board.entries[0].items() if name != "proof"}
    entry["state"] = json.loads(
        json.dumps(entry["state"]).replace(f"{board.scid}:board.example#", "{SCID}:board.example#")
    )
    board.entries[0] = board.sealed(entry, 1, board.scid, board.signers)
    refused(board, "a placeholder was left")


# --- keys


def test_a_key_that_was_never_named() -> None:
    board = WebvhController()
    board.update(signers=[key(66)])
    refused(board, "entry 2: it is signed by a key that may not")


def test_a_key_that_was_replaced() -> None:
    board = WebvhController()
    board.update(updateKeys=[multikey(key(2))])
    board.update(signers=[key(1)])
    refused(board, "entry 3: it is signed by a key that may not")


def test_a_new_key_does_not_name_itself() -> None:
    board = WebvhController()
    board.update(signers=[key(66)], updateKeys=[multikey(key(66))])
    refused(board, "entry 2: it is signed by a key that may not")


def test_one_proof_of_two_by_a_stranger() -> None:
    board = WebvhController()
    board.update(signers=[key(1), key(66)])
    refused(board, "entry 2: it is signed by a key that may not")


def test_a_proof_made_for_another_purpose_or_expired() -> None:
    for changes in (
        {"proofPurpose": "authentication"},
        {"expires": "2023-01-01T00:00:00Z"},
        {"created": "soon"},
    ):
        board = WebvhController()
        entry = board.entries[0]
        entry["proof"] = [proof(entry, key(1), **changes)]
        with pytest.raises((HistoryInvalid, Refused)):
            read(board)


def test_no_key_ends_the_log() -> None:
    board = WebvhController()
    board.update(updateKeys=[])
    assert len(read(board)) == 2
    board.update()
    refused(board, "entry 3: it is signed by a key that may not")


# --- pre-rotation


def test_announced_keys() -> None:
    board = WebvhController(first={"nextKeyHashes": [key_hash(key(2)), key_hash(key(5))]})
    board.update(signers=[key(2)], updateKeys=[multikey(key(2))], nextKeyHashes=[key_hash(key(3))])
    board.update(signers=[key(3)], updateKeys=[multikey(key(3))], nextKeyHashes=[])
    board.update(signers=[key(3)], updateKeys=[multikey(key(4))])
    board.update(signers=[key(4)])
    assert len(read(board)) == 5


@pytest.mark.parametrize(
    ("signer", "parameters", "message"),
    [
        (key(1), {}, "pre-rotation is active"),
        (key(2), {"updateKeys": [multikey(key(2))]}, "pre-rotation is active"),
        (key(2), {"nextKeyHashes": []}, "pre-rotation is active"),
        (key(1), {"updateKeys": [multikey(key(1))], "nextKeyHashes": []}, "not announced"),
        (key(2), {"updateKeys": [multikey(key(2)), multikey(key(66))], "nextKeyHashes": []}, "not announced"),
        (key(1), {"updateKeys": [], "nextKeyHashes": []}, "not announced"),
        (key(1), {"updateKeys": [multikey(key(2))], "nextKeyHashes": []}, "may not update"),
    ],
)
def test_keys_that_were_not_announced(signer: Any, parameters: dict[str, Any], message: str) -> None:
    board = WebvhController(first={"nextKeyHashes": [key_hash(key(2))]})
    board.update(signers=[signer], **parameters)
    refused(board, f"entry 2: .*{message}")


# --- time


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


# --- parameters


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


# --- portability


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


# --- bounds


def test_too_many_entries_are_refused_before_any_is_read() -> None:
    board = WebvhController()
    refused(board, "more than 2000 entries", board.log + b"{}\n" * 2000)


def test_too_many_bytes() -> None:
    board = WebvhController()
    refused(board, "bytes", board.log.rstrip(b"\n") + b" " * log.MAX_LOG_BYTES)


def test_hostile_json() -> None:
    board = WebvhController()
    for body in (
        b"[" * 100_000,
        b'{"a":1,"a":2}',
        b"\xff\xfe",
        b'{"versionId":' + b"9" * 5000 + b"}",
        board.log + b'{"versionId":"2-x","versionId":"2-y"}\n',
    ):
        with pytest.raises((HistoryInvalid, Refused)):
            read(board, body)
