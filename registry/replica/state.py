"""Everything the ledger said, with its past, in memory. It never changes under the readers that hold it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from registry.records import (
    NOW,
    Accreditation,
    AsOf,
    BlockStamp,
    PinnedDocument,
    StatusListRecord,
    StatusReading,
    UnknownStatusList,
)
from registry.replica.council import Governance
from registry.replica.list_questions import reading_of, record_of
from registry.replica.moments import known
from registry.replica.status_list import StatusList

Version = TypeVar("Version", Accreditation, PinnedDocument)


@dataclass(frozen=True, slots=True)
class LedgerState:
    """What was recorded up to `head`. Histories are oldest first."""

    head: BlockStamp | None = None
    issuers: Mapping[int, tuple[Accreditation, ...]] = field(default_factory=dict)
    issuer_ids: Mapping[str, int] = field(default_factory=dict)  # by DID
    documents: Mapping[str, tuple[PinnedDocument, ...]] = field(default_factory=dict)  # by DID
    lists: Mapping[bytes, StatusList] = field(default_factory=dict)  # by list id
    list_ids: Mapping[str, bytes] = field(default_factory=dict)  # by address
    first: BlockStamp | None = None  # the first block that recorded something
    governance: Governance = field(default_factory=Governance)
    # Lists as they are in this state, by address: made when first asked for.
    _records: dict[str, StatusListRecord] = field(default_factory=dict, init=False, repr=False, compare=False)

    def did_of(self, issuer_id: int) -> str:
        return self.issuers[issuer_id][0].did

    def accreditation(self, did: str, at: AsOf) -> Accreditation | None:
        """The issuer as it stood at the moment asked about; None if it had not been accredited.

        Standing and terms take effect when they are recorded, so `valid_at` picks among the versions known the
        last one recorded by then. An accreditation recorded only later is given all the same: its own
        terms say from when it holds.
        """
        return _in_force(self.issuers.get(self.issuer_ids.get(did, 0), ()), at)

    def document(self, did: str, at: AsOf) -> PinnedDocument | None:
        """The version in force at the moment asked about, with its keys; None if none had been pinned.

        As with an accreditation, one pinned only after `valid_at` is given where there was none before.
        """
        return _in_force(self.documents.get(did, ()), at)

    def status_list(self, uri: str, at: AsOf) -> StatusListRecord:
        """Raises UnknownStatusList."""
        if at is not NOW:
            return record_of(self._list(uri), at, self.did_of)
        found = self._records.get(uri)
        if found is None:
            found = self._records[uri] = record_of(self._list(uri), at, self.did_of)
        return found

    def status(self, uri: str, index: int, at: AsOf) -> StatusReading:
        """Raises UnknownStatusList, IndexOutOfRange."""
        record = self.status_list(uri, at)
        return reading_of(self._list(uri), index, at, record)

    def _list(self, uri: str) -> StatusList:
        list_id = self.list_ids.get(uri)
        if list_id is None:
            raise UnknownStatusList(f"the ledger knows no status list {uri}")
        return self.lists[list_id]

    def rewound(self, head: BlockStamp | None) -> LedgerState:
        """The state as it was at the end of that block; None: before the first one."""
        if head is None:
            return LedgerState()
        at = AsOf(block=head.number)
        issuers = {key: it[: known(it, at, _stamp)] for key, it in self.issuers.items()}
        documents = {key: it[: known(it, at, _stamp)] for key, it in self.documents.items()}
        lists = {key: it.rewound(head.number) for key, it in self.lists.items()}
        return LedgerState(
            head=head,
            issuers={key: it for key, it in issuers.items() if it},
            issuer_ids={did: key for did, key in self.issuer_ids.items() if issuers[key]},
            documents={key: it for key, it in documents.items() if it},
            lists={key: it for key, it in lists.items() if it is not None},
            list_ids={uri: key for uri, key in self.list_ids.items() if lists[key] is not None},
            first=self.first if self.first and self.first.number <= head.number else None,
            governance=self.governance.rewound(head.number),
        )


def _in_force(versions: Sequence[Version], at: AsOf) -> Version | None:
    if at is NOW:
        return versions[-1] if versions else None
    count = known(versions, at, _stamp)
    if at.valid_at is not None:
        count = min(count, max(1, known(versions, AsOf(known_at=at.valid_at), _stamp)))
    return versions[count - 1] if count else None


def _stamp(version: Accreditation | PinnedDocument) -> BlockStamp:
    return version.stamp
