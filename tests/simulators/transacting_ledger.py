"""The ledger in memory that takes transactions too: status updates, signed by whoever publishes them."""

from __future__ import annotations

from functools import partial
from typing import Any

import coincurve
from eth_abi.abi import decode

from registry import rlp, status_delta
from registry.bindings.addresses import keccak256
from registry.chain import BlockHeader, LedgerError, Receipt
from registry.events import LedgerEvent
from registry.publisher.signer import address_of
from registry.publisher.transactions import hash_of
from tests.simulators.contracts import ContractsModel, merkle_root
from tests.simulators.ledger import SimulatedLedger

_UPDATE = ("bytes32", "uint64", "bytes32", "uint48", "bytes")
_ONE, _MANY = ",".join(_UPDATE), f"({','.join(_UPDATE)})[]"
_PUBLISH = keccak256(f"publish({_ONE})".encode())[:4]
_PUBLISH_MANY = keccak256(f"publishMany({_MANY})".encode())[:4]


class TransactingLedger(SimulatedLedger):
    """What the publisher asks of `registry.chain.Ledger`. Blocks are made when a test says so.

    A call that the contract would refuse fails the test: a publisher has no reason to send one here.
    """

    def __init__(self, *options: Any, **more: Any) -> None:
        self._pool: dict[bytes, bytes] = {}  # hash → raw
        self._mined: list[tuple[Receipt, str, int]] = []  # with sender and nonce, in order
        super().__init__(*options, **more)

    # --- what a test does

    def mine_pool(self) -> None:
        """A block with everything that waits and whose turn it is."""
        taken = []
        for tx_hash, raw in sorted(self._pool.items(), key=lambda it: _read(it[1])[1]):
            sender, nonce, data = _read(raw)
            if nonce == self._next_nonce(sender) + sum(sender == one for _, one, _, _ in taken):
                taken.append((tx_hash, sender, nonce, data))
        stamp = self.mine(*[partial(_publish, data) for _, _, _, data in taken])
        for tx_hash, sender, nonce, _ in taken:
            del self._pool[tx_hash]
            receipt = Receipt(tx_hash, stamp.number, stamp.hash, True, 50_000, None)
            self._mined.append((receipt, sender, nonce))

    def fork(self, number: int) -> None:
        """Of what was mined above or waits, the ledger remembers nothing."""
        super().fork(number)
        self._mined = [it for it in self._mined if it[0].block_number <= number]
        self._pool.clear()

    # --- what the publisher asks

    async def head(self) -> BlockHeader:
        self._ask("head")
        return self.blocks[-1].header

    async def chain_id(self) -> int:
        return 31337

    async def nonce(self, address: str, block: int | str = "latest") -> int:
        self._ask("nonce")
        if block == "pending":
            senders = [_read(raw)[0] for raw in self._pool.values()]
            return self._next_nonce(address) + senders.count(address)
        return self._next_nonce(address, block if isinstance(block, int) else len(self.blocks))

    async def estimate_gas(self, sender: str, to: str | None, data: bytes) -> int:
        self._ask("estimate_gas")
        _publish(data, self.contracts)
        return 50_000

    async def send_raw(self, raw: bytes) -> bytes:
        self._ask("send_raw")
        sender, nonce, _ = _read(raw)
        if hash_of(raw) in self._pool:
            raise LedgerError(-32000, "already known")
        if nonce < self._next_nonce(sender):
            raise LedgerError(-32000, "nonce too low")
        self._pool[hash_of(raw)] = raw
        return hash_of(raw)

    async def receipt(self, tx_hash: bytes) -> Receipt | None:
        self._ask("receipt")
        return next((it for it, _, _ in self._mined if it.tx_hash == tx_hash), None)

    async def knows_transaction(self, tx_hash: bytes) -> bool:
        return tx_hash in self._pool or await self.receipt(tx_hash) is not None

    def _next_nonce(self, address: str, block: int = 2**63) -> int:
        return sum(one == address and it.block_number <= block for it, one, _ in self._mined)


def _read(raw: bytes) -> tuple[str, int, bytes]:
    """Sender, nonce and call data of a signed EIP-1559 transaction."""
    members = rlp.decode_list(raw[1:])
    *_, parity, r, s = [rlp.octets(it) for it in members if isinstance(it, bytes)]
    signature = r.rjust(32, b"\0") + s.rjust(32, b"\0") + (parity or b"\0")
    unsigned = raw[:1] + rlp.encode(members[:9])
    key = coincurve.PublicKey.from_signature_and_message(signature, keccak256(unsigned), hasher=None)
    return address_of(key), int.from_bytes(rlp.octets(members[1]), "big"), rlp.octets(members[7])


def _publish(data: bytes, contracts: ContractsModel) -> list[LedgerEvent]:
    """As StatusRegistry does it, for updates that it takes."""
    if data[:4] == _PUBLISH_MANY:
        (updates,) = decode([_MANY], data[4:])
    else:
        assert data[:4] == _PUBLISH
        updates = [decode(_UPDATE, data[4:])]
    events: list[LedgerEvent] = []
    for list_id, seq, root, effective_at, delta in updates:
        found = next(it for it in contracts.lists.values() if it.list_id == list_id)
        assert seq == len(found.updates) + 1, "the contract reverts: WrongSequence"
        assert root == merkle_root(found.bits_after(status_delta.decode(delta, len(found.bits))))
        events += contracts.publish_raw(found.uri, delta, root, effective_at)
    return events
