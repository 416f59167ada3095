"""What a consortium decides together: proposals to the council, and how far they have come.

Like the registrar's, every act returns the number of a publication at once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from node.clock import Clock
from node.errors import Conflict, Invalid, NotConfigured, NotFound
from registry.actions import (
    ApproveProposal,
    CancelProposal,
    ExecuteProposal,
    LedgerAction,
    ProposeCall,
    PublishStatus,
)
from registry.bindings import council, directory, issuer_registry, status_registry
from registry.bindings.abi import Function
from registry.bindings.addresses import MEMBERS, ContractAddresses, checksummed, parsed
from registry.bindings.council import Rule
from registry.bindings.described import described
from registry.bindings.status_registry import list_id_of
from registry.governance import Membership, Proposal, ProposalState
from registry.publisher.status_updates import CannotPublish, ListBits, WorkingList
from registry.records import Freshness, StatusListRecord, StatusPurpose

MAX_CALL = 64 * 1024  # bytes of call data in a proposal
MAX_DELTA = MAX_CALL - 1024  # bytes: what surrounds it in the call takes less
MAX_REVOKED = 10_000  # entries in one emergency revocation


class _Publisher(Protocol):
    def submit(self, action: LedgerAction, idempotency_key: str | None = None) -> int: ...


class _Ledger(Protocol):
    def membership(self) -> Membership | None: ...
    def proposal(self, proposal_id: bytes) -> Proposal | None: ...
    def proposals(self) -> Sequence[Proposal]: ...
    def issuer_id(self, did: str) -> int | None: ...
    def did_of(self, issuer_id: int) -> str: ...
    def list_uri(self, list_id: bytes) -> str | None: ...
    def status_list(self, uri: str) -> StatusListRecord | None: ...
    def bits(self, uri: str) -> ListBits | None: ...
    def freshness(self) -> Freshness: ...


@dataclass(frozen=True, slots=True)
class Progress:
    """A proposal, what it needs, and where that leaves it at the moment."""

    proposal: Proposal
    what: str  # the call in words
    needed: int  # approvals
    delay: int  # seconds between the last approval needed and the call
    state: str  # open, ripening, ripe, expired, executed, cancelled or voided


class Governing:
    """The acts of this node's governor, and what everybody may see of the council's."""

    def __init__(
        self,
        *,
        publisher: _Publisher,
        ledger: _Ledger,
        contracts: Callable[[], ContractAddresses],
        governor_address: str | None,
        clock: Clock,
    ) -> None:
        """`contracts`: where they are at the moment. `governor_address`: None, where this node has no key."""
        self._publisher = publisher
        self._ledger = ledger
        self.contracts = contracts
        self.governor_address = governor_address
        self._clock = clock

    # --- what to propose

    def propose_call(self, target: str, data: bytes, idempotency_key: str | None = None) -> int:
        """That the council call a contract."""
        self._require_governor()
        _require(4 <= len(data) <= MAX_CALL, f"4 to {MAX_CALL} bytes", "data")
        return self._publisher.submit(ProposeCall(_address(target, "target"), data), idempotency_key)

    def propose_members(self, governors: Sequence[str], quorum: int) -> int:
        """All of the council's members from then on. Voids what is pending."""
        addresses = {_address(governor, "governors") for governor in governors}
        count = len(addresses)
        _require(0 < count == len(governors) <= council.MAX_GOVERNORS, "1 to 64, each once", "governors")
        _require(count // 2 < quorum <= count, f"a majority of {count}, or more", "quorum")
        return self.propose_call(self.contracts().council, council.set_members(sorted(addresses), quorum))

    def propose_rule(self, contract: str, function: str | None, quorum: int, delay: int) -> int:
        """What a call of that function needs from then on, e.g. of `suspend(uint32,string)`; None: of any."""
        _require(0 <= delay <= council.MAX_DELAY, "at most 30 days", "delay")
        _require(0 <= quorum <= council.MAX_GOVERNORS, "at most as many as there are governors", "quorum")
        selector = council.ANY_FUNCTION if function is None else _selector(function)
        rule = Rule(self._named(contract), selector, quorum, delay)
        return self.propose_call(self.contracts().council, council.set_rule(rule))

    def propose_contract(self, name: str, address: str) -> int:
        """A contract's successor: every node follows it from the block on that names it."""
        _require(0 < len(name) <= directory.MAX_NAME and name.isascii(), "1 to 64 ASCII characters", "name")
        target = _address(address, "address")
        return self.propose_call(self.contracts().directory, directory.set_entry(name, target))

    def propose_admin(self, did: str, admin: str) -> int:
        """A new admin key for an issuer that lost its own."""
        data = issuer_registry.recover_admin(self._issuer(did), _address(admin, "admin"))
        return self.propose_call(self.contracts().issuer_registry, data)

    def propose_move(self, uri: str, to_did: str) -> int:
        """A status list's next keeper: the issuer's successor."""
        if self._ledger.list_uri(list_id_of(uri)) is None:
            raise NotFound(f"the ledger knows no list {uri}")
        data = status_registry.move(list_id_of(uri), self._issuer(to_did))
        return self.propose_call(self.contracts().status_registry, data)

    def propose_revocation(self, uri: str, entries: Sequence[int]) -> int:
        """Revoke where the issuer cannot or will not.

        The proposal takes the list's next update: should the issuer publish to the list before the last
        approval, the ledger refuses that approval, and it is to be proposed again.
        """
        self._require_governor()
        _require(0 < len(entries) <= MAX_REVOKED, f"1 to {MAX_REVOKED} entries", "entries")
        record = self._ledger.status_list(uri)
        if record is None:
            raise NotFound(f"the ledger knows no list {uri}")
        if record.closed:
            raise Conflict(f"{uri} is closed")
        if record.purpose is not StatusPurpose.REVOCATION:
            raise Conflict(
                f"{uri} is a {record.purpose.label} list: the council revokes on revocation lists only"
            )
        known, head = self._ledger.bits(uri), self._ledger.freshness().head
        if known is None or head is None:
            raise Conflict(f"the bits of {uri} do not match the ledger; nothing can be published to it")
        wanted = PublishStatus(uri, tuple((entry, 1) for entry in entries))
        # In effect from the last block known here: no later than the block that will execute it.
        try:
            planned = WorkingList(uri, known).plan(wanted, begun=False, effective_at=head.time, room=MAX_DELTA)
        except CannotPublish as error:
            raise Invalid(f"entries: {error}", "entries") from error
        if planned.update is None:
            raise Conflict("all of these entries are revoked already")
        _require(planned.complete, "too many for one update", "entries")
        data = status_registry.publish_emergency(planned.update)
        return self.propose_call(self.contracts().status_registry, data)

    # --- what to do about a proposal

    def approve(self, proposal_id: bytes) -> int:
        """By this node's governor. The last approval needed carries it out, or starts its delay."""
        governor = self._require_governor()
        progress = self.progress(proposal_id)
        it = progress.proposal
        if governor in it.approvals:
            raise Conflict("this node's governor has approved it already")
        require_pending(progress)
        return self._publisher.submit(ApproveProposal(it.target, it.data, it.salt, it.expires_at, it.epoch))

    def execute(self, proposal_id: bytes) -> int:
        """By anyone, once it is ripe."""
        progress = self.progress(proposal_id)
        require_pending(progress)
        if progress.state != "ripe":
            raise Conflict(f"it is {progress.state}: not to be executed yet")
        it = progress.proposal
        return self._publisher.submit(ExecuteProposal(it.target, it.data, it.salt, it.expires_at, it.epoch))

    def cancel(self, proposal_id: bytes) -> int:
        """By the governor that made it."""
        governor = self._require_governor()
        progress = self.progress(proposal_id)
        require_pending(progress)
        if progress.proposal.proposer != governor:
            raise Conflict("only the governor that made it cancels it")
        return self._publisher.submit(CancelProposal(proposal_id))

    # --- what everybody may see

    def progress(self, proposal_id: bytes) -> Progress:
        """Raises NotFound."""
        found = self._ledger.proposal(proposal_id)
        if found is None:
            raise NotFound("nobody has made this proposal")
        return self.progress_of(found)

    def progress_of(self, proposal: Proposal) -> Progress:
        """How far it has come, by the rules of today: a change of rules voids what is pending."""
        membership = self._ledger.membership()
        rule = membership.rule_for(proposal.target, proposal.data) if membership else None
        return Progress(
            proposal=proposal,
            what=self.describe(proposal.target, proposal.data),
            needed=rule.quorum if rule else 0,
            delay=rule.delay if rule else 0,
            state=self._state(proposal),
        )

    def made_by(self, publication_id: int) -> Progress | None:
        """The proposal this node made on behalf of a publication; None: none, or not replicated yet."""
        salt = publication_id.to_bytes(32, "big")
        for found in reversed(self._ledger.proposals()):
            if found.salt == salt and found.proposer == self.governor_address:
                return self.progress_of(found)
        return None

    def describe(self, target: str, data: bytes) -> str:
        """A call in words."""
        return described(target, data, self.contracts(), self._ledger.did_of, self._ledger.list_uri)

    def _state(self, proposal: Proposal) -> str:
        if proposal.state is not ProposalState.OPEN:
            return proposal.state.value
        now = self._clock()
        if now >= proposal.expires_at:
            return "expired"
        if proposal.ripe_at is None:
            return "open"
        return "ripe" if now >= proposal.ripe_at else "ripening"

    def _require_governor(self) -> str:
        if self.governor_address is None:
            raise NotConfigured("this node has no governor's key: set GOODSTANDING_GOVERNOR_KEY_FILE")
        return self.governor_address

    def _issuer(self, did: str) -> int:
        issuer_id = self._ledger.issuer_id(did)
        if issuer_id is None:
            raise NotFound(f"{did} is not accredited on this ledger")
        return issuer_id

    def _named(self, contract: str) -> str:
        """An address, or the name of one of the network's contracts."""
        if contract == "Directory":
            return self.contracts().directory
        member = MEMBERS.get(contract)
        return getattr(self.contracts(), member) if member else _address(contract, "contract")


def require_pending(progress: Progress) -> None:
    """Raises Conflict for what is decided, expired or voided."""
    if progress.state not in {"open", "ripening", "ripe"}:
        raise Conflict(f"the proposal is {progress.state}")


def _require(holds: bool, message: str, member: str) -> None:
    if not holds:
        raise Invalid(f"{member}: {message}", member)


def _address(text: str, member: str) -> str:
    try:
        return checksummed(parsed(text))
    except ValueError as error:
        raise Invalid(f"{member}: {error}", member) from error


def _selector(signature: str) -> bytes:
    name, _, types = signature.partition("(")
    if not name.isidentifier() or not types.endswith(")"):
        raise Invalid("function: a signature, e.g. suspend(uint32,string)", "function")
    return Function(name, *filter(None, types[:-1].split(","))).selector
