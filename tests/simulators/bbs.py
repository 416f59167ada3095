"""Who issues under bbs-2023, and who derives from it: we only verify (draft-irtf-cfrg-bbs-signatures §3.5).

The points and hashes are those of node/crypto/bbs.py, which published vectors and a peer hold to the draft.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from functools import cached_property
from typing import Any

from py_arkworks_bls12381 import G1Point, G2Point, Scalar

from node.crypto import bbs
from node.crypto.public_keys import KeyType, PublicKey
from node.verification.proofs.data_integrity.documents import Documents
from node.verification.proofs.selective.bbs_2023 import DERIVED
from node.verification.proofs.selective.components import encode
from node.verification.proofs.selective.reading import Whole
from tests.simulators.pyld_oracle import pyld_canonical

Document = dict[str, Any]


class BbsSigner:
    """An issuer's key, and what its holder makes of a signature by it."""

    def __init__(self, seed: int = 9) -> None:
        self._secret = Scalar(int.from_bytes(hashlib.sha256(bytes([seed])).digest(), "big") % bbs._ORDER)

    @cached_property
    def public(self) -> PublicKey:
        return PublicKey.from_raw(KeyType.BLS12_381_G2, bytes((G2Point() * self._secret).to_compressed_bytes()))

    def proof(self, header: bytes, messages: Sequence[bytes], places: Sequence[int]) -> bytes:
        """§3.5.1 Sign, then §3.5.3 ProofGen: that all are signed, of which those at `places` are shown."""
        q1, *generators = bbs._GENERATORS.first(len(messages) + 1)
        domain = bbs._domain(self.public.raw, len(messages), header)
        scalars = [bbs._hashed(message, bbs._API + b"MAP_MSG_TO_SCALAR_AS_HASH_") for message in messages]
        points = [bbs._GENERATORS.base(), q1, *generators]
        signed = G1Point.multiexp_unchecked(points, [Scalar(1), Scalar(domain), *map(Scalar, scalars)])
        e = _drawn()
        signature = signed * (self._secret + e).inverse()

        hidden = [place for place in range(len(messages)) if place not in set(places)]
        r1, r2, e_blind, r1_blind, r3_blind = (_drawn() for _ in range(5))
        blinds = [_drawn() for _ in hidden]
        d = signed * r2
        abar = signature * (r1 * r2)
        bbar = d * r1 - abar * e
        t1 = abar * e_blind + d * r1_blind
        t2 = G1Point.multiexp_unchecked([d, *(generators[place] for place in hidden)], [r3_blind, *blinds])
        stated = b"".join(place.to_bytes(8, "big") + scalars[place].to_bytes(32, "big") for place in places)
        written = b"".join(bytes(one.to_compressed_bytes()) for one in (abar, bbar, d, t1, t2))
        octets = len(places).to_bytes(8, "big") + stated + written + domain.to_bytes(32, "big") + bytes(8)
        challenge = Scalar(bbs._hashed(octets, bbs._TO_SCALAR))
        answers = [
            e_blind + e * challenge,
            r1_blind - r1 * challenge,
            r3_blind - r2.inverse() * challenge,
            *(blind + Scalar(scalars[place]) * challenge for blind, place in zip(blinds, hidden, strict=True)),
            challenge,
        ]
        shown = b"".join(bytes(one.to_compressed_bytes()) for one in (abar, bbar, d))
        return shown + b"".join(int(one).to_bytes(32, "big") for one in answers)

    def derived(
        self,
        document: Document,
        method: str,
        documents: Documents,
        *,
        mandatory: Sequence[str],
        shown: Sequence[str],
        created: str,
    ) -> Document:
        """vc-di-bbs §3.3: the credential signed, and shown in part by its holder."""
        options = {
            "type": "DataIntegrityProof",
            "cryptosuite": "bbs-2023",
            "created": created,
            "verificationMethod": method,
            "proofPurpose": "assertionMethod",
        }
        whole = Whole(document, documents)
        digests = whole.reading.digests(secrets.token_bytes(32))
        order = {label: number for number, label in enumerate(sorted(digests, key=digests.__getitem__))}
        names = {label: f"_:b{number}" for label, number in order.items()}
        said = whole.reading.named(names)
        musts = said.places(whole.part(mandatory)[1].named(names))
        revealed, reading = whole.part([*mandatory, *shown])
        places = said.places(reading.named(names))
        together = "".join(said.lines[place] for place in sorted(musts))
        others = [place for place in range(len(said.lines)) if place not in musts]
        config = pyld_canonical({"@context": document["@context"], **options}, hashlib.sha256)
        header = b"".join(hashlib.sha256(one.encode()).digest() for one in (config, together))
        proof = self.proof(
            header,
            [said.lines[place].encode() for place in others],
            among := [number for number, place in enumerate(others) if place in places],
        )
        labels = {number: order[label] for label, number in reading.numbers().items()}
        musts_shown = [number for number, place in enumerate(sorted(places)) if place in musts]
        components = [proof, dict(sorted(labels.items())), musts_shown, among, b""]
        return {**revealed, "proof": {**options, "proofValue": encode(DERIVED, components)}}


def _drawn() -> Scalar:
    return Scalar(1 + secrets.randbelow(bbs._ORDER - 1))
