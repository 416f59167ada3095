"""The events of an ERC-1056 registry, and how an identity's are found.

Each event names the block of the one before (`previousChange`), so the registry's `changed(identity)` leads
back through all of them, a block at a time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from node.did.versions import HistoryInvalid
from registry.bindings.abi import AbiMismatch, Function, decoded
from registry.bindings.addresses import keccak256, parsed
from registry.chain import BlockHeader, BlockTag, LedgerError, LedgerUnavailable, RawLog

MAX_BLOCKS = 500  # with changes of one identity: two calls to the ledger each
MAX_EVENTS = 2000
DEADLINE = 20.0  # seconds for all of them

_CHANGED = Function("changed", "address", returns=("uint256",))


@dataclass(frozen=True, slots=True)
class OwnerChanged:
    """`DIDOwnerChanged`."""

    block: int
    time: int  # of the block, Unix seconds
    owner: bytes  # 20 bytes; all zero: nobody any more


@dataclass(frozen=True, slots=True)
class DelegateChanged:
    """`DIDDelegateChanged`."""

    block: int
    time: int
    kind: str  # veriKey, sigAuth, …
    delegate: bytes  # 20 bytes
    valid_to: int  # Unix seconds; revoked by one that has passed


@dataclass(frozen=True, slots=True)
class AttributeChanged:
    """`DIDAttributeChanged`."""

    block: int
    time: int
    name: str  # did/pub/…, did/svc/…
    value: bytes
    valid_to: int


Event = OwnerChanged | DelegateChanged | AttributeChanged


class EventLedger(Protocol):
    """What is asked of the ledger; `registry.chain.Ledger` is one."""

    async def chain_id(self) -> int: ...

    async def final_head(self) -> BlockHeader | None: ...

    async def header(self, block: BlockTag) -> BlockHeader | None: ...

    async def call(self, to: str, data: bytes, block: BlockTag) -> bytes: ...

    async def logs_of_block(self, block_hash: bytes, addresses: Sequence[str]) -> list[RawLog]: ...


async def events_of(ledger: EventLedger, registry: str, identity: bytes) -> tuple[list[Event], BlockHeader]:
    """All events of an identity up to the ledger's final head, oldest first, and that head.

    Raises HistoryInvalid, LedgerError, LedgerUnavailable, WrongLedger.
    """
    try:
        async with asyncio.timeout(DEADLINE):
            return await _walk(ledger, registry, identity)
    except TimeoutError as error:
        raise LedgerUnavailable("the ledger took too long") from error
    except AbiMismatch as error:
        raise LedgerError(0, f"the registry's answer is not one: {error}") from error


async def _walk(ledger: EventLedger, registry: str, identity: bytes) -> tuple[list[Event], BlockHeader]:
    head = await ledger.final_head()
    if head is None:
        raise LedgerUnavailable("the ledger has no final block yet")
    (block,) = await _CHANGED.read(ledger.call, registry, head.stamp.number, "0x" + identity.hex())
    found: list[list[Event]] = []
    while block:
        if len(found) >= MAX_BLOCKS or sum(map(len, found)) > MAX_EVENTS:
            raise HistoryInvalid(f"it changed in more than {MAX_BLOCKS} blocks or {MAX_EVENTS} times")
        header = await ledger.header(block) if block <= head.stamp.number else None
        if header is None:
            raise LedgerError(0, "the registry points to a block that is not there")
        logs = await ledger.logs_of_block(header.stamp.hash, [registry])
        decoded_logs = [_decode(log, header) for log in logs if _is_about(log, identity)]
        if not decoded_logs:
            raise LedgerError(0, "the registry points to a block without its event")
        found.append([event for event, _ in decoded_logs])
        previous = min(before for _, before in decoded_logs)
        if previous >= block:
            raise LedgerError(0, "the registry's events do not lead back")
        block = previous
    return [event for events in reversed(found) for event in events], head


def _is_about(log: RawLog, identity: bytes) -> bool:
    topics = log.get("topics")
    return isinstance(topics, list) and len(topics) == 2 and topics[1] == "0x" + identity.rjust(32, b"\0").hex()


def _decode(log: RawLog, header: BlockHeader) -> tuple[Event, int]:
    """An event, and the block of the one before it."""
    types = _EVENTS.get(str(log["topics"][0]))
    data = log.get("data")
    if types is None or not isinstance(data, str):
        raise LedgerError(0, "the registry's log is no event of its")
    try:
        values: tuple[Any, ...] = decoded(types, bytes.fromhex(data.removeprefix("0x")))
    except ValueError as error:
        raise LedgerError(0, "the registry's log is no event of its") from error
    block, time = header.stamp.number, header.stamp.time
    if types == _OWNER:
        return OwnerChanged(block, time, parsed(values[0])), values[1]
    name = values[0].rstrip(b"\0").decode("utf-8", "replace")
    if types == _DELEGATE:
        return DelegateChanged(block, time, name, parsed(values[1]), values[2]), values[3]
    return AttributeChanged(block, time, name, values[1], values[2]), values[3]


_OWNER = ("address", "uint256")
_DELEGATE = ("bytes32", "address", "uint256", "uint256")
_ATTRIBUTE = ("bytes32", "bytes", "uint256", "uint256")


def _topic(name: str, types: tuple[str, ...]) -> str:
    return "0x" + keccak256(f"{name}(address,{','.join(types)})".encode()).hex()


_EVENTS = {
    _topic("DIDOwnerChanged", _OWNER): _OWNER,
    _topic("DIDDelegateChanged", _DELEGATE): _DELEGATE,
    _topic("DIDAttributeChanged", _ATTRIBUTE): _ATTRIBUTE,
}
