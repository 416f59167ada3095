"""What a node opens before its parts are put together: its folder, its API key, its ledger, its replica."""

from __future__ import annotations

import contextlib
import fcntl
import logging
import os
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import Engine

from node.clock import Clock
from node.did.ethr.method import EthrMethod, Network
from node.did.versions import RemoteMethod
from node.errors import NotConfigured
from node.keys import KeyFileError, create_secret_file, read_key, read_secret_file
from node.monitoring.delivery.webhook import Endpoint
from node.pinned_files import read_pinned
from node.settings import PREFIX, Settings, digest_of
from node.verification.files import Pinned
from node.verification.proofs.contexts import Contexts
from node.verification.schema_registry import SchemaRegistry
from registry.bindings.addresses import ContractAddresses
from registry.chain import Finality, Ledger
from registry.embedded.ledger import EmbeddedLedger
from registry.network_file import NetworkFile
from registry.proofs.seals import Validators
from registry.proofs.validators_file import TrustedLedger
from registry.publisher.signer import LocalSigner, Signer
from registry.replica.replica import Replica
from registry.replica.root_checker import RootChecker
from registry.replica.store import ReplicaDamaged

log = logging.getLogger(__name__)


def loaded_replica(engine: Engine) -> Replica:
    """As the rows have it. They are derived: where they do not fit together they are built anew."""
    # To check roots beside the rest takes a core of its own.
    replica = Replica(engine, RootChecker() if (os.cpu_count() or 1) > 1 else None)
    try:
        replica.load()
    except ReplicaDamaged as error:
        log.error("%s; building the replica anew from the ledger", error)
        replica.rewind(-1)
    return replica


@contextlib.contextmanager
def naming(setting: str) -> Iterator[None]:
    """What is wrong with what a setting says or names is told with its name. Raises NotConfigured."""
    try:
        yield
    except OSError as error:
        raise NotConfigured(f"{PREFIX}{setting}: {error.filename}: {error.strerror}") from error
    except (NotConfigured, KeyFileError, ValueError) as error:
        raise NotConfigured(f"{PREFIX}{setting}: {error}") from error


@contextlib.contextmanager
def only_process_in(folder: Path) -> Iterator[None]:
    """Two processes with the same keys and database would get in each other's way."""
    with naming("DATA_DIR"):
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / "node.lock").open("w")
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise NotConfigured(f"another node is running in {folder}") from error
        yield


def refuse_to_share_what_cannot_be(settings: Settings) -> None:
    """Processes that share a database share their keys' folder, and a ledger that none of them runs.

    Raises NotConfigured.
    """
    with naming("DATA_DIR"):
        settings.data_dir.mkdir(parents=True, exist_ok=True)
    if settings.ledger == "embedded":
        raise NotConfigured(
            "several processes cannot share an embedded ledger: run it by itself, goodstanding ledger run"
        )


def with_api_key(settings: Settings) -> Settings:
    """Where none is configured, one is made at the first start, for this machine's own user.

    Raises KeyFileError, NotConfigured.
    """
    if settings.api_keys_sha256:
        return settings
    path = settings.data_dir / "api-key"
    if not path.exists():
        create_secret_file(path, secrets.token_urlsafe(32) + "\n")
        log.info("an API key was made: %s", path)
    key = read_secret_file(path).strip()
    if not key:
        raise NotConfigured(f"{path} is empty: remove it, and the next start makes another")
    return settings.model_copy(update={"api_keys_sha256": frozenset({digest_of(key)})})


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
        with naming("GOVERNOR_KEY_FILE"):
            governor = LocalSigner(read_key(settings.governor_key_file, settings.key_password))
    with naming("NETWORK_FILE"):
        return NetworkFile.load(settings.network_file), governor


def ledger_of(settings: Settings, network: NetworkFile) -> Ledger:
    """Does no I/O yet: chain id and genesis are checked with its first answer."""
    own_urls = bool(settings.rpc_urls)
    urls = settings.rpc_urls or network.rpc_urls
    if not urls:
        raise NotConfigured("neither the network file nor GOODSTANDING_RPC_URLS names a ledger")
    if not all(map(_is_http, urls)):
        raise NotConfigured(
            "GOODSTANDING_RPC_URLS, or the network file: the address of a ledger is http://host:port or https://host/…"
        )
    with naming("FINALITY"):
        finality = Finality.parse(settings.finality)
    return Ledger(
        *urls,
        chain_id=network.chain_id,
        genesis_hash=network.genesis_hash,
        finality=finality,
        ws_url=None if own_urls or not network.ws_urls else network.ws_urls[0],
    )


def _is_http(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def stay_on_one_ledger(folder: Path, network: NetworkFile) -> None:
    """The folder's database says what one ledger said, and holds what was signed for it.

    Raises NotConfigured, NetworkFileInvalid.
    """
    path = folder / "ledger.json"
    if path.exists():
        known = NetworkFile.load(path)
        if _identity(known) != _identity(network):
            raise NotConfigured(
                f"{folder} belongs to another ledger, chain {known.chain_id} with the contracts that {path} "
                "names: give this one its own GOODSTANDING_DATA_DIR and database"
            )
    else:
        replace(network, rpc_urls=(), ws_urls=()).save(path)


def _identity(network: NetworkFile) -> tuple[int, bytes, ContractAddresses]:
    return network.chain_id, network.genesis_hash, network.contracts


def remote_methods(
    settings: Settings, clock: Clock, network: NetworkFile, ledger: Ledger, stack: contextlib.AsyncExitStack
) -> Mapping[str, RemoteMethod]:
    """DID methods read from a ledger: this network's own ERC-1056, and those configured. No I/O yet."""
    networks = {hex(network.chain_id): Network(ledger, network.contracts.ethr_did_registry)}
    for name, configured in settings.ethr_registries.items():
        other = Ledger(configured.rpc_url, chain_id=int(name, 16) if name.startswith("0x") else None)
        stack.push_async_callback(other.close)
        networks[name] = Network(other, configured.registry)
    return {"ethr": EthrMethod(networks, clock)}


def contexts_of(settings: Settings) -> Contexts:
    """Raises NotConfigured."""
    with naming("CONTEXTS_DIR"):
        return Contexts(read_pinned(settings.contexts_dir))


def schemas_of(settings: Settings) -> SchemaRegistry:
    """Raises NotConfigured."""
    with naming("SCHEMAS_DIR"):
        return SchemaRegistry(read_pinned(settings.schemas_dir))


def validators_of(settings: Settings) -> Validators | None:
    """Raises NotConfigured."""
    path = settings.validators_file
    with naming("VALIDATORS_FILE"):
        return None if path is None else TrustedLedger.load(path).validators


def endpoints_of(settings: Settings) -> list[Endpoint]:
    """Where alerts go. Raises NotConfigured."""
    with naming("WEBHOOKS"):
        return [Endpoint(hook.url, hook.secret.get_secret_value().encode()) for hook in settings.webhooks]


def type_metadata_of(settings: Settings) -> Pinned:
    """Raises NotConfigured."""
    with naming("TYPES_DIR"):
        return Pinned(read_pinned(settings.types_dir))
