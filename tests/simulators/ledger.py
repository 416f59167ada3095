"""A ledger in memory: blocks with real raw logs, reorganisations, outages and lies, on demand."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Literal

from eth_abi.abi import decode, encode

from registry.chain import BlockHeader, Finality, LedgerUnavailable, RangeTooLarge, RawLog, UnknownBlock
from registry.events import BlockBatch, LedgerEvent, LoggedEvent
from registry.records import BlockStamp
from tests.simulators.contracts import ContractsModel, keccak
from tests.simulators.raw_logs import CONTRACTS, raw_log, tx_hash

VIEWS = [("issuer", "uint32"), ("issuerIdOfOperator", "address"), ("list", "bytes32"), ("head", "bytes32")]
GENESIS_TIME = 1_700_000_000
SECONDS_A_BLOCK = 5


@dataclass
class Block:
    header: BlockHeader
    events: tuple[LedgerEvent, ...]
    contracts: ContractsModel  # as they stand at the end of the block
    logs: list[RawLog] = field(default_factory=list)

    def batch(self) -> BlockBatch:
        logged = tuple(LoggedEvent(e, tx_hash(self.header.stamp), i) for i, e in enumerate(self.events))
        return BlockBatch(self.header.stamp, self.header.parent_hash, logged)


class SimulatedLedger:
    """What the follower asks of `registry.chain.Ledger`, and what a test does to it.

    `mine` adds a block; `fork(n)` drops every block above n, so that what is mined next takes another branch.
    """

    def __init__(self, finality: Finality | None = None, genesis_time: int = GENESIS_TIME) -> None:
        self._genesis_time = genesis_time
        self.finality = finality or Finality.instant()
        self.down = False
        self.turns = 0
        self.deployed = CONTRACTS.all()
        self.range_limit: int | None = None  # blocks per answer
        self.calls: list[str] = []
        self.spoil: Callable[[list[RawLog]], list[RawLog]] = lambda logs: logs
        self._branch = 0
        self._news = asyncio.Event()
        self.blocks: list[Block] = []
        self._append((), ContractsModel())

    # --- what a test does

    @property
    def contracts(self) -> ContractsModel:
        """A copy of the contracts as they stand: call methods on it and pass the events to `mine`."""
        return self.blocks[-1].contracts.copy()

    @property
    def time(self) -> int:
        """Of the next block."""
        return self.blocks[-1].header.stamp.time + SECONDS_A_BLOCK

    def mine(self, *calls: Callable[[ContractsModel], list[LedgerEvent]]) -> BlockStamp:
        """A block with the events of these calls, made one after another on the contracts."""
        contracts = self.contracts
        events = tuple(event for call in calls for event in call(contracts))
        return self.mine_events(events, contracts)

    def mine_events(self, events: Sequence[LedgerEvent], contracts: ContractsModel | None = None) -> BlockStamp:
        """A block with these very events, whatever the contracts would say."""
        self._append(tuple(events), contracts or self.contracts)
        self._news.set()
        return self.blocks[-1].header.stamp

    def fork(self, number: int) -> None:
        del self.blocks[number + 1 :]
        self._branch += 1

    def batches(self, after: int = -1) -> list[BlockBatch]:
        return [block.batch() for block in self.blocks[after + 1 :]]

    # --- what the follower asks

    async def final_head(self) -> BlockHeader | None:
        self._ask("final_head")
        at = len(self.blocks) - 1 - self.finality.depth
        return self.blocks[at].header if at >= 0 else None

    async def header(self, block: int | Literal["latest", "safe", "finalized"]) -> BlockHeader | None:
        self._ask("header")
        if not isinstance(block, int):
            return self.blocks[-1].header
        return self.blocks[block].header if block < len(self.blocks) else None

    async def headers(self, first: int, last: int) -> list[BlockHeader]:
        self._ask("headers")
        return [block.header for block in self.blocks[first : last + 1]]

    async def logs_of_block(self, block_hash: bytes, addresses: Sequence[str]) -> list[RawLog]:
        self._ask("logs_of_block")
        for block in self.blocks:
            if block.header.stamp.hash == block_hash:
                return self.spoil(list(block.logs))
        raise UnknownBlock(0, "no such block")

    async def logs_in_range(self, first: int, last: int, addresses: Sequence[str]) -> list[RawLog]:
        self._ask("logs_in_range")
        if self.range_limit is not None and last - first + 1 > self.range_limit:
            raise RangeTooLarge(-32005, "range too large")
        return self.spoil([log for block in self.blocks[first : last + 1] for log in block.logs])

    async def code(self, address: str) -> bytes:
        self._ask("code")
        return b"\0" if address in self.deployed else b""

    async def wait_for_head(self, timeout: float, known: int | None = None) -> None:
        self._news.clear()
        if known is None or len(self.blocks) - 1 <= known:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), min(timeout, 0.02))

    async def call(self, to: str, data: bytes, block: int | str) -> bytes:
        self._ask("call")
        assert isinstance(block, int), "every read names its block"
        contract = {
            CONTRACTS.issuer_registry: "issuers",
            CONTRACTS.did_registry: "dids",
            CONTRACTS.status_registry: "lists",
        }[to]
        name, argument = next(
            (name, kind) for name, kind in VIEWS if keccak(f"{name}({kind})".encode())[:4] == data[:4]
        )
        types, values = self.blocks[block].contracts.view(contract, name, decode([argument], data[4:])[0])
        return encode(types, values)

    # --- inside

    def _ask(self, what: str) -> None:
        self.calls.append(what)
        if self.down:
            raise LedgerUnavailable("the simulated ledger is down")

    def _hash(self, number: int, time: int, parent_hash: bytes, contracts: ContractsModel) -> bytes:
        return sha256(b"%d %d %s" % (number, self._branch if number else 0, parent_hash)).digest()

    def _append(self, events: tuple[LedgerEvent, ...], contracts: ContractsModel) -> None:
        number = len(self.blocks)
        parent = self.blocks[-1].header.stamp if self.blocks else BlockStamp(-1, bytes(32), self._genesis_time)
        time = parent.time + SECONDS_A_BLOCK
        stamp = BlockStamp(number, self._hash(number, time, parent.hash, contracts), time)
        bloom = b"\xff" * 256 if events else bytes(256)
        header = BlockHeader(stamp, parent.hash, bloom, 30_000_000, 0)
        logs = [raw_log(event, stamp, index) for index, event in enumerate(events)]
        self.blocks.append(Block(header, events, contracts, logs))
