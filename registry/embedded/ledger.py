"""The embedded ledger: anvil supervised, its blocks journalled, its address served."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from types import TracebackType
from typing import Any

import uvicorn

from registry.bindings.deployment import Founding
from registry.chain import Ledger, LedgerError, LedgerUnavailable
from registry.embedded.anvil import Anvil, find_anvil
from registry.embedded.errors import EmbeddedLedgerError, StateDamaged
from registry.embedded.producer import BlockProducer
from registry.embedded.proxy import create_proxy
from registry.embedded.state import StateDirectory
from registry.network_file import NetworkFile
from registry.publisher.deployment import deploy_contracts
from registry.publisher.signer import LocalSigner
from registry.serving import Server, listening_socket

logger = logging.getLogger(__name__)

HEARTBEAT = 30.0  # seconds of idleness until an empty block
SNAPSHOT_EVERY = 2_000  # blocks: about two seconds of replay
LONGEST_PAUSE = 10.0  # seconds between attempts to start anvil again


class EmbeddedLedger:
    """`async with EmbeddedLedger(directory) as ledger:` runs it; anvil, whenever it ends, is started again.

    Raises EmbeddedLedgerError (its subclasses say what to do) and OSError (a port taken, a full disk).
    """

    def __init__(
        self,
        state_dir: Path,
        port: int = 0,
        *,
        heartbeat: float = HEARTBEAT,
        snapshot_every: int = SNAPSHOT_EVERY,
        clock: Callable[[], float] = time.time,
        anvil: Path | None = None,
    ) -> None:
        self._state_dir = state_dir
        self._port = port
        self._heartbeat = heartbeat
        self._snapshot_every = snapshot_every
        self._clock = clock
        self._binary = anvil
        self._anvil: Anvil | None = None
        self._producer: BlockProducer | None = None  # None: no ledger at the moment
        self._undelivered: list[str] = []  # accepted transactions that were in no block when anvil ended
        self._stopping = asyncio.Event()
        self._stack = contextlib.AsyncExitStack()
        self.network: NetworkFile
        self.governor: LocalSigner

    # --- life

    async def __aenter__(self) -> EmbeddedLedger:
        async with contextlib.AsyncExitStack() as stack:
            await self._start(stack)
            self._stack = stack.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    async def _start(self, stack: contextlib.AsyncExitStack) -> None:
        self._binary = self._binary or find_anvil()
        state = StateDirectory(self._state_dir)
        stack.callback(state.close)
        self._state = state
        self._genesis = state.genesis(int(self._clock()))
        listener = listening_socket("127.0.0.1", self._port)
        self._port = listener.getsockname()[1]
        started: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        supervisor = asyncio.create_task(self._supervise(started), name="embedded ledger")
        stack.push_async_callback(self._stop, supervisor)
        await started
        await stack.enter_async_context(_serving(create_proxy(self), listener))
        self.governor = LocalSigner(state.governor_key())
        self.network = await self._ready_network()

    async def _stop(self, supervisor: asyncio.Task[None]) -> None:
        self._stopping.set()
        if self._producer:
            self._producer.stop()
        await asyncio.gather(supervisor, return_exceptions=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    @property
    def ws_url(self) -> str:
        return f"ws://127.0.0.1:{self._port}"

    @property
    def network_path(self) -> Path:
        return self._state.network_path

    @property
    def anvil_pid(self) -> int | None:
        """The child's process id, for tests and for `ledger status`."""
        return self._anvil.pid if self._anvil else None

    # --- what the proxy asks

    async def read(self, method: str, params: list[Any]) -> Any:
        if self._producer is None or self._anvil is None:
            raise LedgerUnavailable("the ledger is starting")
        return await self._anvil.rpc.call(method, *params)

    async def send(self, raw: str) -> Any:
        if self._producer is None:
            raise LedgerUnavailable("the ledger is starting")
        return await self._producer.send(raw)

    def upstream(self) -> str:
        if self._producer is None or self._anvil is None:
            raise LedgerUnavailable("the ledger is starting")
        return self._anvil.ws_url

    # --- supervision

    async def _supervise(self, started: asyncio.Future[None]) -> None:
        """One anvil after another until we are stopped. An error before the first one runs is the caller's."""
        pause = 0.1
        while not self._stopping.is_set():
            try:
                await self._run_once(started)
                pause = 0.1
            except (EmbeddedLedgerError, LedgerUnavailable, LedgerError, OSError) as error:
                if not started.done():
                    started.set_exception(error)
                    return
                logger.error("the embedded ledger stopped (%s); starting it again", error)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._stopping.wait(), pause)
                pause = min(pause * 2, LONGEST_PAUSE)

    async def _run_once(self, started: asyncio.Future[None]) -> None:
        """Start anvil, bring it to where the journal ends, make blocks until told to stop or it ends."""
        assert self._binary  # noqa: S101 - _start sets it
        async with contextlib.AsyncExitStack() as stack:
            journal = await asyncio.to_thread(self._state.journal)
            stack.callback(journal.close)
            snapshot = await asyncio.to_thread(self._state.unpacked_snapshot)
            anvil = await Anvil.start(self._binary, self._genesis, snapshot, self._state.anvil_log_path)
            stack.push_async_callback(anvil.stop)
            self._state.discard_unpacked()
            producer = BlockProducer(
                anvil,
                self._state,
                journal,
                clock=self._clock,
                heartbeat=self._heartbeat,
                snapshot_every=self._snapshot_every,
            )
            await producer.recover(self._undelivered)
            self._anvil, self._producer = anvil, producer
            if not started.done():
                started.set_result(None)
            making, ended = asyncio.create_task(producer.run()), asyncio.create_task(anvil.ended())
            try:
                await asyncio.wait({making, ended}, return_when=asyncio.FIRST_COMPLETED)
                if not making.done():
                    raise LedgerUnavailable("anvil has ended")
                making.result()
            finally:
                self._producer = None
                making.cancel()
                ended.cancel()
                await asyncio.gather(making, ended, return_exceptions=True)
                self._undelivered = producer.waiting

    # --- contracts

    async def _ready_network(self) -> NetworkFile:
        """The network file of this start; the contracts are deployed if there is none yet."""
        ledger = Ledger(self.url, chain_id=self._genesis.chain_id)
        try:
            if self.network_path.exists():
                known = NetworkFile.load(self.network_path)
                _, genesis_hash = await ledger.identify()
                if known.genesis_hash != genesis_hash or known.chain_id != self._genesis.chain_id:
                    raise EmbeddedLedgerError(
                        f"{self.network_path} is of another ledger than the state beside it"
                    )
                contracts, first_block = known.contracts, known.first_block
                if not all([await ledger.code(address) for address in contracts.all()]):
                    raise StateDamaged(
                        f"the ledger has lost blocks: the contracts of {self.network_path} are not on it"
                    )
            else:
                alone = Founding.alone(self.governor.address)
                deployed = await deploy_contracts(ledger, self.governor, alone, first_nonce=0)
                contracts, first_block, genesis_hash = (
                    deployed.contracts,
                    deployed.first_block,
                    deployed.genesis_hash,
                )
        finally:
            await ledger.close()
        network = NetworkFile(
            chain_id=self._genesis.chain_id,
            genesis_hash=genesis_hash,
            rpc_urls=(self.url,),
            contracts=contracts,
            first_block=first_block,
            ws_urls=(self.ws_url,),
        )
        network.save(self.network_path)
        return network


@contextlib.asynccontextmanager
async def _serving(application: Any, listener: socket.socket) -> AsyncIterator[None]:
    config = uvicorn.Config(
        application,
        lifespan="off",
        log_config=None,
        log_level="warning",
        access_log=False,
        ws="websockets-sansio",
        ws_max_size=4 * 2**20,
        timeout_graceful_shutdown=2,
    )
    server = Server(config)
    task = asyncio.create_task(server.serve(sockets=[listener]), name="embedded ledger's address")
    try:
        yield
    finally:
        server.should_exit = True
        await task
        listener.close()
