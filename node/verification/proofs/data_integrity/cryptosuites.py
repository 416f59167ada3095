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
_SUITE_CONTEXTS = "https://w3id.org/security/suites/"


class Canonicalization(Enum):
    """What the signature covers."""

    RDFC = "the meaning: RDFC-1.0 of the document's RDF"
    JCS = "the text: RFC 8785"


# Each key with its hash, for the document, the proof's options and RDFC-1.0 itself alike (vc-di-ecdsa §3.2).
HASHES: Mapping[KeyType, Callable[[bytes], Any]] = {
    KeyType.ED25519: hashlib.sha256,
    KeyType.P256: hashlib.sha256,
    KeyType.P384: hashlib.sha384,
    KeyType.BLS12_381_G2: hashlib.sha256,
}

_EDDSA = frozenset({KeyType.ED25519})
_ECDSA = frozenset({KeyType.P256, KeyType.P384})
ECDSA_SD = "ecdsa-sd-2023"
BBS = "bbs-2023"
_K256 = frozenset({KeyType.SECP256K1})


@dataclass(frozen=True, slots=True)
class Cryptosuite:
    """A cryptosuite of VC Data Integrity, or one of those before it.

    A proof value is the signature alone, base58btc; the oldest suites have a detached JWS in its place, and
    those that disclose selectively a value of their own form.
    """

    name: str
    canonicalization: Canonicalization
    key_types: frozenset[KeyType]
    proof_type: str = DATA_INTEGRITY_PROOF  # an older suite is named by the type of its proofs
    issued: bool = True  # not only verified
    own_context: str = ""  # that a proof may name instead of its document's contexts
    algorithms: frozenset[str] = frozenset()  # of the detached JWS; none: it has a proof value
    selective: bool = False  # statements are signed one by one: `proofs/selective`
    recovers: bool = False  # its signatures give their key away, so that an account can be held against it

    @property
    def value_member(self) -> str:
        """Where the signature stands in a proof."""
        return "jws" if self.algorithms else "proofValue"

    @property
    def urdna2015(self) -> bool:
        """Whether its texts are escaped as they were before RDFC-1.0."""
        return bool(self.algorithms)

    def hash_for(self, key_type: KeyType) -> Callable[[bytes], Any]:
        """Of the document, the proof's options and RDFC-1.0 itself."""
        return hashlib.sha256 if self.algorithms else HASHES[key_type]


def _of_old(name: str, key_types: frozenset[KeyType], context: str = "", **members: Any) -> Cryptosuite:
    """A suite that is named by the type of its proofs, over RDF; verified, and not issued any more."""
    return Cryptosuite(
        name,
        Canonicalization.RDFC,
        key_types,
        proof_type=name,
        issued=False,
        own_context=context and _SUITE_CONTEXTS + context,
        **members,
    )


SUITES = {
    suite.name: suite
    for suite in (
        Cryptosuite("eddsa-rdfc-2022", Canonicalization.RDFC, _EDDSA),
        Cryptosuite("eddsa-jcs-2022", Canonicalization.JCS, _EDDSA),
        Cryptosuite("ecdsa-rdfc-2019", Canonicalization.RDFC, _ECDSA),
        Cryptosuite("ecdsa-jcs-2019", Canonicalization.JCS, _ECDSA),
        Cryptosuite(ECDSA_SD, Canonicalization.RDFC, frozenset({KeyType.P256}), selective=True),
        Cryptosuite(
            BBS, Canonicalization.RDFC, frozenset({KeyType.BLS12_381_G2}), issued=False, selective=True
        ),
        _of_old(ED25519_2020, _EDDSA, "ed25519-2020/v1"),
        _of_old("Ed25519Signature2018", _EDDSA, "ed25519-2018/v1", algorithms=frozenset({"EdDSA"})),
        _of_old(
            "JsonWebSignature2020",
            _EDDSA | _ECDSA | _K256 | {KeyType.RSA},
            "jws-2020/v1",
            algorithms=frozenset({"EdDSA", "ES256", "ES384", "ES256K", "RS256", "PS256"}),
        ),
        _of_old("EcdsaSecp256k1Signature2019", _K256, algorithms=frozenset({"ES256K"})),
        _of_old("EcdsaSecp256r1Signature2019", frozenset({KeyType.P256}), algorithms=frozenset({"ES256"})),
        _of_old(
            "EcdsaSecp256k1RecoverySignature2020",
            _K256,
            "secp256k1recovery-2020/v2",
            algorithms=frozenset({"ES256K-R"}),
            recovers=True,
        ),
    )
}
