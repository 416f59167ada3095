"""How a node is put together, and in what order it comes up and goes down. Nothing is decided here."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import logging
import os
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from node.clock import Clock, system_clock
from node.crypto.public_keys import KeyType
from node.crypto.signing import SigningKey
from node.did.ethr.method import EthrMethod, Network
from node.did.resolver import Resolver
from node.did.versions import RemoteMethod
from node.errors import NotConfigured
from node.fetch import Fetcher
from node.issuing.credentials import CredentialIssuer
from node.issuing.did_documents import OwnIdentity
from node.issuing.status_lists import StatusListCredentials
from node.keys import KeyName, KeyStore, read_key
from node.monitoring.alerts import Alerts
from node.monitoring.delivery.outbox import Outbox
from node.monitoring.delivery.webhook import Endpoint, WebhookSender
from node.monitoring.monitor import Monitor
from node.monitoring.roster import Roster
from node.monitoring.sealing import CredentialCipher
from node.policies import DEFAULT, policies_of
from node.services.registrar import Registrar
from node.services.verification import VerificationService
from node.settings import Settings, digest_of
from node.store.engine import create_engine, migrate
from node.verification.policy import Policy
from node.verification.proof import ProofChecker
from node.verification.proofs.contexts import Contexts
from node.verification.proofs.data_integrity.data_integrity import DataIntegrity
from node.verification.schema import SchemaRegistry
from node.verification.verdict import Verdict
from node.verification.verifier import Verifier
from registry.audit import AuditReport, audit
from registry.chain import Finality, Ledger
from registry.embedded.ledger import EmbeddedLedger
from registry.follower import Follower
from registry.network_file import NetworkFile
from registry.publisher.publisher import Publisher
from registry.publisher.signer import LocalSigner, Role, Signer
from registry.replica.feed import ChangeFeed
from registry.replica.queries import ReplicaQueries
from registry.replica.replica import Replica
from registry.replica.store import ReplicaDamaged

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Node:
    """One participant's node, running. The faces read these and nothing else."""

    settings: Settings
    clock: Clock
    verification: VerificationService
    policies: Mapping[str, Policy]
    queries: ReplicaQueries
    feed: ChangeFeed
    resolver: Resolver
    registrar: Registrar
    publisher: Publisher
    issuer: CredentialIssuer | None
    status_list_credentials: StatusListCredentials | None
    did_document: Mapping[str, Any] | None
    roster: Roster
    alerts: Alerts
    monitor: Monitor
    audit: Callable[[], Coroutine[Any, Any, AuditReport]]


@contextlib.asynccontextmanager
async def open_node(settings: Settings, clock: Clock = system_clock) -> AsyncIterator[Node]:
    """Bring a node up; take it down at the end of the block.

    Raises NotConfigured, KeyFileError, EmbeddedLedgerError, NetworkFileInvalid, OSError. A ledger that is down
    is no error: the node answers from its replica, says how old that is, and keeps trying.
    """
    async with contextlib.AsyncExitStack() as stack:
        stack.enter_context(_only_process_in(settings.data_dir))
        settings = _with_api_key(settings)
        keys = KeyStore(settings.data_dir / "keys", settings.key_password)
        engine = create_engine(settings.effective_database_url)
        stack.callback(engine.dispose)
        await asyncio.to_thread(migrate, engine)
        network, governor = await _network(settings, stack)
        ledger = _ledger(settings, network)
        stack.push_async_callback(ledger.close)
        replica = await asyncio.to_thread(_replica, engine)
        remote = _remote_methods(settings, clock, stack)
        node, tasks = _assemble(settings, clock, keys, engine, network, ledger, replica, governor, remote)
        await stack.enter_async_context(_running(tasks))
        yield node


