"""Keys that sign transactions: the port, and a key held in this process."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol

import coincurve

from registry.bindings.addresses import checksummed, keccak256


class Role(StrEnum):
    """In whose name an action is done."""

    GOVERNOR = "governor"  # owns the contracts: accredits issuers, changes their standing
    ADMIN = "admin"  # an issuer's cold key: pins its DID documents
    OPERATOR = "operator"  # an issuer's hot key: creates and publishes status lists


class Signer(Protocol):
    """A secp256k1 key, wherever it is kept."""

    @property
    def address(self) -> str:
        """Checksummed."""
        ...

    def sign_hash(self, digest: bytes) -> bytes:
        """65 bytes: r, s (the lower of the two possible), recovery id 0 or 1, over 32 bytes."""
        ...


class LocalSigner:
    """A key in memory. Its repr shows the address alone."""

    def __init__(self, secret: bytes) -> None:
        """`secret`: 32 bytes. Raises ValueError."""
        self._key = coincurve.PrivateKey(secret)
        self._address = address_of(self._key.public_key)

    @property
    def address(self) -> str:
        return self._address

    def sign_hash(self, digest: bytes) -> bytes:
        signature: bytes = self._key.sign_recoverable(digest, hasher=None)
        return signature

    def __repr__(self) -> str:
        return f"LocalSigner({self._address})"


def address_of(key: coincurve.PublicKey) -> str:
    """The account a key signs for: the last 20 bytes of the hash of its point."""
    return checksummed(keccak256(key.format(compressed=False)[1:])[12:])
