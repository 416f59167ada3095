"""did:webvh: enough witnesses, and what does not count as one."""

from __future__ import annotations

from typing import Any

import pytest

from node.did.document import DidDocument
from node.verification.evidence import Unresolved
from tests.simulators.webvh_log import WebvhController, did_key, key, multikey, proof
from tests.unit.node.did.webvh.hosting import RULE, Host, resolved, resolver


def witnessed() -> WebvhController:
    board = WebvhController(first={"witness": RULE})
    board.update()
    return board


async def test_enough_witnesses() -> None:
    board = witnessed()
    board.approve(board.entries[1]["versionId"], key(21), key(23))
    host = Host(board.pages())
    assert isinstance(await resolver(host).resolve(board.did), DidDocument)
    assert host.asked[1] == "https://board.example/.well-known/did-witness.json"


def _fewer(board: WebvhController) -> None:
    board.approve(board.entries[1]["versionId"], key(21))


def _one_twice(board: WebvhController) -> None:
    board.approve(board.entries[1]["versionId"], key(21), key(21))


def _a_stranger(board: WebvhController) -> None:
    board.approve(board.entries[1]["versionId"], key(21), key(66))


def _an_earlier_entry(board: WebvhController) -> None:
    board.approve(board.entries[1]["versionId"], key(21))
    board.approve(board.entries[0]["versionId"], key(22))


def _a_version_not_in_the_log(board: WebvhController) -> None:
    board.approve(board.entries[1]["versionId"], key(21))
    board.approve("3-QmUnpublished", key(22))


def _another_purpose(board: WebvhController) -> None:
    version = board.entries[1]["versionId"]
    board.approve(version, key(21))
    wrong = proof({"versionId": version}, key(22), proofPurpose="authentication")
    board.witness_file.append({"versionId": version, "proof": [wrong]})


def _a_proof_moved_to_another_version(board: WebvhController) -> None:
    board.approve(board.entries[0]["versionId"], key(21), key(22))
    board.witness_file[0]["versionId"] = board.entries[1]["versionId"]


def _nothing(board: WebvhController) -> None:
    pass


@pytest.mark.parametrize(
    "approve",
    [
        _fewer,
        _one_twice,
        _a_stranger,
        _an_earlier_entry,
        _a_version_not_in_the_log,
        _another_purpose,
        _a_proof_moved_to_another_version,
        _nothing,
    ],
)
async def test_too_few_witnesses(approve: Any) -> None:
    board = witnessed()
    approve(board)
    found = await resolved(board)
    assert isinstance(found, Unresolved)
    assert (found.definite, found.error) == (True, "INVALID_DID")
    assert "fewer than 2 of its witnesses" in found.detail


async def test_a_proof_that_is_wrong_does_not_spoil_those_that_hold() -> None:
    board = witnessed()
    version = board.entries[1]["versionId"]
    board.approve(version, key(21), key(22))
    board.witness_file.insert(
        0, {"versionId": version, "proof": [{**proof({"versionId": "x"}, key(21))}, "nonsense"]}
    )
    assert isinstance(await resolved(board), DidDocument)


@pytest.mark.parametrize("body", [b"{}", b"[7]", b"[{}]", b"not json", b"[" * 9999, b"x" * (2 << 20), None])
async def test_a_file_of_witness_proofs_that_is_none(body: bytes | None) -> None:
    board = witnessed()
    pages: dict[str, bytes] = board.pages()
    url = board.log_url.replace("did.jsonl", "did-witness.json")
    if body is None:
        del pages[url]
    else:
        pages[url] = body
    found = await resolver(Host(pages)).resolve(board.did)
    assert isinstance(found, Unresolved)
    assert found.definite


async def test_thousands_of_witness_proofs_are_bounded() -> None:
    board = witnessed()
    version = board.entries[1]["versionId"]
    vm = f"{did_key(key(21))}#{multikey(key(21))}"
    board.witness_file = [{"versionId": version, "proof": [{"verificationMethod": vm}] * 5000}]
    found = await resolved(board)
    assert isinstance(found, Unresolved)
    assert "more than 4096 witness proofs" in found.detail


async def test_witnesses_are_dismissed_by_the_witnesses() -> None:
    """The entry that ends or changes a rule is approved by those named before it; the next is not."""
    board = WebvhController(first={"witness": RULE})
    last_witnessed = board.update(witness={})
    board.update()
    found = await resolved(board)
    assert isinstance(found, Unresolved)
    board.approve(last_witnessed, key(21), key(22))
    assert isinstance(await resolved(board), DidDocument)


async def test_new_witnesses_approve_from_the_next_entry_on() -> None:
    board = WebvhController(first={"witness": RULE})
    changed = board.update(witness={"threshold": 1, "witnesses": [{"id": did_key(key(31))}]})
    board.approve(changed, key(31))
    assert isinstance(await resolved(board), Unresolved)
    board.approve(changed, key(21), key(22))
    assert isinstance(await resolved(board), DidDocument)
    later = board.update()
    assert isinstance(await resolved(board), Unresolved)
    board.approve(later, key(31))
    assert isinstance(await resolved(board), DidDocument)


async def test_the_first_witnesses_named_later_approve_at_once() -> None:
    board = WebvhController()
    named = board.update(witness=RULE)
    assert isinstance(await resolved(board), Unresolved)
    board.approve(named, key(22), key(23))
    assert isinstance(await resolved(board), DidDocument)
