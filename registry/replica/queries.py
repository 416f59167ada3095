"""What the replica answers, from memory, in microseconds. Safe from any thread: each answer uses one state."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from registry.bindings.addresses import ContractAddresses
from registry.governance import DirectoryEntry, Membership, Proposal
from registry.records import (
    NOW,
    Accreditation,
    AsOf,
    Freshness,
    ListEvent,
    PinnedDocument,
    StatusListRecord,
    StatusPurpose,
    StatusReading,
    UnknownStatusList,
)
from registry.replica.list_questions import events_of
from registry.replica.state import LedgerState


@dataclass(frozen=True, slots=True)
class View:
    """What readers are shown; replaced as a whole."""

    state: LedgerState
    confirmed_at: float = 0.0  # Unix seconds; 0: never
    halted: str | None = None
    freshness: Freshness = field(init=False)

    def __post_init__(self) -> None:
        freshness = Freshness(self.state.head, self.confirmed_at, self.halted, self.state.first)
        object.__setattr__(self, "freshness", freshness)


class StatusListBits(NamedTuple):
    """A list as its publisher needs it."""

    seq: int
    issuer_id: int
    purpose: StatusPurpose
    bits_per_entry: int
    size: int  # entries
    packed: bytes


class ReplicaQueries:
    """Verification's view of the ledger (`LedgerView`), and the publisher's, and the pages'."""

    def __init__(self, view: Callable[[], View]) -> None:
        self._view = view

    def view(self) -> View:
        """One state, for whoever asks several things that have to fit together."""
        return self._view()

    def freshness(self) -> Freshness:
        return self._view().freshness

    # --- issuers

    def accreditation(self, did: str, at: AsOf = NOW) -> Accreditation | None:
        """None: never accredited, as far as was known then."""
        return self._view().state.accreditation(did, at)

    def issuers(self, at: AsOf = NOW) -> list[Accreditation]:
        """Every issuer, in the order they were accredited."""
        state = self._view().state
        found = (state.accreditation(did, at) for did in state.issuer_ids)
        return [issuer for issuer in found if issuer is not None]

    def issuer_history(self, did: str) -> tuple[Accreditation, ...]:
        """Every version of its accreditation, oldest first."""
        state = self._view().state
        return state.issuers.get(state.issuer_ids.get(did, 0), ())

    def did_of(self, issuer_id: int) -> str:
        """Raises KeyError where there is none of that number."""
        return self._view().state.did_of(issuer_id)

    def issuer_id(self, did: str) -> int | None:
        return self._view().state.issuer_ids.get(did)

    # --- the council and what it named

    def membership(self, at: AsOf = NOW) -> Membership | None:
        """Who governs, by which rules; None: nobody did yet."""
        return self._view().state.governance.membership(at)

    def memberships(self) -> tuple[Membership, ...]:
        """Every change of members or rules, oldest first."""
        return self._view().state.governance.memberships

    def proposal(self, proposal_id: bytes, at: AsOf = NOW) -> Proposal | None:
        """None: nobody had made it."""
        return self._view().state.governance.proposal(proposal_id, at)

    def proposals(self, at: AsOf = NOW) -> list[Proposal]:
        """In the order they were made."""
        governance = self._view().state.governance
        found = (governance.proposal(proposal_id, at) for proposal_id in governance.proposals)
        return [proposal for proposal in found if proposal is not None]

    def directory(self, at: AsOf = NOW) -> list[DirectoryEntry]:
        """What each name stood for."""
        governance = self._view().state.governance
        found = (governance.entry(name, at) for name in governance.directory)
        return [entry for entry in found if entry is not None]

    def contracts(self, founded: ContractAddresses) -> ContractAddresses:
        """Where the contracts are now, of a network that began with these."""
        return self._view().state.governance.contracts(founded)

    # --- DID documents

    def pinned_document(self, did: str, at: AsOf = NOW) -> PinnedDocument | None:
        """The version known then, a deactivation included; None: nothing had been pinned."""
        return self._view().state.document(did, at)

    def document_history(self, did: str) -> tuple[PinnedDocument, ...]:
        """All versions, oldest first."""
        return self._view().state.documents.get(did, ())

    # --- status lists

    def status(self, uri: str, index: int, at: AsOf = NOW) -> StatusReading:
        """One entry of a list. Raises UnknownStatusList, IndexOutOfRange."""
        return self._view().state.status(uri, index, at)

    def status_list(self, uri: str, at: AsOf = NOW) -> StatusListRecord | None:
        """None: no list of that address, as far as was known then."""
        try:
            return self._view().state.status_list(uri, at)
        except UnknownStatusList:
            return None

    def status_registry(self, at: AsOf = NOW) -> str:
        """The contract that takes updates, as recorded by then (`valid_at` is no bound here); lists left in one
        before it take none. Empty: none was named."""
        recorded = replace(at, valid_at=None)
        named = self._view().state.governance.entry("StatusRegistry", recorded)
        return named.target if named else ""

    def list_uri(self, list_id: bytes) -> str | None:
        """The address of the list of that id; None: there is none."""
        found = self._view().state.lists.get(list_id)
        return None if found is None else found.uri

    def status_lists(self, at: AsOf = NOW) -> list[StatusListRecord]:
        """Every list known then, in the order they were created."""
        state, found = self._view().state, []
        for uri in state.list_ids:
            with contextlib.suppress(UnknownStatusList):  # it was created later
                found.append(state.status_list(uri, at))
        return found

    def list_history(self, uri: str) -> list[ListEvent]:
        """Everything that happened to a list, oldest first; empty: there is no such list."""
        state = self._view().state
        list_id = state.list_ids.get(uri)
        return [] if list_id is None else events_of(state.lists[list_id], state.did_of)

    def bits(self, uri: str, at: AsOf = NOW) -> StatusListBits | None:
        """All bits of a list as recorded by then (`valid_at` is no bound here).

        None: there was no such list, or a corrupt one, so that its bits are not known.
        """
        state = self._view().state
        list_id = state.list_ids.get(uri)
        if list_id is None:
            return None
        found = state.lists[list_id]
        try:
            record = state.status_list(uri, at)
        except UnknownStatusList:
            return None
        if not record.intact:
            return None
        return StatusListBits(
            found.published if at is NOW else record.seq,
            record.issuer_id,
            record.purpose,
            record.bits_per_entry,
            record.size,
            found.packed_after(record.seq),
        )
