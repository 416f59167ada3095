"""The publisher: what is wanted → signed → sent → final. Safe to kill between any two steps.

1. Unsettled transactions come first: a receipt in a final block ends one; without a receipt the same bytes
   are sent again; one whose nonce another transaction took can never be mined, and its actions are queued anew.
2. With all of them in blocks, the front of the queue is planned: consecutive status updates share a call.
3. The call is tried out; what a contract refuses fails with the contract's reason.
4. It is signed, and committed to the outbox, before it is sent.

An action is planned from what the ledger holds at that moment, and every call names the state it expects
(sequence, version, standing), so that nothing is done twice even if a ledger lost and regained a transaction.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import math
import time
from collections.abc import Callable, Mapping

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from registry.actions import LedgerAction
from registry.bindings.abi import AbiMismatch
from registry.bindings.addresses import ContractAddresses
from registry.bindings.errors import refusal
from registry.chain import BlockHeader, Ledger, LedgerError, LedgerUnavailable, WrongLedger
from registry.publisher.calls import Plan, PlannedCall, Planner
from registry.publisher.outbox import Outbox
from registry.publisher.publications import Publication, QueuedAction, TakenElsewhere
from registry.publisher.settlement import Settlement
from registry.publisher.signer import Role, Signer
from registry.publisher.status_updates import StatusListBits
from registry.publisher.transactions import SignerMismatch, Transaction, fees_now, hash_of

logger = logging.getLogger(__name__)

QUEUE = 200  # actions looked at together
ROOM = 96 * 1024  # bytes of deltas in a transaction; ledgers take 128 KB in all
LEAST_ROOM = 256  # bytes; a call too large even so is the ledger's mistake, or ours
GAS_SHARE = 0.8  # of a block's gas that a transaction may use
POLL = 1.0  # seconds between looks at the outbox, for what other processes put there
REPLICA_POLL = 0.02  # seconds between looks at a replica that lags, at first
PATIENCE_WITH_REPLICA = 10.0  # seconds before other actions overtake the updates that wait for it
LONGEST_PAUSE = 15.0  # seconds between attempts while something is wrong


class _Refused(Exception):
    """The call would revert."""


class _TooLarge(Exception):
    """The call needs more gas than a transaction may use."""


class _Outrun(Exception):
    """The ledger moved on while we planned: plan again."""


class Publisher:
    """One process at a time should `run` it; any may submit, look and wait."""

    def __init__(  # noqa: PLR0917 - its collaborators, in the order of the flow
        self,
        engine: Engine,
        ledger: Ledger,
        contracts: Callable[[], ContractAddresses],
        replica_view: StatusListBits,
        signers: Mapping[Role, Signer],
        clock: Callable[[], float],
    ) -> None:
        self._outbox = Outbox(engine, clock)
        self._ledger = ledger
        self._settlement = Settlement(self._outbox, ledger, self._tell)
        self._planner = Planner(ledger, contracts, replica_view, clock)
        self._signers = signers
        self._lagging_since = math.inf  # monotonic seconds: updates have waited for the replica since
        self._submitted = asyncio.Event()
        self._moved = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    # --- for everyone

    def submit(self, action: LedgerAction, idempotency_key: str | None = None) -> int:
        """Durable when it returns; the same key gives the same number. From any thread.

        Raises IdempotencyConflict.
        """
        publication_id = self._outbox.submit(action, idempotency_key)
        if self._loop and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._submitted.set)
        return publication_id

    def get(self, publication_id: int) -> Publication:
        """Raises UnknownPublication."""
        return self._outbox.get(publication_id)

    async def wait(self, publication_id: int, timeout: float) -> Publication:  # noqa: ASYNC109 - not an error
        """As it stands when it is done or has failed, or after `timeout` seconds. Raises UnknownPublication."""
        deadline = time.monotonic() + timeout
        while True:
            moved = self._moved
            ended = await asyncio.to_thread(self._outbox.has_ended, publication_id)
            left = deadline - time.monotonic()
            if ended or left <= 0:
                return await asyncio.to_thread(self.get, publication_id)
            with contextlib.suppress(TimeoutError):
                # Another process may be the one that runs: look now and then without having been told.
                await asyncio.wait_for(moved.wait(), min(left, POLL / 4))

    # --- the loop

    async def run(self) -> None:
        """Until cancelled. Outages of the ledger and of the database are waited out."""
        self._loop = asyncio.get_running_loop()
        pause = 0.1
        while True:
            try:
                if not await self.step():
                    await self._rest()
                pause = 0.1
            except (LedgerUnavailable, LedgerError, WrongLedger, AbiMismatch, OperationalError) as error:
                logger.warning("publishing waits: %s", error)
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)

    async def reconcile(self) -> bool:
        """Compare unsettled transactions with the ledger. True: each is in a block."""
        return await self._settlement.reconcile()

    async def step(self) -> bool:
        """One look at everything. True: something was done, so look again at once."""
        self._submitted.clear()
        if not await self.reconcile():
            return False
        queue = await asyncio.to_thread(self._outbox.queued, QUEUE)
        if not queue:
            return False
        try:
            return await self._advance(queue)
        except _Outrun as error:
            logger.info("planning again: %s", error)
            return False

    async def _advance(self, queue: list[QueuedAction]) -> bool:
        """Plan the front of the queue and publish it. True: something was done."""
        head = await self._ledger.head()
        room = ROOM
        while True:
            overtake = time.monotonic() - self._lagging_since > PATIENCE_WITH_REPLICA
            plan = await self._planner.plan(queue, head.stamp, room=room, overtake=overtake)
            lagging = plan.awaiting_replica
            self._lagging_since = min(self._lagging_since, time.monotonic()) if lagging else math.inf
            ended = await self._end(plan)
            if plan.call is None:
                return ended
            try:
                await self._publish(plan.call, head)
                return True
            except _TooLarge:
                room //= 2
                if room < LEAST_ROOM:
                    await self._fail_first(plan.call, "it needs more gas than a block of this ledger has")
                    return True
            except _Refused as error:
                if len(plan.call.actions) == 1:
                    await self._fail_first(plan.call, str(error))
                    return True
                # It is one of them: find out which by going one at a time.
                queue = [queued for queued in queue if queued.id in plan.call.actions][:1]

    # --- steps

    async def _publish(self, call: PlannedCall, head: BlockHeader) -> None:
        """Try out, sign, commit, send."""
        signer = self._signers.get(call.role)
        if signer is None:
            raise _Refused(f"this node holds no key for the role {call.role}")
        gas = await self._gas(signer, call, head)
        pending = await asyncio.to_thread(self._outbox.unsettled)
        mine = [transaction.nonce + 1 for transaction in pending if transaction.sender == signer.address]
        transaction = Transaction(
            chain_id=await self._ledger.chain_id(),
            nonce=max([await self._ledger.nonce(signer.address), *mine]),
            to=call.to,
            data=call.data,
            gas=gas,
            fees=await fees_now(self._ledger),
        )
        try:
            raw = await asyncio.to_thread(transaction.signed, signer)
        except SignerMismatch as error:
            raise _Refused(str(error)) from error
        try:
            signed = await asyncio.to_thread(
                self._outbox.record_signed,
                sender=signer.address,
                nonce=transaction.nonce,
                raw=raw,
                tx_hash=hash_of(raw),
                actions=call.actions,
            )
        except TakenElsewhere as error:
            raise _Outrun(f"another process was first: {error}") from error
        # From here on these bytes are sent until they are in a block.
        await self._settlement.send(signed)

    async def _gas(self, signer: Signer, call: PlannedCall, head: BlockHeader) -> int:
        most = int(head.gas_limit * GAS_SHARE)
        try:
            needed = await self._ledger.estimate_gas(signer.address, call.to, call.trial)
        except LedgerError as error:
            if error.revert_data is None:
                if "gas" in error.message.lower():
                    raise _TooLarge from error
                raise
            reason = refusal(error.revert_data)
            # A decision of the council's names its update once and for all: it is never the next one again.
            if reason.name == "WrongSequence" and call.numbered:
                raise _Outrun(str(reason)) from error
            raise _Refused(str(reason)) from error
        if needed > most:
            raise _TooLarge
        return min(needed + needed // 5 + 10_000, head.gas_limit)

    async def _end(self, plan: Plan) -> bool:
        """Close what needs no call. True: there was something to close."""
        for publication_id, reason in plan.failed.items():
            await asyncio.to_thread(self._outbox.fail, publication_id, reason)
        # What is as wanted may be so thanks to a transaction that is not final yet.
        final = not plan.finished or not await asyncio.to_thread(self._outbox.unsettled)
        if final:
            for publication_id in plan.finished:
                await asyncio.to_thread(self._outbox.finish, publication_id)
        ended = bool(plan.failed or (plan.finished and final))
        if ended:
            self._tell()
        return ended

    async def _fail_first(self, call: PlannedCall, reason: str) -> None:
        await asyncio.to_thread(self._outbox.fail, next(iter(call.actions)), reason)
        self._tell()

    # --- waiting

    def _tell(self) -> None:
        """Wake whoever waits for a publication."""
        self._moved.set()
        self._moved = asyncio.Event()

    async def _rest(self) -> None:
        """Until something was submitted, a block came, or it is time for another look."""
        lagging = time.monotonic() - self._lagging_since
        if 0 <= lagging < PATIENCE_WITH_REPLICA:
            await asyncio.sleep(REPLICA_POLL)
            return
        waits = [
            asyncio.ensure_future(self._submitted.wait()),
            asyncio.ensure_future(self._ledger.wait_for_head(POLL, self._settlement.head)),
        ]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
            await asyncio.gather(*waits, return_exceptions=True)
