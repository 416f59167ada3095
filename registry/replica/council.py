"""What the council's and the directory's events make of the state: pure, like the rest of the projection."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from registry import events as ev
from registry.bindings.addresses import ContractAddresses
from registry.bindings.council import CouncilAction
from registry.governance import (
    CouncilRule,
    DirectoryEntry,
    Membership,
    Proposal,
    ProposalState,
)
from registry.records import AsOf, BlockStamp
from registry.replica.errors import InconsistentLedger
from registry.replica.moments import known

GovernanceEvent = (
    ev.ProposalMade
    | ev.ProposalApproved
    | ev.ProposalRipening
    | ev.ProposalExecuted
    | ev.ProposalCancelled
    | ev.MembersChanged
    | ev.RuleChanged
    | ev.DirectoryEntryChanged
)


@dataclass(frozen=True, slots=True)
class Governance:
    """Who decides, on what, and which contracts the decisions named. Histories are oldest first."""

    memberships: tuple[Membership, ...] = ()
    proposals: Mapping[bytes, tuple[Proposal, ...]] = field(default_factory=dict)  # by number, in order made
    directory: Mapping[str, tuple[DirectoryEntry, ...]] = field(default_factory=dict)  # by name

    def after(self, event: GovernanceEvent, stamp: BlockStamp) -> Governance:  # noqa: PLR0911 - one for each kind
        """Raises InconsistentLedger."""
        match event:
            case ev.MembersChanged(council, epoch, quorum, governors):
                rules = self._rules(council)
                return self._reformed(Membership(council, epoch, quorum, governors, rules, stamp))
            case ev.RuleChanged():
                return self._ruled(event, stamp)
            case ev.ProposalMade():
                return self._made(event, stamp)
            case ev.ProposalApproved(proposal_id, governor, approvals):
                it = self._open(proposal_id)
                if approvals != len(it.approvals) + 1 or governor in it.approvals:
                    raise InconsistentLedger(f"approval {approvals} of a proposal with {len(it.approvals)}")
                return self._with(replace(it, approvals=(*it.approvals, governor), stamp=stamp))
            case ev.ProposalRipening(proposal_id, ripe_at):
                return self._with(replace(self._open(proposal_id), ripe_at=ripe_at, stamp=stamp))
            case ev.ProposalExecuted(proposal_id):
                return self._closed(proposal_id, ProposalState.EXECUTED, stamp)
            case ev.ProposalCancelled(proposal_id):
                return self._closed(proposal_id, ProposalState.CANCELLED, stamp)
            case ev.DirectoryEntryChanged():
                return self._named(event, stamp)

    def contracts(self, founded: ContractAddresses) -> ContractAddresses:
        """Where the contracts are, of a network that began with these."""
        for name, entries in self.directory.items():
            founded = founded.renamed(name, entries[-1].target)
        return founded

    def target_of(self, name: str) -> str:
        """What the name stands for; empty: nothing."""
        entries = self.directory.get(name)
        return entries[-1].target if entries else ""

    def membership(self, at: AsOf) -> Membership | None:
        """Who governed at the moment asked about; None: nobody did yet."""
        count = known(self.memberships, _recorded(at), _stamp)
        return self.memberships[count - 1] if count else None

    def proposal(self, proposal_id: bytes, at: AsOf) -> Proposal | None:
        """The proposal as it stood at that moment; None: it had not been made."""
        versions = self.proposals.get(proposal_id, ())
        count = known(versions, _recorded(at), _stamp)
        return versions[count - 1] if count else None

    def entry(self, name: str, at: AsOf) -> DirectoryEntry | None:
        """What the name stood for; None: nothing."""
        entries = self.directory.get(name, ())
        count = known(entries, _recorded(at), _stamp)
        return entries[count - 1] if count else None

    def rewound(self, number: int) -> Governance:
        """As it was at the end of that block."""
        at = AsOf(block=number)
        proposals = {key: it[: known(it, at, _stamp)] for key, it in self.proposals.items()}
        directory = {key: it[: known(it, at, _stamp)] for key, it in self.directory.items()}
        return Governance(
            self.memberships[: known(self.memberships, at, _stamp)],
            {key: it for key, it in proposals.items() if it},
            {key: it for key, it in directory.items() if it},
        )

    # --- members and rules

    def _rules(self, council: str) -> tuple[CouncilRule, ...]:
        """Those in force; a successor begins with none."""
        now = self.memberships[-1] if self.memberships else None
        return now.rules if now and now.council == council else ()

    def _ruled(self, event: ev.RuleChanged, stamp: BlockStamp) -> Governance:
        now = self.memberships[-1] if self.memberships else None
        if now is None or now.council != event.council:
            raise InconsistentLedger(f"{event.council} has rules before it has members")
        selector = event.selector if any(event.selector) else None
        rule = CouncilRule(event.target, selector, event.quorum, event.delay)
        others = (it for it in now.rules if (it.target, it.selector) != (rule.target, rule.selector))
        return self._reformed(replace(now, epoch=event.epoch, rules=(*others, rule), stamp=stamp))

    def _reformed(self, membership: Membership) -> Governance:
        """Members or rules are new: what was pending under the old ones is void."""
        before = self.memberships[-1] if self.memberships else None
        if before and (before.council, before.epoch) == (membership.council, membership.epoch):
            voided: dict[bytes, tuple[Proposal, ...]] = {}  # rules it was founded with
        else:
            voided = {
                key: (*versions, replace(versions[-1], state=ProposalState.VOIDED, stamp=membership.stamp))
                for key, versions in self.proposals.items()
                if versions[-1].state is ProposalState.OPEN
            }
        return replace(
            self, memberships=(*self.memberships, membership), proposals={**self.proposals, **voided}
        )

    # --- proposals

    def _made(self, event: ev.ProposalMade, stamp: BlockStamp) -> Governance:
        action = CouncilAction(event.target, event.data, event.salt, event.expires_at, event.epoch)
        if event.proposal_id in self.proposals or event.proposal_id != action.id:
            raise InconsistentLedger("a proposal is made twice, or under another one's number")
        made = Proposal(
            id=event.proposal_id,
            council=event.council,
            proposer=event.proposer,
            target=event.target,
            data=event.data,
            salt=event.salt,
            expires_at=event.expires_at,
            epoch=event.epoch,
            approvals=(),
            ripe_at=None,
            state=ProposalState.OPEN,
            made=stamp,
            stamp=stamp,
        )
        return replace(self, proposals={**self.proposals, made.id: (made,)})

    def _closed(self, proposal_id: bytes, state: ProposalState, stamp: BlockStamp) -> Governance:
        return self._with(replace(self._open(proposal_id), state=state, stamp=stamp))

    def _open(self, proposal_id: bytes) -> Proposal:
        versions = self.proposals.get(proposal_id)
        if versions is None or versions[-1].state is not ProposalState.OPEN:
            raise InconsistentLedger(f"proposal {proposal_id.hex()} is not open")
        return versions[-1]

    def _with(self, version: Proposal) -> Governance:
        versions = (*self.proposals[version.id], version)
        return replace(self, proposals={**self.proposals, version.id: versions})

    # --- directory

    def _named(self, event: ev.DirectoryEntryChanged, stamp: BlockStamp) -> Governance:
        entries = self.directory.get(event.name, ())
        if event.version != len(entries) + 1:
            raise InconsistentLedger(f"version {event.version} of {event.name} follows {len(entries)}")
        if entries and event.name in FIXED:
            raise InconsistentLedger(
                f"{event.name} has a successor, which this release cannot follow: a later one is needed"
            )
        entry = DirectoryEntry(event.name, event.version, event.target, stamp)
        return replace(self, directory={**self.directory, event.name: (*entries, entry)})


FIXED = ("IssuerRegistry", "DidRegistry")
"""Contracts whose successor would number issuers and versions anew: their histories could not be told apart."""


def _recorded(at: AsOf) -> AsOf:
    """Decisions hold from when they are recorded: what was valid then is what was recorded by then."""
    if at.valid_at is None:
        return at
    known_at = at.valid_at if at.known_at is None else min(at.known_at, at.valid_at)
    return AsOf(block=at.block, known_at=known_at)


def _stamp(version: Membership | Proposal | DirectoryEntry) -> BlockStamp:
    return version.stamp
