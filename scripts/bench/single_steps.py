"""What stands beside whole verifications: status lists, and what is left to the general processor.

`poison.py` measures what is made to keep a verifier busy.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from node.crypto import base64url
from node.verification.packed_list import bitstring
from node.verification.proofs.contexts import Contexts
from node.verification.proofs.data_integrity.data_integrity import DataIntegrity
from node.verification.proofs.data_integrity.general import InThisProcess
from node.verification.proofs.data_integrity.statements import Quad
from scripts.bench.cases import FIXTURES, Question, fixture
from scripts.bench.in_process import Peers
from scripts.bench.measuring import Figures, in_turn, timed
from tests.simulators.fixture_ledger import LIST_SIZE
from tests.simulators.hospital import Hospital

LIST_PEER = "@digitalbazaar/vc-bitstring-status-list"
DECODE, LOOK_UP = "status list decoded", "status bit looked up"
_INDEX = 94_567
_LOOK_UPS = 1_000


def _encoded(*positions: int) -> str:
    bits = bytearray(LIST_SIZE // 8)
    for position in positions:
        bits[position >> 3] |= 0x80 >> (position & 7)
    return "u" + base64url.encode(gzip.compress(bytes(bits)))


def questions() -> dict[tuple[str, str], tuple[Question, Question]]:
    """For the peer that reads status lists: what it is asked, and what it must refuse."""
    revoked = range(7, LIST_SIZE, 997)
    encoded = _encoded(*(one for one in revoked if one != _INDEX))
    decode = {"encodedList": encoded, "size": LIST_SIZE}
    look_up = {"encodedList": encoded, "index": _INDEX}
    return {
        (DECODE, LIST_PEER): (decode, decode | {"encodedList": encoded[:-8]}),
        (LOOK_UP, LIST_PEER): (look_up, look_up | {"encodedList": _encoded(_INDEX)}),
    }


def measured(node: Hospital, peers: Peers | None, *, rounds: int, seconds: float) -> Iterator[str]:
    """A line for each."""
    encoded = questions()[DECODE, LIST_PEER][0]["encodedList"]
    held = bitstring(encoded)
    ledger, uri = node.replica.queries, "https://board.example/status-lists/1"
    yield from _beside(DECODE, partial(bitstring, encoded), peers, 1, rounds=rounds, seconds=seconds)
    look_up = _repeated(partial(held.value, _INDEX))
    yield from _beside(LOOK_UP, look_up, peers, _LOOK_UPS, rounds=rounds, seconds=seconds)
    [reading] = in_turn([partial(timed, partial(ledger.status, uri, _INDEX))], rounds=rounds, seconds=seconds)
    yield f"status read from the replica, with its history: {reading.median:.2f} µs"
    yield _declined()


def _beside(
    name: str, ours: Callable[[], object], peers: Peers | None, times: int, *, rounds: int, seconds: float
) -> Iterator[str]:
    contenders = [partial(timed, ours)]
    able = peers is not None and not peers.faults[name, LIST_PEER]
    if peers is not None and able:
        contenders.append(partial(peers.timed, name, LIST_PEER))
    own, *others = in_turn(contenders, rounds=rounds, seconds=seconds)
    line = f"{name}: {own.median / times:.3f} µs"
    yield line + "".join(_compared(one, own, times) for one in others)


def _compared(theirs: Figures, ours: Figures, times: int) -> str:
    return f"; {LIST_PEER} {theirs.median / times:.3f} µs, {theirs.median / ours.median:.1f} times ours"


def _repeated(call: Callable[[], object]) -> Callable[[], None]:
    def many() -> None:
        for _ in range(_LOOK_UPS):
            call()

    return many


class _Counted(InThisProcess):
    """The general processor, counting what is left to it."""

    def __init__(self, contexts: Contexts) -> None:
        super().__init__(contexts)
        self.left = 0

    def quads(self, document: Mapping[str, Any], why: str) -> list[Quad]:
        self.left += 1
        return super().quads(document, why)


def _declined() -> str:
    """How many of the fixtures, by their RDF, are not read by the fast path."""
    contexts = Contexts()
    general = _Counted(contexts)
    integrity = DataIntegrity(contexts, general)
    count = 0
    for path in sorted(FIXTURES.glob("*.json")):
        document = fixture(path.name)
        if "proof" in document:
            integrity.documents.canonical({name: value for name, value in document.items() if name != "proof"})
            count += 1
    return f"fixtures left to the general processor: {general.left} of {count}"
