"""`ecdsa-sd-2023`, making: base proofs by an issuer, derived ones by a holder (vc-di-ecdsa §3.6.1, §3.6.6)."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from node.crypto.public_keys import KeyType
from node.crypto.signing import SigningKey
from node.verification.proofs.data_integrity.cryptosuites import ECDSA_SD
from node.verification.proofs.data_integrity.documents import Documents
from node.verification.proofs.data_integrity.proof_options import proofs_of
from node.verification.proofs.selective.ecdsa_sd import (
    HMAC_BYTES,
    P256_MULTICODEC,
    BaseProof,
    DerivedProof,
    Signatures,
    base_statements,
    check_statements,
    parse,
    signed_by_issuer,
)
from node.verification.proofs.selective.reading import Whole
from node.verification.proofs.selective.selection import BadPointer, tokens
from node.verification.proofs.selective.withheld import deciding
from node.verification.reasons import Reason
from node.verification.refusals import Refused


@dataclass(frozen=True, slots=True)
class Secrets:
    """What is drawn anew for each credential: the key of its statements, used once, and that of the labels."""

    statement_key: SigningKey = field(default_factory=lambda: SigningKey.generate(KeyType.P256))
    hmac_key: bytes = field(default_factory=lambda: secrets.token_bytes(HMAC_BYTES), repr=False)


def always_mandatory(document: Mapping[str, Any], pointers: Sequence[str]) -> tuple[str, ...]:
    """The pointers, and one to each deciding member that they leave open. Raises BadPointer."""
    covered = [tokens(pointer) for pointer in pointers]
    return tuple(
        dict.fromkeys(
            [
                *pointers,
                *(
                    f"/{member}"
                    for member in deciding(document)
                    if member in document and [] not in covered and [member] not in covered
                ),
            ]
        )
    )


def base_proof_value(
    document: Mapping[str, Any],
    options_digest: bytes,
    key: SigningKey,
    mandatory_pointers: Sequence[str],
    documents: Documents,
    *,
    drawn: Secrets | None = None,
) -> str:
    """The proof value of a base proof. Raises Refused; BadPointer for a pointer that leads to nothing."""
    drawn = drawn or Secrets()
    whole = Whole(document, documents)
    names = whole.reading.shuffled(drawn.hmac_key)
    said = whole.reading.named(names)
    _, selected = whole.part(mandatory_pointers)
    mandatory = said.places(selected.named(names))
    public_key = P256_MULTICODEC + drawn.statement_key.public.raw
    together = "".join(line for place, line in enumerate(said.lines) if place in mandatory)
    signatures = Signatures(
        key.sign(signed_by_issuer(options_digest, public_key, together)),
        public_key,
        tuple(
            drawn.statement_key.sign(line.encode())
            for place, line in enumerate(said.lines)
            if place not in mandatory
        ),
    )
    return BaseProof(signatures, drawn.hmac_key, tuple(mandatory_pointers)).encoded()


def derive(
    document: Mapping[str, Any], selective_pointers: Sequence[str], documents: Documents
) -> dict[str, Any]:
    """The credential cut down to what is mandatory and what the pointers select, with a derived proof.

    `document` has a base proof. Its signatures are checked, but for the issuer's own, which takes the issuer's
    key. Raises Refused; BadPointer for a pointer that leads to nothing.
    """
    proof = _proof_to_derive_from(document)
    base = parse(proof.get("proofValue"))
    if not isinstance(base, BaseProof):
        raise Refused(
            Reason.MALFORMED_PROOF, "It is derived already: only what its issuer signed can be.", "/proof"
        )
    whole = Whole({name: value for name, value in document.items() if name != "proof"}, documents)
    said, mandatory = base_statements(whole, base)
    check_statements(base.signatures, said, mandatory)

    pointers = list(dict.fromkeys([*base.mandatory_pointers, *selective_pointers]))
    revealed, reading = whole.part(pointers)
    if not revealed:
        raise BadPointer("", "is all that was selected, and nothing is mandatory")
    digests = whole.reading.digests(base.hmac_key)
    shown = said.places(reading.named(whole.reading.shuffled(base.hmac_key)))
    others = [place for place in range(len(said.lines)) if place not in mandatory]
    derived = DerivedProof(
        Signatures(
            base.signatures.base,
            base.signatures.public_key,
            tuple(one for place, one in zip(others, base.signatures.statements, strict=True) if place in shown),
        ),
        tuple(digests[label] for label, _ in sorted(reading.numbers().items(), key=lambda item: item[1])),
        tuple(number for number, place in enumerate(sorted(shown)) if place in mandatory),
    )
    return {**revealed, "proof": {**proof, "proofValue": derived.encoded()}}


def _proof_to_derive_from(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """The one proof of this suite: others are of the whole document, and end with it."""
    found = [proof for proof in proofs_of(document) if proof.get("cryptosuite") == ECDSA_SD]
    if len(found) != 1:
        raise Refused(
            Reason.UNKNOWN_CRYPTOSUITE, f"It does not have one proof by {ECDSA_SD}, to derive from.", "/proof"
        )
    return found[0]
