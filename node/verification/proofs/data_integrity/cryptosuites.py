"""The cryptosuites, as data: how each canonicalises, which key it takes, how a proof value is written."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from node.crypto.public_keys import KeyType


class Canonicalization(Enum):
    """What the signature covers."""

    RDFC = "the meaning: RDFC-1.0 of the document's RDF"
    JCS = "the text: RFC 8785"


@dataclass(frozen=True, slots=True)
class Cryptosuite:
    """A cryptosuite of VC Data Integrity. All here hash with SHA-256 and sign 64 bytes, base58btc."""

    name: str
    canonicalization: Canonicalization
    key_type: KeyType


SUITES = {
    suite.name: suite
    for suite in (
        Cryptosuite("eddsa-rdfc-2022", Canonicalization.RDFC, KeyType.ED25519),
        Cryptosuite("eddsa-jcs-2022", Canonicalization.JCS, KeyType.ED25519),
    )
}
