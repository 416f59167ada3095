"""What a node opens before its parts are put together: its folder, its API key, its ledger, its replica."""

from __future__ import annotations

import contextlib
import fcntl
import logging
import secrets
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Engine

from node.errors import NotConfigured
from node.keys import create_secret_file, read_key
from node.settings import Settings, digest_of
from registry.chain import Finality, Ledger
from registry.embedded.ledger import EmbeddedLedger
from registry.network_file import NetworkFile
from registry.publisher.signer import LocalSigner, Signer
from registry.replica.replica import Replica
from registry.replica.store import ReplicaDamaged

log = logging.getLogger(__name__)


def loaded_replica(engine: Engine) -> Replica:
    """As the rows have it. They are derived: where they do not fit together they are built anew."""
    replica = Replica(engine)
    try:
        replica.load()
    except ReplicaDamaged as error:
        log.error("%s; building the replica anew from the ledger", error)
        replica.rewind(-1)
    return replica


@contextlib.contextmanager
def only_process_in(folder: Path) -> Iterator[None]:
    """Two processes with the same keys and database would get in each other's way."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "node.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise NotConfigured(f"another node is running in {folder}") from error
        yield


def with_api_key(settings: Settings) -> Settings:
    """Where none is configured, one is made at the first start, for this machine's own user."""
    if settings.api_keys_sha256:
        return settings
    path = settings.data_dir / "api-key"
    if not path.exists():
        create_secret_file(path, secrets.token_urlsafe(32) + "\n")
        log.info("an API key was made: %s", path)
    digest = digest_of(path.read_text().strip())
    return settings.model_copy(update={"api_keys_sha256": frozenset({digest})})


async def network_of(settings: Settings, stack: contextlib.AsyncExitStack) -> tuple[NetworkFile, Signer | None]:
    """Which ledger, and the governor's key if this node has it."""
    if settings.ledger == "embedded":
        embedded = await stack.enter_async_context(
            EmbeddedLedger(settings.data_dir / "ledger", settings.ledger_port)
        )
        return embedded.network, embedded.governor
    if settings.network_file is None:
        raise NotConfigured("an external ledger needs GOODSTANDING_NETWORK_FILE")
    governor = None
    if settings.governor_key_file is not None:
        governor = LocalSigner(read_key(settings.governor_key_file, settings.key_password))
    return NetworkFile.load(settings.network_file), governor


def ledger_of(settings: Settings, network: NetworkFile) -> Ledger:
    """Does no I/O yet: chain id and genesis are checked with its first answer."""
    own_urls = bool(settings.rpc_urls)
    urls = settings.rpc_urls or network.rpc_urls
    if not urls:
        raise NotConfigured("neither the network file nor GOODSTANDING_RPC_URLS names a ledger")
    try:
        finality = Finality.parse(settings.finality)
    except ValueError as error:
        raise NotConfigured(f"GOODSTANDING_FINALITY: {error}") from error
    return Ledger(
        urls[0],
        chain_id=network.chain_id,
        genesis_hash=network.genesis_hash,
        finality=finality,
        ws_url=None if own_urls or not network.ws_urls else network.ws_urls[0],
    )
