"""What becomes of signed transactions: sent until they are in a block, then watched until that is final."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable

from registry.chain import BlockHeader, Ledger, LedgerError
from registry.publisher.outbox import Outbox
from registry.publisher.publications import SignedTransaction

logger = logging.getLogger(__name__)

MOST_ATTEMPTS = 5  # transactions mined and refused, before an action fails
RESEND = 5.0  # seconds between sending the same bytes


class Settlement:
    """Compares the outbox's unsettled transactions with the ledger. Raises what the ledger raises."""

    def __init__(self, outbox: Outbox, ledger: Ledger, settled: Callable[[], None]) -> None:
        self._outbox = outbox
        self._ledger = ledger
        self._settled = settled
        self._sent_at: dict[bytes, float] = {}  # transaction hash → monotonic seconds
        self.head = 0  # number of the block last looked at

    async def reconcile(self) -> bool:
        """Compare unsettled transactions with the ledger. True: each is in a block."""
        head = await self._ledger.head()
        final = head if self._ledger.finality.is_instant else await self._ledger.final_head()
        self.head = head.stamp.number
        mined = True
        blocked: set[str] = set()  # senders with an earlier transaction that is not mined
        for transaction in await asyncio.to_thread(self._outbox.unsettled):
            receipt = await self._ledger.receipt(transaction.tx_hash)
            if receipt is None:
                first = transaction.sender not in blocked
                if not (first and await self._abandoned(transaction, final)):
                    blocked.add(transaction.sender)
                    mined = False
                    await self.send(transaction)
                continue
            if final is None or receipt.block_number > final.stamp.number:
                continue
            block = await self._ledger.header(receipt.block_number)
            if block is None or block.stamp.hash != receipt.block_hash:
                continue  # it has moved: the next look will find it
            if receipt.succeeded:
                await asyncio.to_thread(self._outbox.settle, transaction, block.stamp)
            else:
                logger.warning("transaction %s was refused by the contract", transaction.tx_hash.hex())
                await asyncio.to_thread(self._outbox.reject, transaction, most_attempts=MOST_ATTEMPTS)
            self._sent_at.pop(transaction.tx_hash, None)
            self._settled()
        return mined

    async def send(self, transaction: SignedTransaction) -> None:
        """Unless it was sent a moment ago. That the ledger has it already is as good."""
        now = time.monotonic()
        if now - self._sent_at.get(transaction.tx_hash, -RESEND) < RESEND:
            return
        try:
            await self._ledger.send_raw(transaction.raw)
        except LedgerError as error:
            if not await self._ledger.knows_transaction(transaction.tx_hash):
                logger.warning("transaction %s is not taken: %s", transaction.tx_hash.hex(), error)
                await asyncio.to_thread(self._outbox.note, transaction, f"waiting: {error}")
        self._sent_at[transaction.tx_hash] = now

    async def _abandoned(self, transaction: SignedTransaction, final: BlockHeader | None) -> bool:
        """Give it up, and queue its actions anew, if it can never be mined: another transaction took its
        nonce for good, or the ledger lost the ones before it. Asked of a sender's first one only."""
        if final is None or await self._ledger.knows_transaction(transaction.tx_hash):
            return False
        used = await self._ledger.nonce(transaction.sender, final.stamp.number)
        if used > transaction.nonce:
            # In this order: mined between the two looks, it has a receipt now.
            if await self._ledger.receipt(transaction.tx_hash) is not None:
                return False
        elif await self._ledger.nonce(transaction.sender, "pending") >= transaction.nonce:
            return False
        logger.warning(
            "transaction %s (nonce %d, the ledger is at %d) is lost; signing anew",
            transaction.tx_hash.hex(),
            transaction.nonce,
            used,
        )
        await asyncio.to_thread(self._outbox.abandon, transaction)
        return True
