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
from node.verification.refusals import Refused
from tests.simulators.webvh_log import START, WebvhController, key, multikey, stamp
from tests.unit.node.did.webvh.reading import read, refused


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
