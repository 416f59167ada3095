"""`ecdsa-sd-2023`, checking: base proofs and derived ones (vc-di-ecdsa §3.5, §3.6).

The issuer's key signs the proof's options, the mandatory statements together, and a key made for this one
credential, which signs every other statement by itself. A base proof is its holder's to derive from; it is
accepted too, and proves no more than a derived one: other statements could have been taken out of it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from node.crypto.public_keys import KeyType, MalformedKey, PublicKey, SignatureInvalid
from node.verification.proofs.data_integrity.documents import Documents
from node.verification.proofs.selective.components import (
    MAX_POINTERS,
    MAX_STATEMENTS,
    components_of,
    encode,
    kind_of,
    label_map,
    malformed,
    octets,
    places,
)
from node.verification.proofs.selective.reading import Statements, Whole, digest_name, read
from node.verification.proofs.selective.selection import BadPointer
from node.verification.proofs.selective.withheld import withheld
from node.verification.reasons import Reason
from node.verification.refusals import Refused

BASE = b"\xd9\x5d\x00"
DERIVED = b"\xd9\x5d\x01"
P256_MULTICODEC = b"\x80\x24"
HMAC_BYTES = 32

_SIGNATURE_BYTES = 64
_KEY_BYTES = 35


@dataclass(frozen=True, slots=True)
class Signatures:
    """What both kinds of proof have."""

    base: bytes  # by the issuer
    public_key: bytes  # of the key of the statements, a Multikey
    statements: tuple[bytes, ...]  # one for each statement that is not mandatory, in their order


@dataclass(frozen=True, slots=True)
class BaseProof:
    """§3.5.2."""

    signatures: Signatures
    hmac_key: bytes
    mandatory_pointers: tuple[str, ...]

    def encoded(self) -> str:
        signed = self.signatures
        return encode(
            BASE,
            [
                signed.base,
                signed.public_key,
                self.hmac_key,
                list(signed.statements),
                list(self.mandatory_pointers),
            ],
        )


@dataclass(frozen=True, slots=True)
class DerivedProof:
    """§3.5.7."""

    signatures: Signatures
    labels: tuple[bytes, ...]  # the HMAC of each blank node, by canonical number
    mandatory: tuple[int, ...]  # places of the mandatory statements among those shown

    def encoded(self) -> str:
        signed = self.signatures
        return encode(
            DERIVED,
            [
                signed.base,
                signed.public_key,
                list(signed.statements),
                dict(enumerate(self.labels)),
                list(self.mandatory),
            ],
        )


def parse(text: object) -> BaseProof | DerivedProof:
    """§3.5.3, §3.5.8. Raises Refused(MALFORMED_PROOF)."""
    kind = kind_of(text)
    if kind not in (BASE, DERIVED):
        raise malformed("is not one of this cryptosuite")
    components = components_of(text)
    if len(components) != 5:
        raise malformed("does not have its five parts")
    if kind == BASE:
        base, public_key, hmac_key, statements, pointers = components
        return BaseProof(
            _signatures(base, public_key, statements), octets(hmac_key, HMAC_BYTES), _pointers(pointers)
        )
    base, public_key, statements, labels, mandatory = components
    names = label_map(labels, lambda one: octets(one, HMAC_BYTES))
    return DerivedProof(_signatures(base, public_key, statements), names, places(mandatory))


def check(
    document: Mapping[str, Any],
    proof_value: object,
    key: PublicKey,
    options_digest: bytes,
    documents: Documents,
) -> frozenset[str]:
    """The deciding members of which something may have been left out, of a proof that holds.

    `document`: without its proof; `options_digest`: the hash of the proof without its value. Raises Refused.
    """
    proof = parse(proof_value)
    said, mandatory = (
        base_statements(Whole(document, documents), proof)
        if isinstance(proof, BaseProof)
        else _derived_statements(document, proof, documents)
    )
    check_base(proof.signatures, key, options_digest, said, mandatory)
    check_statements(proof.signatures, said, mandatory)
    return withheld(document, said, mandatory)


def base_statements(whole: Whole, proof: BaseProof) -> tuple[Statements, frozenset[int]]:
    """All statements of a credential, and the places of the mandatory ones. Raises Refused."""
    names = whole.reading.shuffled(proof.hmac_key)
    said = whole.reading.named(names)
    try:
        _, mandatory = whole.part(proof.mandatory_pointers)
    except BadPointer as error:
        raise malformed("makes something mandatory that is not there") from error
    return said, said.places(mandatory.named(names))


def check_base(
    signatures: Signatures, key: PublicKey, options_digest: bytes, said: Statements, mandatory: Collection[int]
) -> None:
    """§3.5.12: the issuer's own signature. Raises Refused(SIGNATURE_INVALID)."""
    together = "".join(line for place, line in enumerate(said.lines) if place in mandatory)
    try:
        key.verify(signatures.base, signed_by_issuer(options_digest, signatures.public_key, together))
    except SignatureInvalid as error:
        raise _changed() from error


def check_statements(signatures: Signatures, said: Statements, mandatory: Collection[int]) -> None:
    """Every statement that is not mandatory has its signature. Raises Refused(SIGNATURE_INVALID)."""
    others = [line for place, line in enumerate(said.lines) if place not in mandatory]
    # "If the length of signatures does not match the length of nonMandatory, throw an error" (§3.6.2)
    if len(others) != len(signatures.statements) or any(place >= len(said.lines) for place in mandatory):
        raise Refused(
            Reason.SIGNATURE_INVALID,
            "It says more or less than was signed: it was changed after signing.",
            "/proof",
        )
    try:
        key = PublicKey.from_raw(KeyType.P256, signatures.public_key[len(P256_MULTICODEC) :])
        for signature, line in zip(signatures.statements, others, strict=True):
            key.verify(signature, line.encode())
    except MalformedKey as error:
        raise malformed("holds a key that is none") from error
    except SignatureInvalid as error:
        raise _changed() from error


def signed_by_issuer(options_digest: bytes, public_key: bytes, mandatory: str) -> bytes:
    """§3.5.1: what the issuer's key signs."""
    return options_digest + public_key + hashlib.sha256(mandatory.encode()).digest()


def _derived_statements(
    document: Mapping[str, Any], proof: DerivedProof, documents: Documents
) -> tuple[Statements, frozenset[int]]:
    reading = read(document, documents)
    names = reading.mapped([digest_name(label) for label in proof.labels])
    return reading.named(names), frozenset(proof.mandatory)


def _signatures(base: object, public_key: object, statements: object) -> Signatures:
    if type(statements) is not list or len(statements) > MAX_STATEMENTS:
        raise malformed("holds no list of signatures, or too long a one")
    key = octets(public_key, _KEY_BYTES)
    if not key.startswith(P256_MULTICODEC):
        raise malformed("holds a key of another kind")
    return Signatures(
        octets(base, _SIGNATURE_BYTES), key, tuple(octets(one, _SIGNATURE_BYTES) for one in statements)
    )


def _pointers(value: object) -> tuple[str, ...]:
    if type(value) is not list or len(value) > MAX_POINTERS or not all(type(one) is str for one in value):
        raise malformed("holds no list of JSON pointers")
    return tuple(value)


def _changed() -> Refused:
    return Refused(
        Reason.SIGNATURE_INVALID, "The signature does not match: it was changed after signing.", "/proof"
    )
