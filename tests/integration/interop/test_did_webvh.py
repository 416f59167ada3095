"""Logs that the reference implementation of did:webvh makes are read here; those made here, there.

`did-webvh` is a test dependency. The unit tests' own log builder is held to it here, too.
"""

from __future__ import annotations

import asyncio
import copy
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from node.did.versions import HistoryInvalid
from node.did.webvh import log, witnesses
from node.verification.refusals import Refused
from tests.simulators.webvh_log import START, WebvhController, did_key, key, key_hash, multikey, proof

pytest.importorskip("did_webvh", reason="did-webvh is not installed")

from did_webvh.askar import AskarSigningKey
from did_webvh.core.resolver import DidResolver
from did_webvh.core.state import DocumentState
from did_webvh.verify import WebvhVerifier

NOW = datetime.now(UTC).timestamp() + 60


class Source:
    """Serves a log to the reference resolver from memory."""

    def __init__(self, board: WebvhController) -> None:
        self._board = board

    @asynccontextmanager
    async def resolve_entry_log(self, _: str | None) -> AsyncIterator[Any]:
        yield _lines(self._board.log.decode().splitlines())

    @asynccontextmanager
    async def resolve_witness_log(self, _: str | None) -> AsyncIterator[Any]:
        yield _Text(json.dumps(self._board.witness_file))


async def _lines(lines: list[str]) -> AsyncIterator[str]:
    for line in lines:
        yield line


class _Text:
    def __init__(self, text: str) -> None:
        self._text = text

    async def text(self) -> str:
        return self._text


def theirs(board: WebvhController) -> dict[str, Any]:
    """What the reference resolver answers."""
    answer = asyncio.run(DidResolver(WebvhVerifier()).resolve(board.did, Source(board)))
    found: dict[str, Any] = answer.serialize()
    return found


def ours(board: WebvhController) -> bool:
    try:
        entries = log.read(board.log, board.scid, now=NOW)
        if witnesses.needed(entries):
            witnesses.check(entries, json.dumps(board.witness_file).encode(), now=NOW)
    except (HistoryInvalid, Refused):
        return False
    return True


def _plain() -> WebvhController:
    return WebvhController()


def _updated() -> WebvhController:
    board = WebvhController()
    board.update(updateKeys=[multikey(key(2)), multikey(key(3))], ttl=600)
    board.update(signers=[key(3)], state=board.document(board.did, key(8)))
    return board


def _rotated() -> WebvhController:
    board = WebvhController(first={"nextKeyHashes": [key_hash(key(2))]})
    board.update(signers=[key(2)], updateKeys=[multikey(key(2))], nextKeyHashes=[key_hash(key(3))])
    board.update(signers=[key(3)], updateKeys=[multikey(key(3))], nextKeyHashes=[])
    board.update(signers=[key(3)])
    return board


def _moved() -> WebvhController:
    board = WebvhController(first={"portable": True})
    old = board.did
    board.place = "new.example"
    board.update(state=board.document(board.did, alsoKnownAs=[old]))
    return board


def _witnessed() -> WebvhController:
    rule = {"threshold": 2, "witnesses": [{"id": did_key(key(number))} for number in (21, 22, 23)]}
    board = WebvhController(first={"witness": rule})
    board.approve(board.update(), key(21), key(23))
    return board


GENUINE = [_plain, _updated, _rotated, _moved, _witnessed]


@pytest.mark.parametrize("make", GENUINE)
def test_genuine_logs_are_believed_by_both(make: Any) -> None:
    board = make()
    answer = theirs(board)
    assert answer["didDocument"] == board.entries[-1]["state"], answer
    assert ours(board)


def _tampered_state(board: WebvhController) -> None:
    board.entries[-1]["state"]["x"] = 1


def _wrong_signer(board: WebvhController) -> None:
    board.update(signers=[key(66)])


def _tampered_proof(board: WebvhController) -> None:
    board.entries[-1]["proof"][0]["created"] = "2023-11-14T22:13:21Z"


def _other_origin(board: WebvhController) -> None:
    board.entries[0] = WebvhController(signers=[key(5)]).entries[0]


def _swapped(board: WebvhController) -> None:
    board.entries.append(copy.deepcopy(board.entries[0]))


def _earlier(board: WebvhController) -> None:
    board.update(at=START - 5)


@pytest.mark.parametrize(
    "spoil", [_tampered_state, _wrong_signer, _tampered_proof, _other_origin, _swapped, _earlier]
)
@pytest.mark.parametrize("make", [_plain, _updated, _rotated])
def test_spoilt_logs_are_refused_by_both(make: Any, spoil: Any) -> None:
    board = make()
    spoil(board)
    assert theirs(board)["didDocument"] is None
    assert not ours(board)


def test_too_few_witnesses_for_both() -> None:
    board = _witnessed()
    board.witness_file[0]["proof"].pop()
    assert theirs(board)["didDocument"] is None
    assert not ours(board)


def test_a_log_that_the_reference_implementation_made() -> None:
    signer, following = AskarSigningKey.generate("ed25519"), AskarSigningKey.generate("ed25519")
    start = datetime.now(UTC).replace(microsecond=0) - timedelta(days=1)
    document = {"@context": ["https://www.w3.org/ns/did/v1"], "id": "did:webvh:{SCID}:board.example:co"}
    state = DocumentState.initial({"updateKeys": [signer.multikey], "portable": True}, document, start)
    state.sign(signer)
    second = state.create_next(
        {**state.document, "alsoKnownAs": ["did:web:board.example:co"]},
        {"updateKeys": [following.multikey]},
        start + timedelta(hours=1),
    )
    second.sign(signer)
    third = second.create_next(timestamp=start + timedelta(hours=2), params_update={"deactivated": True})
    third.sign(following)
    body = "".join(one.history_json() + "\n" for one in (state, second, third)).encode()
    entries = log.read(body, state.scid, now=NOW)
    assert [entry.version_id for entry in entries] == [one.version_id for one in (state, second, third)]
    assert json.loads(entries[1].document) == second.document
    assert entries[2].parameters.deactivated


def test_where_we_are_stricter() -> None:
    """Refused here by the text of the specification; the reference implementation lets them pass."""
    purpose = WebvhController()
    entry = purpose.entries[0]
    entry["proof"] = [proof(entry, key(1), proofPurpose="authentication")]
    twice = {"threshold": 1, "witnesses": [{"id": did_key(key(21))}, {"id": did_key(key(21))}]}
    listed = WebvhController(first={"witness": twice})
    listed.approve(listed.entries[0]["versionId"], key(21))
    for board in (purpose, listed):
        assert theirs(board)["didDocument"] is not None
        assert not ours(board)
