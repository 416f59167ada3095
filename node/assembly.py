"""What a node is made of, and how its parts are put together. Nothing is decided here, and nothing runs yet."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine

from node.clock import Clock
from node.crypto.public_keys import KeyType
from node.crypto.signing import SigningKey
from node.did.resolver import Resolver
from node.did.versions import RemoteMethod
from node.fetch import Fetcher
from node.issuing.credentials import CredentialIssuer
from node.issuing.derivation import CredentialDeriver
from node.issuing.did_documents import OwnIdentity
from node.issuing.status_lists import StatusListCredentials
from node.keys import KeyName, KeyStore
from node.monitoring.alerts import Alerts
from node.monitoring.delivery.outbox import Outbox
from node.monitoring.delivery.webhook import WebhookSender
from node.monitoring.monitor import Monitor
from node.monitoring.roster import Roster
from node.monitoring.sealing import CredentialCipher
from node.policies import DEFAULT, policies_of
from node.services.gathered import GatheredApprovals
from node.services.governing import Governing
from node.services.moments import Moments
from node.services.proposals import Proposals
from node.services.proposing import Proposing
from node.services.receipts import ReceiptService
from node.services.registrar import Registrar
from node.services.replication import Replication
from node.services.verification import VerificationService
from node.services.web_status_lists import WebStatusLists
from node.settings import Settings
from node.slow_path.pool import SlowPath
from node.startup import (
    endpoints_of,
    schemas_of,
    type_metadata_of,
    validators_of,
)
from node.verification.hidden_claims import HiddenClaims
from node.verification.policy import Policy
from node.verification.proof import ProofChecker
from node.verification.proofs.contexts import Contexts
from node.verification.proofs.data_integrity.data_integrity import DataIntegrity
from node.verification.verdict import Verdict
from node.verification.verifier import Verifier
from registry.audit import AuditReport, audit
from registry.bindings.addresses import ContractAddresses
from registry.chain import Ledger
from registry.follower import Follower
from registry.network_file import NetworkFile
from registry.publisher.publisher import Publisher
from registry.publisher.signer import LocalSigner, Role, Signer
from registry.replica.feed import ChangeFeed
from registry.replica.follower_lock import FollowerLock
from registry.replica.queries import ReplicaQueries
from registry.replica.replica import Replica
from registry.sharing import SharedReplica


@dataclass(frozen=True, slots=True)
class Node:
    """One participant's node, running. The faces read these and nothing else."""

    settings: Settings
    clock: Clock
    verification: VerificationService
    receipts: ReceiptService
    policies: Mapping[str, Policy]
    queries: ReplicaQueries
    feed: ChangeFeed
    resolver: Resolver
    registrar: Registrar
    proposals: Proposals
    proposing: Proposing
    council: Governing
    gathered: GatheredApprovals
    publisher: Publisher
    issuer: CredentialIssuer | None
    deriver: CredentialDeriver
    status_list_credentials: StatusListCredentials | None
    did_document: Mapping[str, Any] | None
    roster: Roster
    alerts: Alerts
    monitor: Monitor
    slow_path: SlowPath
    moments: Moments
    replication: Replication
    audit: Callable[[], Coroutine[Any, Any, AuditReport]]


def assemble(
    *,
    settings: Settings,
    clock: Clock,
    keys: KeyStore,
    engine: Engine,
    network: NetworkFile,
    ledger: Ledger,
    replica: Replica,
    governor: Signer | None,
    remote: Mapping[str, RemoteMethod],
    contexts: Contexts,
    slow_path: SlowPath,
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
    data_integrity = DataIntegrity(contexts, slow_path)
    proofs = ProofChecker(data_integrity)
    verifier = Verifier(
        proofs,
        schemas_of(settings),
        contexts,
        type_metadata_of(settings),
        hidden=HiddenClaims(settings.hidden_claims),
    )
    verification = VerificationService(
        verifier,
        resolver,
        queries,
        clock,
        status_lists=_web_status_lists(settings, resolver, proofs, clock),
    )
    policies = policies_of(settings)
    receipts = ReceiptService(
        verifier=verifier,
        queries=queries,
        ledger=ledger,
        contracts=network.contracts,
        key=SigningKey.from_bytes(KeyType.ED25519, keys.open(KeyName.RECEIPT)),
        clock=clock,
    )

    signers: dict[Role, Signer] = {
        Role.ADMIN: LocalSigner(keys.open(KeyName.ADMIN)),
        Role.OPERATOR: LocalSigner(keys.open(KeyName.OPERATOR)),
    }
    if governor is not None:
        signers[Role.GOVERNOR] = governor

    def contracts() -> ContractAddresses:
        return queries.contracts(network.contracts)

    publisher = Publisher(engine, ledger, contracts, queries, signers, clock)

    own = None
    if settings.issuer_did:
        own = OwnIdentity(
            settings.issuer_did,
            SigningKey.from_bytes(KeyType.ED25519, keys.open(KeyName.ISSUING)),
            p256_key=SigningKey.from_bytes(KeyType.P256, keys.open(KeyName.ISSUING_P256)),
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

    proposals = Proposals(ledger=queries, contracts=contracts, clock=clock)
    governing = Governing(
        publisher=publisher,
        proposals=proposals,
        governor_address=governor.address if governor else None,
    )

    async def reverify(credential: bytes) -> Verdict:
        return await verification.verify(credential, policy=policies[DEFAULT])

    endpoints = endpoints_of(settings)
    sender = WebhookSender(Outbox(engine, clock), endpoints, clock=clock)
    roster = Roster(engine, CredentialCipher(keys.open(KeyName.STORAGE)), clock, queries.status_list)
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

    # What one process at a time may do; where several share the database, whichever has the lock.
    alone = [follower.run, publisher.run, monitor.run, sender.run]
    shared = SharedReplica(replica, FollowerLock(engine), alone) if settings.share_database else None

    validators = validators_of(settings)

    async def audit_now() -> AuditReport:
        return await audit(
            ledger, replica, network.contracts, first_block=network.first_block, validators=validators
        )

    node = Node(
        settings=settings,
        clock=clock,
        verification=verification,
        receipts=receipts,
        policies=policies,
        queries=queries,
        feed=replica.feed,
        resolver=resolver,
        registrar=registrar,
        proposals=proposals,
        proposing=Proposing(governing=governing, ledger=queries, contracts=contracts, clock=clock),
        council=governing,
        gathered=GatheredApprovals(
            publisher=publisher,
            proposals=proposals,
            ledger=queries,
            governor=governor,
            chain_id=network.chain_id,
            clock=clock,
        ),
        publisher=publisher,
        issuer=own.issuer(queries, clock) if own else None,
        deriver=CredentialDeriver(data_integrity),
        status_list_credentials=own.status_lists(queries, clock) if own else None,
        did_document=own.document() if own and settings.issuer_did.startswith("did:web:") else None,
        roster=roster,
        alerts=Alerts(engine, clock),
        monitor=monitor,
        slow_path=slow_path,
        moments=Moments(replica.block_not_above, queries.freshness, ledger),
        replication=Replication(replica, follower, shared, ledger),
        audit=audit_now,
    )
    return node, [shared.run()] if shared else [work() for work in alone]


def _web_status_lists(
    settings: Settings, resolver: Resolver, proofs: ProofChecker, clock: Clock
) -> WebStatusLists | None:
    """Where the operator lets lists be fetched that are not on the ledger."""
    if not settings.fetch_status_lists:
        return None
    return WebStatusLists(Fetcher(allow=settings.http_exceptions), resolver, proofs, clock)
