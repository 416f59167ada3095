"""One ledger: what the follower, the publisher and the audit ask of it."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Sequence
from typing import Any, Literal

import httpx2

from registry.chain import values
from registry.chain.addresses import AddressInUse, LedgerAddresses
from registry.chain.errors import LedgerError, LedgerUnavailable, UnknownBlock
from registry.chain.finality import Finality
from registry.chain.logs import logs_of, position
from registry.chain.rpc import MAX_BATCH, TIMEOUT, Call, JsonRpc
from registry.chain.values import BlockHeader, RawLog, Receipt
from registry.chain.wakeup import HeadAnnouncements

BlockTag = int | Literal["latest", "safe", "finalized"]

POLL = 1.0  # seconds between looks at the head when nothing is announced


class Ledger:
    """A JSON-RPC ledger whose identity is checked before its first answer is used, and again after an outage.

    Every method raises LedgerUnavailable, LedgerError or WrongLedger. Addresses are "0x…" texts in any case,
    hashes are 32 bytes.
    """

    def __init__(
        self,
        url: str,
        *others: str,
        chain_id: int | None = None,
        genesis_hash: bytes | None = None,
        finality: Finality | None = None,
        ws_url: str | None = None,
        poll: float = POLL,
        timeout: float = TIMEOUT,
        transport: httpx2.AsyncBaseTransport | None = None,
    ) -> None:
        """Does no I/O. An expectation left out is taken from the ledger's first answer, and held to.

        `others`: further addresses of the same ledger, each asked when the one before it fails.
        """
        self.finality = finality or Finality.instant()
        addresses = [JsonRpc(one, timeout=timeout, transport=transport) for one in (url, *others)]
        self._asked = LedgerAddresses(addresses, chain_id, genesis_hash)
        self._ws_url = ws_url
        self._poll = poll
        self._announcements: HeadAnnouncements | None = None

    @classmethod
    async def connect(
        cls,
        url: str,
        *,
        chain_id: int | None = None,
        genesis_hash: bytes | None = None,
        finality: Finality | None = None,
        ws_url: str | None = None,
        poll: float = POLL,
    ) -> Ledger:
        """A ledger that has answered and is the one meant. Raises WrongLedger, LedgerUnavailable."""
        ledger = cls(
            url,
            chain_id=chain_id,
            genesis_hash=genesis_hash,
            finality=finality,
            ws_url=ws_url,
            poll=poll,
        )
        try:
            await ledger.identify()
        except BaseException:
            await ledger.close()
            raise
        return ledger

    async def close(self) -> None:
        if self._announcements:
            await self._announcements.close()
        await self._asked.close()

    # --- identity

    @property
    def name(self) -> str:
        """Of the address in use: host and port."""
        return self._asked.rpc.name

    @property
    def address_in_use(self) -> AddressInUse:
        return self._asked.in_use

    @property
    def turns(self) -> int:
        """How often another address took over."""
        return self._asked.turns

    async def identify(self) -> tuple[int, bytes]:
        """Chain id and genesis hash, checked against what is expected, of the first address that has them."""
        return await self._asked.identify()

    async def chain_id(self) -> int:
        return await self._asked.chain_id()

    # --- blocks

    async def header(self, block: BlockTag) -> BlockHeader | None:
        """None: there is no such block (yet)."""
        answer = await self._asked.call("eth_getBlockByNumber", _block(block), False)
        return None if answer is None else values.header(answer)

    async def header_by_hash(self, block_hash: bytes) -> BlockHeader | None:
        answer = await self._asked.call("eth_getBlockByHash", _hex(block_hash), False)
        return None if answer is None else values.header(answer)

    async def head(self) -> BlockHeader:
        """The latest block."""
        found = await self.header("latest")
        if found is None:
            raise LedgerUnavailable(f"{self.name} has no latest block")
        return found

    async def final_head(self) -> BlockHeader | None:
        """The latest block that is final by the finality setting. None: there is none yet."""
        if self.finality.tag == "safe":
            return await self.header("safe")
        if self.finality.tag == "finalized":
            return await self.header("finalized")
        head = await self.head()
        if not self.finality.depth:
            return head
        number = head.stamp.number - self.finality.depth
        return None if number < 0 else await self.header(number)

    async def headers(self, first: int, last: int) -> list[BlockHeader]:
        """Blocks `first` to `last` inclusive, ending before the first one that does not exist."""
        calls: list[Call] = [("eth_getBlockByNumber", [hex(n), False]) for n in range(first, last + 1)]
        found: list[BlockHeader] = []
        for start in range(0, len(calls), MAX_BATCH):
            for answer in await self._asked.batch(calls[start : start + MAX_BATCH]):
                if answer is None:
                    return found
                header = values.header(answer)
                if header.stamp.number != first + len(found):
                    raise values.malformed(f"block {first + len(found)}")
                found.append(header)
        return found

    # --- logs

    async def logs_of_block(self, block_hash: bytes, addresses: Sequence[str]) -> list[RawLog]:
        """All logs of these contracts in that very block, in order. Raises UnknownBlock if it was replaced."""
        query = {"blockHash": _hex(block_hash), "address": list(addresses)}
        try:
            logs = logs_of(await self._asked.call("eth_getLogs", query), addresses)
        except LedgerError as error:
            await self._ensure_known(block_hash, error)
            raise
        if any(log.get("blockHash") != _hex(block_hash) for log in logs):
            raise values.malformed("the logs of the block asked for")
        if not logs:  # some ledgers answer so about a block they do not know
            await self._ensure_known(block_hash)
        return logs

    async def logs_in_range(self, first: int, last: int, addresses: Sequence[str]) -> list[RawLog]:
        """All logs of these contracts in blocks `first` to `last` inclusive, in order. Raises RangeTooLarge."""
        query = {"fromBlock": hex(first), "toBlock": hex(last), "address": list(addresses)}
        logs = logs_of(await self._asked.call("eth_getLogs", query), addresses)
        # They are in order.
        if logs and not (first <= position(logs[0])[0] and position(logs[-1])[0] <= last):
            raise values.malformed("the logs of the range asked for")
        return logs

    async def _ensure_known(self, block_hash: bytes, cause: LedgerError | None = None) -> None:
        if await self.header_by_hash(block_hash) is None:
            raise UnknownBlock(0, f"{self.name} does not know block {block_hash.hex()}") from cause

    # --- state

    async def call(self, to: str, data: bytes, block: BlockTag) -> bytes:
        """What a view function returns at that block. A revert raises LedgerError with `revert_data`."""
        return values.data(await self._asked.call("eth_call", {"to": to, "data": _hex(data)}, _block(block)))

    async def code(self, address: str, block: BlockTag = "latest") -> bytes:
        """A contract's code; empty: there is none."""
        return values.data(await self._asked.call("eth_getCode", address, _block(block)))

    async def nonce(self, address: str, block: BlockTag | Literal["pending"] = "latest") -> int:
        """How many transactions the account has sent."""
        return values.quantity(await self._asked.call("eth_getTransactionCount", address, _block(block)), 64)

    # --- proofs

    async def header_members(self, block_hash: bytes) -> dict[str, Any]:
        """Everything the ledger says of a block's header, unchecked. Raises UnknownBlock."""
        answer = await self._asked.call("eth_getBlockByHash", _hex(block_hash), False)
        if answer is None:
            raise UnknownBlock(0, f"{self.name} does not know block {block_hash.hex()}")
        return values.members(answer, "a block")

    async def headers_members_after(self, number: int, count: int) -> list[dict[str, Any]]:
        """The same of the blocks that follow a block, ending where there is none yet."""
        calls: list[Call] = [("eth_getBlockByNumber", [hex(number + i), False]) for i in range(1, count + 1)]
        found = itertools.takewhile(lambda answer: answer is not None, await self._asked.batch(calls))
        return [values.members(answer, "a block") for answer in found]

    async def storage_proof(self, contract: str, slots: Sequence[int], block: int) -> list[bytes]:
        """Nodes of the state and storage tries that lead to these slots, unchecked. Some come twice."""
        keys = [f"0x{slot:064x}" for slot in slots]
        return values.proof_nodes(await self._asked.call("eth_getProof", contract, keys, hex(block)))

    async def storage_words(self, contract: str, slots: Sequence[int], block: int) -> list[int]:
        """What stands at these slots of a contract's storage, by the ledger's word."""
        asked = (("eth_getStorageAt", [contract, f"0x{slot:064x}", hex(block)]) for slot in slots)
        return [
            int.from_bytes(values.data(answer, 32), "big") for answer in await self._asked.batch(list(asked))
        ]

    # --- transactions

    async def gas_price(self) -> int:
        """What the ledger suggests, in wei."""
        return values.quantity(await self._asked.call("eth_gasPrice"))

    async def estimate_gas(self, sender: str, to: str | None, data: bytes) -> int:
        """Gas units the transaction would use now. A revert raises LedgerError with `revert_data`."""
        transaction = {"from": sender, "data": _hex(data)} | ({} if to is None else {"to": to})
        return values.quantity(await self._asked.call("eth_estimateGas", transaction), 64)

    async def send_raw(self, raw: bytes) -> bytes:
        """Hands a signed transaction over; its hash. Sending the same one twice may raise LedgerError."""
        return values.data(await self._asked.call("eth_sendRawTransaction", _hex(raw)), 32)

    async def receipt(self, tx_hash: bytes) -> Receipt | None:
        """None: not in a block (yet, or no longer)."""
        answer = await self._asked.call("eth_getTransactionReceipt", _hex(tx_hash))
        if answer is None or values.members(answer, "a receipt").get("blockHash") is None:
            return None
        return values.receipt(answer)

    async def knows_transaction(self, tx_hash: bytes) -> bool:
        """Whether it is in a block or waiting for one."""
        return await self._asked.call("eth_getTransactionByHash", _hex(tx_hash)) is not None

    # --- waiting

    async def wait_for_head(self, timeout: float, known: int | None = None) -> None:  # noqa: ASYNC109 - not an error
        """Until it is worth asking for the head again: one above `known` was announced, it is time for
        another look (the safety net, whatever the WebSocket says), or `timeout` seconds have passed."""
        pause = min(timeout, self._poll)
        if self._ws_url is None:
            await asyncio.sleep(pause)
            return
        if self._announcements is None:
            self._announcements = HeadAnnouncements(self._ws_url, self.name)
        await self._announcements.wait(pause, known)


def _hex(raw: bytes) -> str:
    return "0x" + raw.hex()


def _block(block: int | str) -> str:
    return hex(block) if isinstance(block, int) else block