def _assemble(  # noqa: PLR0917  every argument is a part that was opened before
    settings: Settings,
    clock: Clock,
    keys: KeyStore,
    engine: Engine,
    network: NetworkFile,
    ledger: Ledger,
    replica: Replica,
    governor: Signer | None,
    remote: Mapping[str, RemoteMethod],
) -> tuple[Node, list[Awaitable[None]]]:
    """The parts, and the loops that keep them going."""
    queries = replica.queries
    fetcher = Fetcher(allow=settings.http_exceptions) if settings.allow_web_dids else None
    resolver = Resolver(
        queries.pinned_document,
        fetcher,
        clock,
        pinned_versions=queries.document_history,
        remote=remote,
        plain_http=settings.http_exceptions,
    )
    data_integrity = DataIntegrity(Contexts())
    verifier = Verifier(ProofChecker(data_integrity), SchemaRegistry({}))
    verification = VerificationService(verifier, resolver, queries, clock)
    policies = policies_of(settings)

    signers: dict[Role, Signer] = {
        Role.ADMIN: LocalSigner(keys.open(KeyName.ADMIN)),
        Role.OPERATOR: LocalSigner(keys.open(KeyName.OPERATOR)),
    }
    if governor is not None:
        signers[Role.GOVERNOR] = governor
    publisher = Publisher(engine, ledger, network.contracts, queries, signers, clock)

    own = None
    if settings.issuer_did:
        own = OwnIdentity(
            settings.issuer_did, SigningKey.from_bytes(KeyType.ED25519, keys.open(KeyName.ISSUING))
        )
    registrar = Registrar(
        publisher=publisher,
        ledger=queries,
        own_did=settings.issuer_did,
        admin_address=signers[Role.ADMIN].address,
        operator_address=signers[Role.OPERATOR].address,
        public_url=settings.effective_public_url,
        own_document=own.document if own else dict,
        clock=clock,
    )

    async def reverify(credential: bytes) -> Verdict:
        return await verification.verify(credential, policy=policies[DEFAULT])

    endpoints = [Endpoint(hook.url, hook.secret.get_secret_value().encode()) for hook in settings.webhooks]
    sender = WebhookSender(Outbox(engine, clock), endpoints, clock=clock)
    roster = Roster(engine, CredentialCipher(keys.open(KeyName.STORAGE)), clock)
    monitor = Monitor(
        engine=engine,
        feed=replica.feed,
        roster=roster,
        ledger=queries,
        reverify=reverify,
        endpoints=[endpoint.url for endpoint in endpoints],
        clock=clock,
        on_alerts=sender.wake,
    )
    follower = Follower(ledger, replica, network.contracts, first_block=network.first_block, clock=clock)

    async def audit_now() -> AuditReport:
        return await audit(ledger, replica, network.contracts, first_block=network.first_block)

    node = Node(
        settings=settings,
        clock=clock,
        verification=verification,
        policies=policies,
        queries=queries,
        feed=replica.feed,
        resolver=resolver,
        registrar=registrar,
        publisher=publisher,
        issuer=own.issuer(queries, clock) if own else None,
        status_list_credentials=own.status_lists(queries, clock) if own else None,
        did_document=own.document() if own and settings.issuer_did.startswith("did:web:") else None,
        roster=roster,
        alerts=Alerts(engine, clock),
        monitor=monitor,
        audit=audit_now,
    )
    return node, [follower.run(), publisher.run(), monitor.run(), sender.run()]


# --- what comes up before the parts


def _replica(engine: Engine) -> Replica:
    """As the rows have it. They are derived: where they do not fit together they are built anew."""
    replica = Replica(engine)
    try:
        replica.load()
    except ReplicaDamaged as error:
        log.error("%s; building the replica anew from the ledger", error)
        replica.rewind(-1)
    return replica


@contextlib.contextmanager
def _only_process_in(folder: Path) -> Iterator[None]:
    """Two processes with the same keys and database would get in each other's way."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "node.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise NotConfigured(f"another node is running in {folder}") from error
        yield


def _with_api_key(settings: Settings) -> Settings:
    """Where none is configured, one is made at the first start, for this machine's own user."""
    if settings.api_keys_sha256:
        return settings
    path = settings.data_dir / "api-key"
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(32) + "\n")
        log.info("an API key was made: %s", path)
    digest = digest_of(path.read_text().strip())
    return settings.model_copy(update={"api_keys_sha256": frozenset({digest})})


async def _network(settings: Settings, stack: contextlib.AsyncExitStack) -> tuple[NetworkFile, Signer | None]:
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


def _ledger(settings: Settings, network: NetworkFile) -> Ledger:
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


def _remote_methods(
    settings: Settings, clock: Clock, stack: contextlib.AsyncExitStack
) -> Mapping[str, RemoteMethod]:
    """DID methods that need a ledger of their own. Does no I/O yet."""
    networks: dict[str, Network] = {}
    for name, configured in settings.ethr_registries.items():
        ledger = Ledger(configured.rpc_url, chain_id=int(name, 16) if name.startswith("0x") else None)
        stack.push_async_callback(ledger.close)
        networks[name] = Network(ledger, configured.registry)
    return {"ethr": EthrMethod(networks, clock)} if networks else {}


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
