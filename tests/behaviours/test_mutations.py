"""One walk over all mechanisms: whatever is changed in what was signed, and in the key, nothing is accepted."""

from __future__ import annotations

import asyncio
import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest

from node.verification.verdict import Decision, Verdict
from tests.simulators.mechanism import Board, Covers, Mechanism
from tests.simulators.mechanisms import MECHANISMS
from tests.simulators.policies import DEFAULT_POLICY
from tests.simulators.wallet import CHALLENGE, DOMAIN

Document = dict[str, Any]
BYTES_APART = 11  # of a text as a whole; what was signed is walked value by value


@pytest.fixture(params=MECHANISMS)
def mechanism(request: pytest.FixtureRequest) -> Mechanism:
    return MECHANISMS[request.param]


def judged(board: Board, presented: bytes) -> Verdict:
    asked = {"challenge": CHALLENGE, "domain": DOMAIN} if b"~" in presented else {}
    return asyncio.run(board.party.service.verify(presented, policy=DEFAULT_POLICY, **asked))


def presented(mechanism: Mechanism, board: Board) -> bytes:
    secured = mechanism.secured(board)
    return (secured if isinstance(secured, str) else json.dumps(secured)).encode()


def test_the_genuine_one_is_accepted(mechanism: Mechanism) -> None:
    board = mechanism.board()
    verdict = judged(board, presented(mechanism, board))
    assert verdict.decision is Decision.ACCEPT, verdict
    assert board.party.web.asked == []


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    empty = True
    for key, item in items:
        empty = False
        yield from leaves(item, (*path, key))
    if empty:
        yield path


def changed(value: Any) -> Iterator[Any]:
    """A text with one bit of its first, middle or last character flipped; any other value with another."""
    if isinstance(value, str) and value:
        for place in {0, len(value) // 2, len(value) - 1}:
            yield value[:place] + chr(ord(value[place]) ^ 1) + value[place + 1 :]
        yield value + " "
    elif isinstance(value, bool):
        yield not value
    elif isinstance(value, int | float):
        yield value + 1
    else:
        yield "x"


# A token is walked byte by byte, below.
DOCUMENTS = [one.name for one in MECHANISMS.values() if one.covers is not Covers.TOKEN]


@pytest.mark.parametrize("mechanism", DOCUMENTS, indirect=True)
def test_no_value_can_change_and_no_member_go(mechanism: Mechanism) -> None:
    """Members, types, dates, the status entry, every proof and all it says."""
    board = mechanism.board()
    secured = mechanism.secured(board)
    assert isinstance(secured, dict)
    tried = 0
    for path in leaves(secured):
        if path[0] == "@context" and mechanism.covers is Covers.MEANING:
            continue  # not signed: test_attacks.py, and below what is read
        for other in [*changed(_at(secured, path)), None]:
            twin = copy.deepcopy(secured)
            holder = _at(twin, path[:-1])
            if other is None and isinstance(holder, dict):
                del holder[path[-1]]
            elif other is None:
                continue
            else:
                holder[path[-1]] = other
            if "proofs" in mechanism.name and _spoils_itself_alone(path):
                continue
            verdict = judged(board, json.dumps(twin).encode())
            assert verdict.decision is not Decision.ACCEPT, (path, other)
            tried += 1
    assert tried > 60


def _spoils_itself_alone(path: tuple[Any, ...]) -> bool:
    """Of a set one proof must hold; another that is no longer for us to judge is passed over."""
    return path[0] == "proof" and path[-1] in ("type", "cryptosuite", "verificationMethod", "proofPurpose")


def _at(value: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        value = value[step]
    return value


def test_no_byte_can_change_what_is_read(mechanism: Mechanism) -> None:
    """One bit of a byte flipped: not accepted, or what is read stays what it was."""
    board = mechanism.board()
    genuine = presented(mechanism, board)
    read = judged(board, genuine).credentials[0].credential
    assert read is not None
    for position in range(0, len(genuine), BYTES_APART):
        for bit in (1, 32):
            twin = bytearray(genuine)
            twin[position] ^= bit
            verdict = judged(board, bytes(twin))
            if verdict.decision is Decision.ACCEPT:
                assert mechanism.covers is not Covers.TOKEN, position
                found = verdict.credentials[0].credential
                assert found is not None
                assert _without_context(found) == _without_context(read), position


def _without_context(document: Document) -> Document:
    return {
        name: value
        for name, value in document.items()
        if name != "@context" and not (name == "proof" and isinstance(value, list))
    }


def test_no_byte_of_the_key_can_change(mechanism: Mechanism) -> None:
    board = mechanism.board()
    genuine = presented(mechanism, board)
    for path in leaves(board.published):
        value = _at(board.published, path)
        if path == ("type",) or not isinstance(value, str):
            continue
        for place in range(0, len(value), max(1, len(value) // 24)):
            other = copy.deepcopy(board.published)
            flipped = "A" if value[place] != "A" else "B"
            _at(other, path[:-1])[path[-1]] = value[:place] + flipped + value[place + 1 :]
            if _names_the_same(board.published, other):
                continue
            board.pin(other)
            assert judged(board, genuine).decision is not Decision.ACCEPT, (path, place)
    board.pin(board.published)
    assert judged(board, genuine).decision is Decision.ACCEPT


def _names_the_same(one: Document, other: Document) -> bool:
    """An account is the same in any case of its letters, on any chain of its kind."""
    account = one.get("blockchainAccountId", "")
    return bool(account) and other["blockchainAccountId"].rpartition(":")[2] == account.rpartition(":")[2]
