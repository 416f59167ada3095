"""The addresses of one ledger: one is asked, its identity checked first; where it fails, the next."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from registry.chain import values
from registry.chain.errors import LedgerError, LedgerUnavailable, WrongLedger
from registry.chain.rpc import Call, JsonRpc

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class AddressInUse:
    """Which of a ledger's addresses is asked. Nothing in it is secret, while an address may hold a key."""

    place: int  # 1, 2, …: in the order in which they were given
    of: int
    failovers: int  # how often another took over


class LedgerAddresses:
    """Everything is asked of the address in use, whose identity is checked before its first answer is used.

    After an outage it is checked again: what answers then may be another ledger, or another address. Every
    method raises LedgerUnavailable, LedgerError or WrongLedger.
    """

    def __init__(self, addresses: Sequence[JsonRpc], chain_id: int | None, genesis_hash: bytes | None) -> None:
        """An expectation left out is taken from the first answer, and held to."""
        self._addresses = addresses
        self._rpc = addresses[0]
        self.turns = 0  # how often another address took over
        self._chain_id = chain_id
        self._genesis_hash = genesis_hash
        self._identified = False

    async def close(self) -> None:
        for address in self._addresses:
            await address.close()

    @property
    def rpc(self) -> JsonRpc:
        """That of the address in use."""
        return self._rpc

    @property
    def in_use(self) -> AddressInUse:
        return AddressInUse(self._addresses.index(self._rpc) + 1, len(self._addresses), self.turns)

    async def identify(self) -> tuple[int, bytes]:
        """Chain id and genesis hash, checked against what is expected, of the first address that has them.

        Begins with the one in use. Raises what it met there if no address answers as expected.
        """
        failure: LedgerUnavailable | LedgerError | WrongLedger | None = None
        first = self._addresses.index(self._rpc)
        for address in (*self._addresses[first:], *self._addresses[:first]):
            try:
                found = await self._identity_of(address)
            except (LedgerUnavailable, LedgerError, WrongLedger) as error:
                if len(self._addresses) > 1:
                    log.warning("ledger at %s cannot be used: %s", address.name, error)
                # That one is of another ledger is no reason to halt while the right one may come back.
                if failure is None or (
                    isinstance(failure, WrongLedger) and isinstance(error, LedgerUnavailable)
                ):
                    failure = error
                continue
            if address is not self._rpc:
                self._rpc, self.turns = address, self.turns + 1
                log.warning("the ledger is now asked at %s", address.name)
            self._chain_id, self._genesis_hash = found
            self._identified = True
            return found
        assert failure is not None  # noqa: S101 - there is an address
        raise failure

    async def _identity_of(self, address: JsonRpc) -> tuple[int, bytes]:
        chain, block = await address.batch([("eth_chainId", []), ("eth_getBlockByNumber", ["0x0", False])])
        chain_id, genesis_hash = values.quantity(chain), values.header(block).stamp.hash
        if self._chain_id not in (None, chain_id):
            raise WrongLedger(f"{address.name} is chain {chain_id}, not {self._chain_id}")
        if self._genesis_hash not in (None, genesis_hash):
            expected = (self._genesis_hash or b"").hex()
            raise WrongLedger(f"{address.name} began with block {genesis_hash.hex()}, not {expected}")
        return chain_id, genesis_hash

    async def chain_id(self) -> int:
        if self._chain_id is None or not self._identified:
            await self.identify()
        assert self._chain_id is not None  # noqa: S101 - identify() sets it
        return self._chain_id

    async def call(self, method: str, *params: Any) -> Any:
        return await self._identified_answer(lambda rpc: rpc.call(method, *params))

    async def batch(self, calls: Sequence[Call]) -> list[Any]:
        answers: list[Any] = await self._identified_answer(lambda rpc: rpc.batch(calls))
        return answers

    async def _identified_answer(self, ask: Callable[[JsonRpc], Awaitable[Any]]) -> Any:
        if not self._identified:
            await self.identify()
        try:
            return await ask(self._rpc)
        except LedgerUnavailable:
            self._identified = False
            raise
