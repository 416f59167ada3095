"""The cryptosuites, as data: how each canonicalises, which keys it takes, how its proofs are named."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from node.crypto.public_keys import KeyType

DATA_INTEGRITY_PROOF = "DataIntegrityProof"
ED25519_2020 = "Ed25519Signature2020"
ED25519_2020_CONTEXT = "https://w3id.org/security/suites/ed25519-2020/v1"


class Canonicalization(Enum):
    """What the signature covers."""

    RDFC = "the meaning: RDFC-1.0 of the document's RDF"
    JCS = "the text: RFC 8785"


# Each key with its hash, for the document, the proof's options and RDFC-1.0 itself alike (vc-di-ecdsa §3.2).
HASHES: Mapping[KeyType, Callable[[bytes], Any]] = {
    KeyType.ED25519: hashlib.sha256,
    KeyType.P256: hashlib.sha256,
    KeyType.P384: hashlib.sha384,
}

_EDDSA = frozenset({KeyType.ED25519})
_ECDSA = frozenset({KeyType.P256, KeyType.P384})


@dataclass(frozen=True, slots=True)
class Cryptosuite:
    """A cryptosuite of VC Data Integrity. A proof value is the signature alone, base58btc."""

    name: str
    canonicalization: Canonicalization
    key_types: frozenset[KeyType]
    proof_type: str = DATA_INTEGRITY_PROOF  # an older suite is named by the type of its proofs
    issued: bool = True  # not only verified
    own_context: str = ""  # that a proof may name instead of its document's contexts


SUITES = {
    suite.name: suite
    for suite in (
        Cryptosuite("eddsa-rdfc-2022", Canonicalization.RDFC, _EDDSA),
        Cryptosuite("eddsa-jcs-2022", Canonicalization.JCS, _EDDSA),
        Cryptosuite("ecdsa-rdfc-2019", Canonicalization.RDFC, _ECDSA),
        Cryptosuite("ecdsa-jcs-2019", Canonicalization.JCS, _ECDSA),
        Cryptosuite(
            ED25519_2020,
            Canonicalization.RDFC,
            _EDDSA,
            proof_type=ED25519_2020,
            issued=False,
            own_context=ED25519_2020_CONTEXT,
        ),
    )
}
