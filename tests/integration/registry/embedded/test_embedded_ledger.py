"""What was in a block of the embedded ledger stays there, whoever is killed."""

from __future__ import annotations

import asyncio
import itertools
import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from registry.chain import Ledger, LedgerError, LedgerUnavailable, Receipt
from registry.embedded.anvil import Anvil
from registry.embedded.errors import StateDamaged, StateInUse
from registry.embedded.ledger import EmbeddedLedger
from registry.publisher.signer import LocalSigner
from registry.publisher.transactions import Fees, Transaction, hash_of
from tests.simulators.embedded_process import EmbeddedProcess

pytestmark = pytest.mark.usefixtures("anvil_binary")

TO = "0x" + "11" * 20


class Sender:
    """Sends one transaction after the other, and remembers every receipt it has seen."""

    def __init__(self, secret: bytes = b"\7" * 32) -> None:
        self.signer = LocalSigner(secret)
        self.nonce = 0
        self.seen: dict[bytes, Receipt] = {}

    def transaction(self, chain_id: int, nonce: int) -> bytes:
        return Transaction(chain_id, nonce, TO, b"", 50_000, Fees(0, 0)).signed(self.signer)

    async def work(self, ledger: Ledger) -> None:
        """Until the ledger is gone."""
        chain_id = await ledger.chain_id()
        self.nonce = await ledger.nonce(self.signer.address)
        while True:
            raws = [self.transaction(chain_id, self.nonce + n) for n in range(random.randrange(1, 4))]
            for raw in raws:
                await ledger.send_raw(raw)
            for raw in raws:
                while (receipt := await ledger.receipt(hash_of(raw))) is None:
                    await asyncio.sleep(0.002)
                self.seen[receipt.tx_hash] = receipt
            self.nonce += len(raws)


async def test_killed_at_random_moments_it_keeps_every_receipt_and_every_hash(tmp_path: Path) -> None:
    sender = Sender()
    for _ in range(6):
        running = EmbeddedProcess(tmp_path / "state", "--heartbeat", "0.05", "--snapshot-every", "15")
        try:
            ledger = Ledger(running.url, chain_id=running.network.chain_id)
            for tx_hash, receipt in sender.seen.items():
                assert await ledger.receipt(tx_hash) == receipt
            working = asyncio.create_task(sender.work(ledger))
            await asyncio.sleep(random.uniform(0.05, 0.8))
            running.kill()
            with pytest.raises((LedgerUnavailable, LedgerError)):
                await working
            await ledger.close()
        finally:
            running.kill()
    assert len(sender.seen) > 6
    running = EmbeddedProcess(tmp_path / "state")
    try:
        ledger = Ledger(running.url, genesis_hash=running.network.genesis_hash)
        for tx_hash, receipt in sender.seen.items():
            assert await ledger.receipt(tx_hash) == receipt
        assert await ledger.nonce(sender.signer.address) >= len(sender.seen)
        headers = await ledger.headers(0, (await ledger.head()).stamp.number)
        pairs = list(itertools.pairwise(headers))
        assert all(child.parent_hash == parent.stamp.hash for parent, child in pairs)
        assert all(child.stamp.time >= parent.stamp.time for parent, child in pairs)
        await ledger.close()
    finally:
        assert running.terminate() == 0


async def test_anvil_alone_dies_and_comes_back_with_what_it_had_accepted(tmp_path: Path) -> None:
    sender = Sender()
    async with EmbeddedLedger(tmp_path, heartbeat=0.2) as running:
        ledger = await Ledger.connect(running.url, ws_url=running.ws_url)
        chain_id = await ledger.chain_id()
        for round_number in range(3):
            before = await ledger.headers(0, 1000)
            raw = sender.transaction(chain_id, round_number)
            await ledger.send_raw(raw)
            assert running.anvil_pid
            os.kill(running.anvil_pid, signal.SIGKILL)
            found: Receipt | None = None
            for _ in range(500):
                try:
                    found = await ledger.receipt(hash_of(raw))
                except LedgerUnavailable:  # while it is being started again
                    found = None
                if found:
                    break
                await ledger.wait_for_head(0.05)
            assert found
            assert (await ledger.headers(0, 1000))[: len(before)] == before
        await ledger.close()


async def test_a_restart_goes_on_where_it_was(tmp_path: Path) -> None:
    async with EmbeddedLedger(tmp_path) as running:
        first, port = running.network, int(running.url.rsplit(":", 1)[1])
        ledger = await Ledger.connect(running.url)
        head = (await ledger.head()).stamp
        codes = [await ledger.code(address) for address in first.contracts.all()]
        await ledger.close()
    assert all(codes)
    async with EmbeddedLedger(tmp_path, port) as running:
        assert running.network == first
        ledger = await Ledger.connect(running.url, chain_id=first.chain_id, genesis_hash=first.genesis_hash)
        assert (await ledger.head()).stamp == head
        assert [await ledger.code(address) for address in first.contracts.all()] == codes
        await ledger.close()


