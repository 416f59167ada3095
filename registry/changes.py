"""What changed, in the order it was recorded: the feed that monitoring, caches and other processes follow."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from registry.records import BlockStamp


class ChangeKind(StrEnum):
    """What a change is about; `key` is the list's address or the issuer's DID."""

    ISSUER = "issuer"  # key: DID
    DID_DOCUMENT = "did_document"  # key: DID
    LIST_CREATED = "list_created"  # key: list address
    STATUS = "status"  # key: list address; `values` holds the entries that changed
    HEARTBEAT = "heartbeat"  # key: list address
    LIST_CLOSED = "list_closed"  # key: list address
    LIST_CORRUPT = "list_corrupt"  # key: list address: a head or root did not match
    GOVERNANCE = "governance"  # key: a proposal's number, a council's address, or a name in the directory
    WITHDRAWN = "withdrawn"  # `withdraws` names a change that a reorganisation undid


class Change(NamedTuple):
    """One entry of the feed. Sequence numbers ascend without reuse; a withdrawn change keeps its own.

    A named tuple: there is one for each update, and it is made in a quarter of a dataclass's time.
    """

    seq: int
    kind: ChangeKind
    key: str
    stamp: BlockStamp
    values: tuple[tuple[int, int], ...] = ()  # (entry index, new value)
    effective_at: int | None = None  # Unix seconds, of a status update
    withdraws: int | None = None
