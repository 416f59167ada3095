"""Who may add to a did:webvh log: keys that were named, and keys that were announced."""

from __future__ import annotations

from typing import Any

import pytest

from node.did.versions import HistoryInvalid
from node.verification.refusals import Refused
from tests.simulators.webvh_log import WebvhController, key, key_hash, multikey, proof
from tests.unit.node.did.webvh.reading import read, refused


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
