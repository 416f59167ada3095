"""The proofs in a log and of its witnesses: eddsa-jcs-2022 (vc-di-eddsa §3.3) by a key named as did:key.

A log entry is no Linked Data: it has no `@context` and is signed as the JSON it is, so the screening that
credentials pass has nothing to look at here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from node.crypto import multibase
from node.crypto.public_keys import KeyType, MalformedKey, PublicKey, SignatureInvalid
from node.did.versions import HistoryInvalid
from node.verification.dates import unix_time
from node.verification.proofs.data_integrity.jcs import canonical_json

_FIXED = {"type": "DataIntegrityProof", "cryptosuite": "eddsa-jcs-2022", "proofPurpose": "assertionMethod"}


def digest_of(secured: Mapping[str, Any]) -> bytes:
    """SHA-256 of what a proof secures. Raises Refused."""
    return hashlib.sha256(canonical_json(secured)).digest()


def signer_of(proof: object) -> str:
    """The Multikey that the proof names, nothing of it checked yet. Raises HistoryInvalid."""
    url = proof.get("verificationMethod") if isinstance(proof, Mapping) else None
    if not isinstance(url, str) or len(url) > 256:
        raise HistoryInvalid("a proof names no verification method")
    did, _, fragment = url.partition("#")
    multikey = did.removeprefix("did:key:")
    if did == multikey or multikey != fragment:
        raise HistoryInvalid("a proof is not by a did:key")
    return multikey


def check(proof: Mapping[str, Any], digest: bytes, *, now: float) -> None:
    """That the key which `signer_of` gives made this proof over what has that digest.

    Raises HistoryInvalid or Refused.
    """
    if any(proof.get(name) != value for name, value in _FIXED.items()):
        raise HistoryInvalid("a proof is not eddsa-jcs-2022 for assertionMethod")
    if "created" in proof:
        unix_time(proof["created"])
    if "expires" in proof and unix_time(proof["expires"]) < now:
        raise HistoryInvalid("a proof has expired")
    options = {name: value for name, value in proof.items() if name != "proofValue"}
    try:
        key = PublicKey.from_multikey(signer_of(proof))
        signature = multibase.decode_signature(proof.get("proofValue"))
        if key.type is not KeyType.ED25519:
            raise HistoryInvalid("a proof is by a key that is not Ed25519")
        key.verify(signature, hashlib.sha256(canonical_json(options)).digest() + digest)
    except (MalformedKey, multibase.MalformedMultibase) as error:
        raise HistoryInvalid(f"a proof cannot be read: {error}") from error
    except SignatureInvalid as error:
        raise HistoryInvalid("a signature does not match") from error
