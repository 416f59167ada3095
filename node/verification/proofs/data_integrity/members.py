"""The members the verifier acts on, and the one way each may be spelled.

A signature over RDF covers the meaning of a document, not its text: whoever holds a credential may rename
a member to its full IRI, to a prefix and a suffix, or to a term of a context of their own, and the
signature stays valid. What the policy reads by name must therefore be impossible to spell otherwise.
"""

from __future__ import annotations

CREDENTIALS = "https://www.w3.org/2018/credentials#"
SECURITY = "https://w3id.org/security#"
BITSTRING = "https://www.w3.org/ns/credentials/status#"
STATUS_LIST_2021 = "https://w3id.org/vc/status-list#"
RECOVERY = "https://identity.foundation/EcdsaSecp256k1RecoverySignature2020#"

_CREDENTIAL_MEMBERS = (
    "issuer",
    "validFrom",
    "validUntil",
    "issuanceDate",
    "expirationDate",
    "credentialStatus",
    "credentialSubject",
    "credentialSchema",
    "termsOfUse",
    "refreshService",
    "evidence",
    "confidenceMethod",
    "relatedResource",
    "holder",
    "verifiableCredential",
)
_STATUS_MEMBERS = (
    "statusPurpose",
    "statusListIndex",
    "statusListCredential",
    "statusSize",
    "statusMessage",
    "statusReference",
    "encodedList",
    "ttl",
)
_PROOF_MEMBERS = (
    "cryptosuite",
    "verificationMethod",
    "proofPurpose",
    "proofValue",
    "jws",
    "challenge",
    "domain",
    "nonce",
    "previousProof",
)
_PROOF_TYPES = (
    "DataIntegrityProof",
    "Ed25519Signature2020",
    "Ed25519Signature2018",
    "JsonWebSignature2020",
    "EcdsaSecp256k1Signature2019",
    "EcdsaSecp256r1Signature2019",
)

# IRI of a predicate → the only key that may stand for it.
READ_PREDICATES: dict[str, str] = {
    **{CREDENTIALS + name: name for name in _CREDENTIAL_MEMBERS},
    **{BITSTRING + name: name for name in _STATUS_MEMBERS},
    **{STATUS_LIST_2021 + name: name for name in _STATUS_MEMBERS},
    **{SECURITY + name: name for name in _PROOF_MEMBERS},
    SECURITY + "proof": "proof",
    SECURITY + "expiration": "expires",
}

# IRI of a type → the only value of `type` that may stand for it.
READ_TYPES: dict[str, str] = {
    **{
        CREDENTIALS + name: name
        for name in (
            "VerifiableCredential",
            "VerifiablePresentation",
            "EnvelopedVerifiableCredential",
            "EnvelopedVerifiablePresentation",
            "JsonSchema",
            "JsonSchemaCredential",
        )
    },
    **{
        BITSTRING + name: name
        for name in ("BitstringStatusListEntry", "BitstringStatusListCredential", "BitstringStatusList")
    },
    **{
        STATUS_LIST_2021 + name: name
        for name in ("StatusList2021Entry", "StatusList2021Credential", "StatusList2021")
    },
    **{SECURITY + name: name for name in _PROOF_TYPES},
    RECOVERY + "EcdsaSecp256k1RecoverySignature2020": "EcdsaSecp256k1RecoverySignature2020",
}

# At the top of a document these names must have these meanings, whatever contexts it brings along.
ROOT_MEMBERS: dict[str, str] = {
    **{name: CREDENTIALS + name for name in _CREDENTIAL_MEMBERS},
    "proof": SECURITY + "proof",
}

# Likewise in a proof.
PROOF_MEMBERS: dict[str, str] = {
    **{name: SECURITY + name for name in _PROOF_MEMBERS},
    "expires": SECURITY + "expiration",
    "created": "http://purl.org/dc/terms/created",
}

# Predicates of objects whose members are read: each described in one place, or they could be told apart.
DESCRIBED_ONCE = frozenset({CREDENTIALS + "credentialStatus", CREDENTIALS + "credentialSchema"})

READ_NAMES = frozenset(READ_PREDICATES.values())


def local_name(iri: str) -> str:
    """What follows the last `#`, `/` or `:`."""
    return iri[max(iri.rfind("#"), iri.rfind("/"), iri.rfind(":")) + 1 :]
