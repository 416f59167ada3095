"""The hash chain that a list's updates extend: whoever leaves one out or adds one comes to another head."""

from __future__ import annotations

from struct import Struct

from sha3 import keccak_256

from registry.bindings.addresses import keccak256

_LINK = Struct(">32s24xQ32s32s24xQ")  # abi.encode of what a head is the hash of


def genesis_head(  # noqa: PLR0917 – in the order they are hashed
    list_id: bytes, issuer_id: int, size: int, purpose: int, bits_per_entry: int, root: bytes
) -> bytes:
    """The head of a list just created: keccak256(abi.encode(listId, issuerId, size, purpose, bits, root))."""
    return keccak256(
        list_id
        + issuer_id.to_bytes(32, "big")
        + size.to_bytes(32, "big")
        + int(purpose).to_bytes(32, "big")
        + bits_per_entry.to_bytes(32, "big")
        + root
    )


def next_head(head: bytes, seq: int, delta: bytes, root: bytes, effective_at: int) -> bytes:
    """The head after an update: keccak256(abi.encode(head, seq, keccak256(delta), root, effectiveAt))."""
    # Not through `keccak256`: this is done for every update there ever was.
    digest: bytes = keccak_256(_LINK.pack(head, seq, keccak_256(delta).digest(), root, effective_at)).digest()
    return digest
