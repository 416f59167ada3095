"""The identifier of a did:ethr: `[<network>:]<address or compressed public key>`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from node.crypto import base64url
from node.crypto.public_keys import KeyType, MalformedKey, PublicKey
from node.did.syntax import InvalidDid
from registry.bindings.addresses import checksummed, keccak256, parsed

MAINNET = "mainnet"  # where no network is named
_IDENTIFIER = re.compile(r"(?:([-\w]{1,64}):)?(0x(?:[0-9a-fA-F]{40}|[0-9a-fA-F]{66}))", re.ASCII).fullmatch


@dataclass(frozen=True, slots=True)
class Identity:
    """Whose events a document is made of."""

    network: str  # a name, or a chain id in hexadecimal
    address: bytes  # 20 bytes
    key: PublicKey | None  # of the form that names a key; secp256k1


def identity_of(identifier: str) -> Identity:
    """Raises InvalidDid."""
    match = _IDENTIFIER(identifier)
    if match is None:
        raise InvalidDid("the DID names neither an address nor a public key")
    network, name = match[1] or MAINNET, match[2]
    try:
        if len(name) == 42:
            return Identity(network, parsed(name), None)
        key = PublicKey.from_raw(KeyType.SECP256K1, bytes.fromhex(name[2:]))
    except (ValueError, MalformedKey) as error:
        raise InvalidDid(f"the account in the DID cannot be read: {error}") from error
    return Identity(network, address_of(key), key)


def address_of(key: PublicKey) -> bytes:
    """The account of a secp256k1 key (Yellow Paper, 4.1 and appendix F)."""
    jwk = key.to_jwk()
    x, y = (base64url.decode(jwk[name]) for name in ("x", "y"))
    return keccak256(x + y)[12:]


def account_id(chain_id: int, address: bytes) -> str:
    """CAIP-10."""
    return f"eip155:{chain_id}:{checksummed(address)}"
