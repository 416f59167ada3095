"""A ledger of many updates as its JSON-RPC interface would give it, made beforehand and answered from memory.

So the figures are of the replica alone: what a real ledger takes to look its logs up comes on top.
"""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import httpx2
import orjson

from registry import status_delta
from registry.bindings.addresses import ContractAddresses, keccak256
from registry.bindings.decoder import TOPICS
from registry.bindings.status_registry import list_id_of
from registry.events import LedgerEvent, StatusListCreated
from registry.records import BlockStamp, StatusPurpose
from registry.replica.bitmaps import Bitmap
from registry.replica.empty_tree import empty_root
from registry.replica.heads import genesis_head, next_head
from tests.simulators.contracts import ContractsModel
from tests.simulators.ledger import CONTRACTS, raw_log

REVOCATION = StatusPurpose.REVOCATION
GENESIS_TIME = 1_700_000_000
PUBLISHED = next(topic for name, topic in TOPICS.items() if name.startswith("StatusPublished("))


@dataclass
class Held:
    """A list as it stands at the end."""

    list_id: bytes
    bits: Bitmap
    seq: int
    head: bytes


@dataclass
class SyntheticLedger:
    """Blocks of `per_block` updates to random entries of `lists` revocation lists of `size` entries."""

    events: int
    lists: int = 300
    size: int = 131_072
    per_block: int = 4_000
    contracts: ContractAddresses = CONTRACTS
    blocks: list[tuple[bytes, bytes]] = field(default_factory=list)  # header, logs: JSON
    uris: list[str] = field(default_factory=list)
    held: list[Held] = field(
        default_factory=list
    )  # what the lists have come to, in the order of their addresses

    def __post_init__(self) -> None:
        self.uris = [f"https://board.example/status-lists/{number}" for number in range(self.lists)]
        self._parent = bytes(32)
        self._numbers: dict[str, int] = {}
        self._block(lambda stamp: [])
        self._dice = random.Random(7)  # noqa: S311 – which entries it takes does not matter
        root = empty_root(self.size)
        made: list[LedgerEvent] = list(ContractsModel().accredit("did:web:board.example"))
        for uri in self.uris:
            list_id = list_id_of(uri)
            head = genesis_head(list_id, 1, self.size, REVOCATION, 1, root)
            made.append(StatusListCreated(list_id, 1, self.size, REVOCATION, 1, head, root, uri))
            self.held.append(Held(list_id, Bitmap(self.size), 0, head))
        self._block(lambda stamp: [orjson.dumps(raw_log(event, stamp, n)) for n, event in enumerate(made)])
        left = self.events
        while left:
            count = min(left, self.per_block)
            self._block(lambda stamp, count=count: [self._update(stamp, n) for n in range(count)])  # type: ignore[misc] # bound at once
            left -= count

    def _block(self, logs: Callable[[BlockStamp], list[bytes]]) -> None:
        number = len(self.blocks)
        stamp = BlockStamp(number, sha256(b"block %d" % number).digest(), GENESIS_TIME + 5 * number)
        header = {
            "number": hex(number),
            "hash": "0x" + stamp.hash.hex(),
            "parentHash": "0x" + self._parent.hex(),
            "timestamp": hex(stamp.time),
            "logsBloom": "0x" + "ff" * 256,
            "gasLimit": "0x1c9c380",
        }
        self._parent = stamp.hash
        self._numbers[header["hash"]] = number
        self.blocks.append((orjson.dumps(header), b",".join(logs(stamp))))

    def _update(self, stamp: BlockStamp, index: int) -> bytes:
        held = self.held[self._dice.randrange(self.lists)]
        position = self._dice.randrange(self.size)
        delta = status_delta.encode([position])
        held.bits.set(position)
        root = held.bits.root()
        held.seq += 1
        held.head = next_head(held.head, held.seq, delta, root, stamp.time)
        body = held.head + root + stamp.time.to_bytes(32, "big") + (128).to_bytes(32, "big")
        body += len(delta).to_bytes(32, "big") + delta.ljust(32, b"\0")
        tx = keccak256(stamp.hash + (index // 400).to_bytes(4, "big")).hex()
        return (
            f'{{"address":"{self.contracts.status_registry.lower()}",'
            f'"topics":["0x{PUBLISHED.hex()}","0x{held.list_id.hex()}","0x{held.seq:064x}"],"data":"0x{body.hex()}",'
            f'"blockNumber":"{stamp.number:#x}","blockHash":"0x{stamp.hash.hex()}","transactionHash":"0x{tx}",'
            f'"transactionIndex":"{index // 400:#x}","logIndex":"{index:#x}","removed":false}}'
        ).encode()

    def transport(self) -> httpx2.AsyncBaseTransport:
        return httpx2.MockTransport(self._answer)

    def _answer(self, request: httpx2.Request) -> httpx2.Response:
        asked = orjson.loads(request.content)
        if isinstance(asked, list):
            parts = [b"[", *_with_commas(self._result(one) for one in asked), b"]"]
        else:
            parts = self._result(asked)
        return httpx2.Response(200, content=_sent(parts))

    def _result(self, asked: dict[str, Any]) -> list[bytes]:
        """In pieces, as they lie here: to put them together is the receiver's work."""
        value = self._value(asked["method"], asked["params"])
        parts = value if isinstance(value, list) else [value]
        return [b'{"jsonrpc":"2.0","id":%d,"result":' % asked["id"], *parts, b"}"]

    def _value(self, method: str, params: list[Any]) -> bytes | list[bytes]:
        if method == "eth_chainId":
            return b'"0x539"'
        if method == "eth_getBlockByNumber":
            number = len(self.blocks) - 1 if params[0] == "latest" else int(params[0], 16)
            return self.blocks[number][0] if number < len(self.blocks) else b"null"
        if method == "eth_getCode":
            return b'"0x01"'
        if method == "eth_getBlockByHash":
            return self.blocks[self._numbers[params[0]]][0]
        if method != "eth_getLogs":
            raise NotImplementedError(method)
        query = params[0]
        if "blockHash" in query:
            return [b"[", self.blocks[self._numbers[query["blockHash"]]][1], b"]"]
        first, last = int(query["fromBlock"], 16), int(query["toBlock"], 16)
        return [b"[", *_with_commas([logs] for _, logs in self.blocks[first : last + 1] if logs), b"]"]


def _with_commas(several: Iterable[list[bytes]]) -> list[bytes]:
    parts = [part for one in several for part in (b",", *one)]
    return parts[1:]


async def _sent(parts: list[bytes]) -> AsyncIterator[bytes]:
    for part in parts:
        yield part
