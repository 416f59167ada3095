"""In what order a node comes up and goes down."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable

from node.assembly import Node, assemble
from node.clock import Clock, system_clock
from node.keys import KeyStore
from node.settings import Settings
from node.slow_path.pool import SlowPath
from node.startup import (
    contexts_of,
    ledger_of,
    loaded_replica,
    network_of,
    only_process_in,
    refuse_to_share_what_cannot_be,
    remote_methods,
    stay_on_one_ledger,
    with_api_key,
)
from node.store.engine import create_engine, migrate


@contextlib.asynccontextmanager
async def open_node(settings: Settings, clock: Clock = system_clock) -> AsyncIterator[Node]:
    """Bring a node up; take it down at the end of the block.

    Raises NotConfigured, KeyFileError, EmbeddedLedgerError, NetworkFileInvalid, OSError, and for a database
    that cannot be used SQLAlchemyError or alembic's CommandError. A ledger that is down is no error: the node
    answers from its replica, says how old that is, and keeps trying.
    """
    async with contextlib.AsyncExitStack() as stack:
        if settings.share_database:
            refuse_to_share_what_cannot_be(settings)
        else:
            stack.enter_context(only_process_in(settings.data_dir))
        settings = with_api_key(settings)
        keys = KeyStore(settings.data_dir / "keys", settings.key_password)
        engine = create_engine(settings.effective_database_url)
        stack.callback(engine.dispose)
        await asyncio.to_thread(migrate, engine)
        network, governor = await network_of(settings, stack)
        stay_on_one_ledger(settings.data_dir, network)
        ledger = ledger_of(settings, network)
        stack.push_async_callback(ledger.close)
        replica = await asyncio.to_thread(loaded_replica, engine)
        contexts = contexts_of(settings)
        slow_path = SlowPath(contexts)
        stack.callback(slow_path.close)
        slow_path.start()
        node, loops = assemble(
            settings=settings,
            clock=clock,
            keys=keys,
            engine=engine,
            network=network,
            ledger=ledger,
            replica=replica,
            governor=governor,
            remote=remote_methods(settings, clock, network, ledger, stack),
            contexts=contexts,
            slow_path=slow_path,
        )
        await stack.enter_async_context(_running(loops))
        yield node


@contextlib.asynccontextmanager
async def _running(loops: list[Awaitable[None]]) -> AsyncIterator[None]:
    """Keep them going. One that ends by an error takes the node down: half a node would be worse."""
    async with asyncio.TaskGroup() as group:

        async def keep(loop: Awaitable[None]) -> None:
            await loop

        tasks = [group.create_task(keep(loop)) for loop in loops]
        yield
        for task in tasks:
            task.cancel()