async def test_a_deployment_cut_short_is_gone_on_with(tmp_path: Path) -> None:
    async with EmbeddedLedger(tmp_path) as running:
        first = running.network
    (tmp_path / "network.json").unlink()
    async with EmbeddedLedger(tmp_path) as running:
        assert running.network.contracts == first.contracts
        assert running.network.first_block <= first.first_block


async def test_a_directory_in_use_is_refused(tmp_path: Path) -> None:
    async with EmbeddedLedger(tmp_path):
        with pytest.raises(StateInUse):
            async with EmbeddedLedger(tmp_path):
                pass
        refused = await asyncio.to_thread(
            subprocess.run,
            [sys.executable, "-m", "registry.embedded", "--state", str(tmp_path)],
            capture_output=True,
            timeout=60,
        )
        assert refused.returncode == 1
        assert refused.stdout == b""
        assert b"in use by another process" in refused.stderr


async def test_anvil_dies_with_its_supervisor(tmp_path: Path) -> None:
    running = EmbeddedProcess(tmp_path / "state")
    anvil = running.anvil_pid()
    running.kill()
    for _ in range(200):
        if not Path(f"/proc/{anvil}").exists():
            return
        await asyncio.sleep(0.05)
    os.kill(anvil, signal.SIGKILL)
    pytest.fail("anvil outlived its supervisor")


async def test_a_full_disk_stops_it_until_there_is_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A block whose record cannot be written is not made; the transaction waits for the next try."""
    sender = Sender()
    async with EmbeddedLedger(tmp_path, heartbeat=60) as running:
        ledger = await Ledger.connect(running.url)
        before = (await ledger.head()).stamp
        fsync, failures = os.fsync, [OSError(28, "No space left on device")] * 2

        def full(descriptor: int) -> None:
            if failures:
                raise failures.pop()
            fsync(descriptor)

        monkeypatch.setattr(os, "fsync", full)
        raw = sender.transaction(await ledger.chain_id(), 0)
        await ledger.send_raw(raw)
        for _ in range(500):
            try:
                if receipt := await ledger.receipt(hash_of(raw)):
                    break
            except LedgerUnavailable:
                pass
            await asyncio.sleep(0.02)
        assert receipt
        assert not failures
        assert receipt.block_number == before.number + 1
        await ledger.close()


async def test_heads_are_announced_through_the_proxy_and_again_after_an_outage(tmp_path: Path) -> None:
    async with EmbeddedLedger(tmp_path, heartbeat=0.1) as running:
        ledger = await Ledger.connect(running.url, ws_url=running.ws_url, poll=60)
        for _ in range(2):
            number = (await ledger.head()).stamp.number
            for _ in range(3):  # nothing but an announcement ends these waits within the test's time
                await ledger.wait_for_head(60)
            assert (await ledger.head()).stamp.number > number
            assert running.anvil_pid
            os.kill(running.anvil_pid, signal.SIGKILL)
            for _ in range(500):
                try:
                    await ledger.head()
                    break
                except LedgerUnavailable:
                    await asyncio.sleep(0.02)
        await ledger.close()


async def test_a_snapshot_leaves_nothing_behind_that_later_blocks_depend_on(tmp_path: Path) -> None:
    """A transaction that waits for an earlier nonce is in no snapshot, so it must be in no later block."""
    sender = Sender()
    async with EmbeddedLedger(tmp_path, heartbeat=0.05, snapshot_every=5) as running:
        ledger = await Ledger.connect(running.url)
        chain_id = await ledger.chain_id()
        await ledger.send_raw(sender.transaction(chain_id, 1))
        start = (await ledger.head()).stamp.number
        while (await ledger.head()).stamp.number < start + 12:
            await ledger.wait_for_head(0.05)
        await ledger.send_raw(sender.transaction(chain_id, 0))
        while await ledger.receipt(hash_of(sender.transaction(chain_id, 0))) is None:
            await asyncio.sleep(0.02)
        headers = await ledger.headers(0, 1000)
        await ledger.close()
    async with EmbeddedLedger(tmp_path, heartbeat=60) as running:
        ledger = await Ledger.connect(running.url)
        assert (await ledger.headers(0, len(headers) - 1)) == headers
        await ledger.close()


async def test_an_anvil_that_does_not_start_says_why(tmp_path: Path) -> None:
    from registry.embedded.errors import EmbeddedLedgerError
    from registry.embedded.state import Genesis

    program = tmp_path / "anvil"
    program.write_text("#!/bin/sh\necho 'no such option' >&2\nexit 2\n")
    program.chmod(0o755)
    with pytest.raises(EmbeddedLedgerError, match="no such option"):
        await Anvil.start(program, Genesis(5, 5, 5), None, tmp_path / "log")


async def test_a_ledger_that_lost_its_contracts_is_not_served(tmp_path: Path) -> None:
    """A node on it would say of every issuer that nobody accredited it."""
    async with EmbeddedLedger(tmp_path):
        pass
    (tmp_path / "journal").write_bytes(b"")
    with pytest.raises(StateDamaged, match="lost"):
        async with EmbeddedLedger(tmp_path):
            pass
