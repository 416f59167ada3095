"""What is to be sent for the actions at the front of the queue: one call of one contract."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from registry.actions import (
    AccreditIssuer,
    ApproveProposal,
    ApproveSigned,
    CancelProposal,
    ChangeStanding,
    ChangeTerms,
    CloseStatusList,
    CreateStatusList,
    ExecuteProposal,
    LedgerAction,
    PinDidDocument,
    ProposeCall,
    PublishStatus,
    RotateOperator,
)
from registry.bindings import council, did_registry, issuer_registry, status_registry
from registry.bindings.addresses import ContractAddresses
from registry.bindings.council import CouncilAction
from registry.bindings.status_registry import StatusUpdate, list_id_of
from registry.chain import Ledger
from registry.publisher.publications import QueuedAction
from registry.publisher.signer import Role
from registry.publisher.status_updates import CannotPublish, StatusListBits, WorkingList, from_now
from registry.records import BlockStamp
from registry.replica.bitmaps import Bitmap
from registry.replica.empty_tree import empty_root

logger = logging.getLogger(__name__)

TIME_TO_DECIDE = 14 * 86_400  # seconds until a proposal expires, its delay aside


@dataclass(frozen=True, slots=True)
class PlannedCall:
    """One transaction's content, and what it is for."""

    role: Role
    to: str
    data: bytes
    trial: bytes  # the same with times no later than the present block's: what can be tried out on it
    actions: Mapping[int, bool]  # publication numbers → whether nothing is left to do afterwards
    numbered: bool = False  # holds numbers of updates, chosen anew each time it is planned


@dataclass(slots=True)
class Plan:
    """What to do next. Without a call and without endings: wait for the replica."""

    call: PlannedCall | None = None
    finished: list[int] = field(default_factory=list)  # nothing to do: everything is as wanted already
    failed: dict[int, str] = field(default_factory=dict)  # can never be done, and why
    awaiting_replica: bool = False


