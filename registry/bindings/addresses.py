"""Addresses: where the contracts are, and how an address is written."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import lru_cache

from sha3 import keccak_256


def keccak256(data: bytes) -> bytes:
    """Keccak-256, 32 bytes."""
    digest: bytes = keccak_256(data).digest()
    return digest


@lru_cache(maxsize=4096)
def checksummed(address: bytes) -> str:
    """20 bytes as 0x and hexadecimal with ERC-55's mixed-case checksum. Raises ValueError."""
    if len(address) != 20:
        raise ValueError(f"an address has 20 bytes, not {len(address)}")
    digits = address.hex()
    check = keccak256(digits.encode()).hex()
    return "0x" + "".join(
        digit.upper() if nibble > "7" else digit for digit, nibble in zip(digits, check[:40], strict=True)
    )


def parsed(address: str) -> bytes:
    """The 20 bytes of a written address. Mixed case must be a correct ERC-55 checksum. Raises ValueError."""
    digits = address.removeprefix("0x")
    if len(address) != 42 or len(digits) != 40 or not digits.isalnum():
        raise ValueError("an address is 0x and 40 hexadecimal digits")
    raw = bytes.fromhex(digits)
    if digits not in (digits.lower(), digits.upper()) and checksummed(raw) != address:
        raise ValueError("the address is mistyped: its checksum does not match")
    return raw


@dataclass(frozen=True, slots=True)
class ContractAddresses:
    """The contracts of one ledger, checksummed, in the order in which they are deployed. Raises ValueError."""

    council: str
    issuer_registry: str
    did_registry: str
    status_registry: str
    ethr_did_registry: str  # ERC-1056, for did:ethr
    directory: str

    def __post_init__(self) -> None:
        for field in fields(self):
            object.__setattr__(self, field.name, checksummed(parsed(getattr(self, field.name))))

    def all(self) -> tuple[str, ...]:
        """In the order in which they are deployed."""
        return tuple(getattr(self, field.name) for field in fields(self))

    def followed(self) -> tuple[str, ...]:
        """Those whose events a replica is made of: all of our own."""
        return tuple(address for address in self.all() if address != self.ethr_did_registry)

    def renamed(self, name: str, address: str) -> ContractAddresses:
        """After the Directory gave a name another address; names that are not ours change nothing."""
        member = MEMBERS.get(name)
        return self if member is None else replace(self, **{member: address})


MEMBERS = {
    "Council": "council",
    "IssuerRegistry": "issuer_registry",
    "DidRegistry": "did_registry",
    "StatusRegistry": "status_registry",
    "EthereumDIDRegistry": "ethr_did_registry",
}
"""Names in the Directory → members of ContractAddresses. Its own address no directory can change."""
