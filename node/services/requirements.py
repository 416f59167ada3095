"""What is asked of an act and of what it is about, before anything is put on its way."""

from __future__ import annotations

from typing import Protocol

from node.errors import Conflict, Invalid, NotFound
from registry.bindings.addresses import checksummed, parsed
from registry.records import StatusListRecord


class Lists(Protocol):
    """The status lists on the ledger."""

    def status_list(self, uri: str) -> StatusListRecord | None: ...

    def status_registry(self) -> str:
        """The contract that takes updates."""
        ...


def require(holds: bool, message: str, member: str) -> None:
    """Raises Invalid, naming the member at fault."""
    if not holds:
        raise Invalid(f"{member}: {message}", member)


def account(text: str, member: str) -> str:
    """An address on the ledger, checksummed. Raises Invalid, naming the member, if it is none or mistyped."""
    try:
        return checksummed(parsed(text))
    except ValueError as error:
        raise Invalid(f"{member}: {error}", member) from error


def known_list(lists: Lists, uri: str) -> StatusListRecord:
    """Raises NotFound."""
    record = lists.status_list(uri)
    if record is None:
        raise NotFound(f"the ledger knows no list {uri}")
    return record


def open_list(lists: Lists, uri: str) -> StatusListRecord:
    """One that can be written to. Raises NotFound, Conflict."""
    record = known_list(lists, uri)
    if record.closed:
        raise Conflict(f"{uri} is closed")
    if left_behind(record, lists.status_registry()):
        raise Conflict(f"{uri} is in a registry that has a successor: {GO_ON}")
    return record


GO_ON = "its issuer has it go on there first, by goodstanding list continue"


def left_behind(record: StatusListRecord, status_registry: str) -> bool:
    """Whether its registry had a successor in which it had not gone on, at the moment both are of."""
    return record.registry != status_registry