class Planner:
    """Reads the ledger at one named block, and the bits from the replica once it has come as far."""

    def __init__(
        self,
        ledger: Ledger,
        contracts: Callable[[], ContractAddresses],
        lists: StatusListBits,
        clock: Callable[[], float],
    ) -> None:
        """`contracts`: where they are at the moment, for one may get a successor."""
        self._ledger = ledger
        self._where = contracts
        self._replica = lists
        self._clock = clock
        self._look_up(contracts())

    def _look_up(self, contracts: ContractAddresses) -> None:
        call = self._ledger.call
        self._contracts = contracts
        self._council = council.Council(contracts.council, call)
        self._issuers = issuer_registry.IssuerRegistry(contracts.issuer_registry, call)
        self._dids = did_registry.DidRegistry(contracts.did_registry, call)
        self._lists = status_registry.StatusRegistry(contracts.status_registry, call)

    async def plan(
        self, queue: Sequence[QueuedAction], head: BlockStamp, *, room: int, overtake: bool = False
    ) -> Plan:
        """The first action, or all status updates at the front, their deltas in at most `room` bytes.

        Everything keeps its order, but updates of a list whose replica lags wait while those of other lists
        go on; with `overtake`, so do actions of other kinds. Raises what the ledger raises, and AbiMismatch.
        """
        self._look_up(self._where())
        front: list[tuple[QueuedAction, PublishStatus]] = []
        for queued in queue:
            if not isinstance(queued.action, PublishStatus):
                break
            front.append((queued, queued.action))
        if front:
            plan = await self._updates(front, head, room)
            if not plan.awaiting_replica or not overtake or plan.call or len(front) == len(queue):
                return plan
        return await self._single(queue[len(front)], head)

    async def _single(self, queued: QueuedAction, head: BlockStamp) -> Plan:
        try:
            role, to, data = await self._call(queued, head)
        except _unencodable() as error:
            return Plan(failed={queued.id: str(error)})
        return Plan(call=PlannedCall(role, to, data, data, {queued.id: True}))

    async def _call(self, queued: QueuedAction, head: BlockStamp) -> tuple[Role, str, bytes]:
        to_propose = await self._for_the_council(queued.action, head.number)
        if to_propose is not None:
            proposal = await self._proposal(queued.id, *to_propose, head)
            return Role.GOVERNOR, self._contracts.council, proposal
        return await self._own_call(queued.action, head.number)

    async def _for_the_council(self, action: LedgerAction, block: int) -> tuple[str, bytes] | None:
        """Target and call data of what only the council can do; None: it is done by a key of ours."""
        issuers = self._contracts.issuer_registry
        match action:
            case AccreditIssuer(did, admin, operator, terms):
                return issuers, issuer_registry.accredit(did, admin, operator, terms)
            case ChangeTerms(did, terms):
                return issuers, issuer_registry.set_terms(await self._issuer(did, block), terms)
            case ChangeStanding(did, standing, reason):
                issuer = await self._issuer(did, block)
                return issuers, issuer_registry.change_standing(issuer, standing, reason)
            case ProposeCall(target, data):
                return target, data
        return None

    async def _own_call(self, action: LedgerAction, block: int) -> tuple[Role, str, bytes]:  # noqa: PLR0911 - one a kind
        at = self._contracts
        match action:
            case ApproveProposal():
                return Role.GOVERNOR, at.council, council.approve(_decision(action))
            case ApproveSigned(deadline=deadline, signers=signers, signatures=signatures):
                call = council.approve_signed(
                    _decision(action), deadline=deadline, signers=signers, signatures=signatures
                )
                return Role.OPERATOR, at.council, call
            case ExecuteProposal():
                return Role.OPERATOR, at.council, council.execute(_decision(action))
            case CancelProposal(proposal_id):
                return Role.GOVERNOR, at.council, council.cancel(proposal_id)
            case RotateOperator(did, old, new):
                call = issuer_registry.rotate_operator(await self._issuer(did, block), old, new)
                return Role.ADMIN, at.issuer_registry, call
            case CloseStatusList(uri):
                return Role.ADMIN, at.status_registry, status_registry.close(list_id_of(uri))
            case PinDidDocument(did, document):
                version = (await self._dids.did(did, block)).version + 1
                return Role.ADMIN, at.did_registry, did_registry.pin(did, version, document)
            case CreateStatusList():
                call = status_registry.create(
                    await self._issuer(action.issuer_did, block),
                    action.uri,
                    size=action.size,
                    purpose=action.purpose,
                    bits_per_entry=action.bits_per_entry,
                    empty_root=await asyncio.to_thread(self._first_root, action),
                )
                return Role.OPERATOR, at.status_registry, call
        raise CannotPublish(f"{type(action).__name__} is not done by a call of its own")

    async def _proposal(self, number: int, target: str, data: bytes, head: BlockStamp) -> bytes:
        """What a governor does, it proposes to the council: done at once where its own approval is enough."""
        _, delay = await self._council.rule_of(target, data[:4], head.number)
        action = CouncilAction(
            target=target,
            data=data,
            salt=number.to_bytes(32, "big"),
            expires_at=head.time + delay + TIME_TO_DECIDE,
            epoch=await self._council.epoch(head.number),
        )
        return council.propose(action)

    async def _issuer(self, did: str, block: int) -> int:
        issuer_id = await self._issuers.issuer_id_of_did(did, block)
        if not issuer_id:
            raise CannotPublish(f"the ledger knows no issuer {did}")
        return issuer_id

    def _first_root(self, action: CreateStatusList) -> bytes:
        """Of no bits; but a list there is already goes on in its registry's successor with those it has."""
        size_bits = action.size * action.bits_per_entry
        had = self._replica.bits(action.uri)
        return empty_root(size_bits) if had is None else Bitmap(size_bits, had.packed).root()

    # --- status updates

    async def _updates(
        self, front: Sequence[tuple[QueuedAction, PublishStatus]], head: BlockStamp, room: int
    ) -> Plan:
        plan = Plan()
        working: dict[str, WorkingList | None] = {}  # None: its replica lags
        changed: set[str] = set()  # addresses of the lists that `updates` are for
        updates: list[StatusUpdate] = []
        covered: dict[int, bool] = {}
        for queued, action in front:
            try:
                if action.uri not in working:
                    working[action.uri] = await self._working_list(action.uri, head.number)
                bits = working[action.uri]
                if bits is None:
                    plan.awaiting_replica = True
                    continue
                effective_at = self._effective_at(queued, action, head)
                planned = await asyncio.to_thread(
                    bits.plan, action, begun=queued.begun, effective_at=effective_at, room=room
                )
            except CannotPublish as error:
                plan.failed[queued.id] = str(error)
                continue
            if planned.update is not None:
                updates.append(planned.update)
                changed.add(action.uri)
                covered[queued.id] = planned.complete
                room -= len(planned.update.delta) + _FRAME
            elif planned.complete and action.uri in changed:
                covered[queued.id] = True  # as wanted once the updates before it are
            elif planned.complete:
                plan.finished.append(queued.id)
            if not planned.complete or room <= 0:
                break
        if updates:
            present = [replace(u, effective_at=min(u.effective_at, head.time)) for u in updates]
            plan.call = PlannedCall(
                Role.OPERATOR,
                self._contracts.status_registry,
                _publish(updates),
                _publish(present),
                covered,
                numbered=True,
            )
        return plan

    async def _working_list(self, uri: str, block: int) -> WorkingList | None:
        """None: the replica has not come as far as the ledger. Raises CannotPublish."""
        state = await self._lists.list(list_id_of(uri), block)
        if state is None:
            raise CannotPublish(f"the ledger knows no status list {uri}")
        if state.closed:
            raise CannotPublish(f"the status list {uri} is closed")
        known = await asyncio.to_thread(self._replica.bits, uri)
        if known is None or known.seq != state.seq:
            logger.debug("%s: the ledger is at update %d, the replica is not", uri, state.seq)
            return None
        return WorkingList(uri, known)

    def _effective_at(self, queued: QueuedAction, action: PublishStatus, head: BlockStamp) -> int:
        now = self._clock()
        if action.effective_at is None:
            asked = int(min(queued.asked_at, now))  # it may have been asked of another machine
            return min(asked, head.time) if queued.refused else from_now(asked, head.time)
        if action.effective_at > max(now, head.time):
            raise CannotPublish("an update cannot take effect in the future")
        return action.effective_at


def _decision(action: ApproveProposal | ApproveSigned | ExecuteProposal) -> CouncilAction:
    return CouncilAction(action.target, action.data, action.salt, action.expires_at, action.epoch)


_FRAME = 256  # bytes that an update takes in call data, its delta aside


def _publish(updates: Sequence[StatusUpdate]) -> bytes:
    return status_registry.publish(updates[0]) if len(updates) == 1 else status_registry.publish_many(updates)


def _unencodable() -> tuple[type[Exception], ...]:
    """What bad arguments of an action raise."""
    from eth_abi.exceptions import EncodingError  # noqa: PLC0415 - takes long to import

    return CannotPublish, ValueError, EncodingError
