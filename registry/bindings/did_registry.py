"""DidRegistry: versions of issuers' DID documents (contracts/src/DidRegistry.sol)."""

from __future__ import annotations

from dataclasses import dataclass

from registry.bindings.abi import BlockTag, Call, Function
from registry.bindings.addresses import keccak256, parsed

MAX_DOCUMENT = 16 * 1024  # bytes

_PIN = Function("pin", "string", "uint32", "bytes")
_PIN_SIGNED = Function("pinSigned", "string", "uint32", "bytes", "uint64", "address", "bytes")
DEACTIVATE = Function("deactivate", "string", "uint32")
_DID = Function("did", "bytes32", returns=("uint32", "bool"))
_HEAD = Function("head", "bytes32", returns=("bytes32",))


def pin(did: str, version: int, document: bytes) -> bytes:
    """Call data: pins the next version, by the issuer's admin."""
    return _PIN(did, version, document)


def pin_signed(
    did: str, version: int, document: bytes, *, deadline: int, signer: str, signature: bytes
) -> bytes:
    """Call data: the same by anyone who carries the admin's signature over `signing.pin_did_document`."""
    return _PIN_SIGNED(did, version, document, deadline, parsed(signer), signature)


def deactivate(did: str, version: int) -> bytes:
    """Call data: ends the DID for good, by the issuer's admin or the owner. It takes a version's number."""
    return DEACTIVATE(did, version)


def next_head(head: bytes, version: int, document: bytes) -> bytes:
    """The head after a version: keccak256(abi.encode(head, version, keccak256(document))).

    The head before the first version is the DID's hash; a deactivation chains an empty document.
    """
    return keccak256(head + version.to_bytes(32, "big") + keccak256(document))


@dataclass(frozen=True, slots=True)
class DidState:
    """What the contract's storage holds on a DID."""

    version: int  # 0: nothing pinned
    deactivated: bool


@dataclass(frozen=True, slots=True)
class DidRegistry:
    """Reads of a deployed registry. Every read names its block. Raises AbiMismatch, and what `call` raises."""

    address: str
    call: Call

    async def did(self, did: str, block: BlockTag) -> DidState:
        """How many versions there are, and whether the last one ended the DID."""
        version, deactivated = await _DID.read(self.call, self.address, block, keccak256(did.encode()))
        return DidState(version, deactivated)

    async def head(self, did: str, block: BlockTag) -> bytes:
        """32 bytes; the hash of the DID itself where nothing is pinned."""
        (head,) = await _HEAD.read(self.call, self.address, block, keccak256(did.encode()))
        return bytes(head)
