"""Keys that a signature gives away: secp256k1 with a recovery id, as accounts of Ethereum sign."""

from __future__ import annotations

import coincurve

from node.crypto.public_keys import KeyType, PublicKey, SignatureInvalid
from registry.bindings.addresses import keccak256

SIGNATURE_BYTES = 65  # r ‖ s ‖ recovery id


def recovered_key(signature: bytes, message: bytes) -> PublicKey:
    """The one key that can have made this signature over SHA-256 of `message`. Raises SignatureInvalid."""
    if len(signature) != SIGNATURE_BYTES or signature[-1] > 1:
        raise SignatureInvalid("not a secp256k1 signature with a recovery id")
    try:
        key = coincurve.PublicKey.from_signature_and_message(signature, message)
    except ValueError as error:
        raise SignatureInvalid("no key can have made this signature") from error
    return PublicKey.from_raw(KeyType.SECP256K1, key.format())


def ethereum_address(key: PublicKey) -> bytes:
    """The 20 bytes that stand for a secp256k1 key on ledgers with EVM rules."""
    point = coincurve.PublicKey(key.raw).format(compressed=False)
    return keccak256(point[1:])[12:]
