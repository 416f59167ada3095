"""StatusRegistry: credential status lists (contracts/src/StatusRegistry.sol)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from registry.bindings.abi import AbiMismatch, BlockTag, Call, Function
from registry.bindings.addresses import keccak256, parsed
from registry.records import StatusPurpose

_UPDATE = "(bytes32,uint64,bytes32,uint48,bytes)"
_LIST = "(uint32,uint32,uint64,uint8,uint8,bool)"

_CREATE = Function("create", "uint32", "string", "uint32", "uint8", "uint8", "bytes32")
_PUBLISH = Function("publish", "bytes32", "uint64", "bytes32", "uint48", "bytes")
_PUBLISH_MANY = Function("publishMany", f"{_UPDATE}[]")
_PUBLISH_SIGNED = Function("publishSigned", _UPDATE, "uint64", "address", "bytes")
PUBLISHING_IN_EMERGENCY = Function("publishEmergency", _UPDATE)
_CLOSE = Function("close", "bytes32")
MOVE = Function("move", "bytes32", "uint32")
_READ_LIST = Function("list", "bytes32", returns=(_LIST,))
_HEAD = Function("head", "bytes32", returns=("bytes32",))


@dataclass(frozen=True, slots=True)
class StatusUpdate:
    """One update of one list, as it goes to the contract."""

    list_id: bytes  # 32 bytes
    seq: int  # the number this update takes: one more than the list's present one
    root: bytes  # 32 bytes: Merkle root of the bits after the update
    effective_at: int  # Unix seconds, not in the future
    delta: bytes  # gap-coded bit positions; empty: a heartbeat

    def _tuple(self) -> tuple[Any, ...]:
        return self.list_id, self.seq, self.root, self.effective_at, self.delta


def list_id_of(uri: str) -> bytes:
    """The list's name on the ledger: keccak256 of the URL of its status list credential."""
    return keccak256(uri.encode())


# --- by the issuer


def create(
    issuer_id: int, uri: str, *, size: int, purpose: StatusPurpose, bits_per_entry: int, empty_root: bytes
) -> bytes:
    """Call data: creates an empty list of `size` entries, by one of the issuer's operators."""
    return _CREATE(issuer_id, uri, size, int(purpose), bits_per_entry, empty_root)


def publish(update: StatusUpdate) -> bytes:
    """Call data: publishes an update, by one of the operators of the issuer that holds the list."""
    return _PUBLISH(*update._tuple())


def publish_many(updates: Sequence[StatusUpdate]) -> bytes:
    """Call data: all of the updates or none; several may be for the same list."""
    return _PUBLISH_MANY([update._tuple() for update in updates])


def publish_signed(update: StatusUpdate, *, deadline: int, signer: str, signature: bytes) -> bytes:
    """Call data: the same by anyone who carries an operator's signature over `signing.status_update`."""
    return _PUBLISH_SIGNED(update._tuple(), deadline, parsed(signer), signature)


def publish_emergency(update: StatusUpdate) -> bytes:
    """Call data: by the owner, on a revocation list."""
    return PUBLISHING_IN_EMERGENCY(update._tuple())


def close(list_id: bytes) -> bytes:
    """Call data: ends the list for good, by the issuer's admin."""
    return _CLOSE(list_id)


def move(list_id: bytes, to_issuer: int) -> bytes:
    """Call data: gives the list to the issuer's successor, by the owner."""
    return MOVE(list_id, to_issuer)


# --- reads


@dataclass(frozen=True, slots=True)
class ListState:
    """What the contract's storage holds on a list, besides its head."""

    issuer_id: int
    size: int  # entries
    seq: int  # updates so far
    purpose: StatusPurpose
    bits_per_entry: int
    closed: bool


@dataclass(frozen=True, slots=True)
class StatusRegistry:
    """Reads of a deployed registry. Every read names its block. Raises AbiMismatch, and what `call` raises."""

    address: str
    call: Call

    async def list(self, list_id: bytes, block: BlockTag) -> ListState | None:
        """None: no such list."""
        ((issuer_id, size, seq, purpose, bits, closed),) = await _READ_LIST.read(
            self.call, self.address, block, list_id
        )
        if issuer_id == 0:
            return None
        try:
            return ListState(issuer_id, size, seq, StatusPurpose(purpose), bits, closed)
        except ValueError as error:
            raise AbiMismatch(str(error)) from error

    async def head(self, list_id: bytes, block: BlockTag) -> bytes | None:
        """32 bytes that chain all updates; None: no such list."""
        (head,) = await _HEAD.read(self.call, self.address, block, list_id)
        return bytes(head) if any(head) else None
