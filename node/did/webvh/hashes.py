"""Hashes as did:webvh writes them: base58btc, without a multibase prefix, of a SHA-256 multihash.

1.0 permits no other algorithm ("did:webvh DID Method Parameters", `method`).
"""

from __future__ import annotations

import hashlib
from typing import Any

from node.crypto import multibase
from node.verification.proofs.data_integrity.jcs import canonical_json

_SHA256 = b"\x12\x20"  # multihash: sha2-256, 32 bytes


def hash_of(data: bytes) -> str:
    """46 characters beginning with Qm."""
    return multibase.encode(_SHA256 + hashlib.sha256(data).digest())[1:]


def hash_of_json(value: Any) -> str:
    """Of the value's canonical form (RFC 8785). Raises Refused."""
    return hash_of(canonical_json(value))
