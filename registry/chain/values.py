"""Ledger answers as frozen values, parsed from JSON-RPC with their shapes checked.

Extra header members (the extraData of Clique and QBFT, blob fields, …) are of no interest and never refused.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import sha3

from registry.chain.errors import LedgerError
from registry.records import BlockStamp

NUMBER_BITS = 63  # of block numbers and places in a block: what a database can hold
LAST_MOMENT = 253_402_300_799  # 9999-12-31T23:59:59Z: no block is of a time that cannot be written

RawLog = dict[str, Any]
"""A log as `eth_getLogs` gives it, decoded by `registry.bindings.decoder`."""


@dataclass(frozen=True, slots=True)
class BlockHeader:
    """The members of a block header that we act on."""

    stamp: BlockStamp
    parent_hash: bytes  # 32 bytes
    logs_bloom: bytes = field(repr=False)  # 256 bytes
    gas_limit: int
    base_fee: int | None  # wei; None: the ledger's rules are older than London

    def may_hold_logs_of(self, addresses: Iterable[str]) -> bool:
        """False: the block certainly holds no log of these contracts (Yellow Paper, 4.3.1: the logs bloom)."""
        return any(_in_bloom(self.logs_bloom, bytes.fromhex(address[2:])) for address in addresses)


@dataclass(frozen=True, slots=True)
class Receipt:
    """A transaction's place on the ledger and its outcome."""

    tx_hash: bytes  # 32 bytes
    block_number: int
    block_hash: bytes  # 32 bytes
    succeeded: bool
    gas_used: int
    contract: str | None  # lower-case address of the contract it created


def quantity(value: object, bits: int = 256) -> int:
    """A JSON-RPC quantity ("0x1b4") of at most `bits` bits. Raises LedgerError."""
    if isinstance(value, str) and value.startswith("0x") and 3 <= len(value) <= 2 + -(-bits // 4):
        digits = value[2:]
        if digits.isascii() and digits.isalnum():  # int() would take signs and underscores too
            try:
                number = int(digits, 16)
            except ValueError:
                number = 1 << bits
            if number < 1 << bits:
                return number
    raise malformed("a quantity")


def data(value: object, size: int | None = None) -> bytes:
    """JSON-RPC data ("0x00ff") of exactly `size` bytes if given. Raises LedgerError."""
    if isinstance(value, str) and value.startswith("0x"):
        try:
            raw = bytes.fromhex(value[2:])
        except ValueError:
            raw = None
        if raw is not None and (size is None or len(raw) == size):
            return raw
    raise malformed("data" if size is None else f"{size} bytes of data")


def header(answer: object) -> BlockHeader:
    """A block as `eth_getBlockBy…` gives it. Raises LedgerError."""
    block = members(answer, "a block")
    fee = block.get("baseFeePerGas")
    time = quantity(block.get("timestamp"), 64)
    if time > LAST_MOMENT:
        raise malformed("a block of our times")
    return BlockHeader(
        stamp=BlockStamp(
            number=quantity(block.get("number"), NUMBER_BITS),
            hash=data(block.get("hash"), 32),
            time=time,
        ),
        parent_hash=data(block.get("parentHash"), 32),
        logs_bloom=data(block.get("logsBloom"), 256),
        gas_limit=quantity(block.get("gasLimit"), 64),
        base_fee=None if fee is None else quantity(fee),
    )


def receipt(answer: object) -> Receipt:
    """A transaction receipt. Raises LedgerError."""
    found = members(answer, "a receipt")
    contract = found.get("contractAddress")
    return Receipt(
        tx_hash=data(found.get("transactionHash"), 32),
        block_number=quantity(found.get("blockNumber"), NUMBER_BITS),
        block_hash=data(found.get("blockHash"), 32),
        succeeded=quantity(found.get("status"), 64) == 1,
        gas_used=quantity(found.get("gasUsed"), 64),
        contract=None if contract is None else "0x" + data(contract, 20).hex(),
    )


def proof_nodes(answer: object) -> list[bytes]:
    """The trie nodes of an `eth_getProof` answer, those of the account first. Raises LedgerError."""
    found = members(answer, "a proof")
    proofs = found.get("storageProof")
    if not isinstance(proofs, list):
        raise malformed("a proof")
    nodes: list[bytes] = []
    for path in (found.get("accountProof"), *(members(one, "a proof").get("proof") for one in proofs)):
        if not isinstance(path, list):
            raise malformed("a proof")
        nodes += [data(node) for node in path]
    return nodes


def members(answer: object, what: str) -> dict[str, Any]:
    """A JSON object. Raises LedgerError."""
    if not isinstance(answer, dict):
        raise malformed(what)
    return answer


def malformed(what: str) -> LedgerError:
    return LedgerError(0, f"the ledger's answer is not {what}")


def _in_bloom(bloom: bytes, entry: bytes) -> bool:
    digest = sha3.keccak_256(entry).digest()
    for start in (0, 2, 4):
        bit = int.from_bytes(digest[start : start + 2], "big") & 2047
        if not bloom[255 - (bit >> 3)] >> (bit & 7) & 1:
            return False
    return True
