"""`bbs-2023`, checking derived proofs (vc-di-bbs §3.3, §3.4).

One signature covers all statements; a derived proof shows some of them and proves that the rest were signed
too. What it shows cannot be linked to another derived proof by the signature alone. Optional features of the
specification are not supported, and said to be: they bind a credential to a secret of its holder, which takes
BBS signatures of another kind.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from node.crypto import bbs
from node.crypto.public_keys import MalformedKey, PublicKey, SignatureInvalid
from node.verification.proofs.data_integrity.documents import Documents
from node.verification.proofs.selective.components import (
    MAX_STATEMENTS,
    components_of,
    kind_of,
    label_map,
    malformed,
    octets,
    places,
)
from node.verification.proofs.selective.reading import read
from node.verification.proofs.selective.withheld import withheld
from node.verification.reasons import Reason
from node.verification.refusals import Refused

DERIVED = b"\xd9\x5d\x03"
# The other values of the third byte: even ones are base proofs, each followed by what is derived from it.
_UNSUPPORTED = {
    b"\xd9\x5d\x02": "a base proof: it is its holder's, to derive from",
    b"\xd9\x5d\x04": "a base proof: it is its holder's, to derive from",
    b"\xd9\x5d\x05": "bound to a secret of its holder (anonymous holder binding), which cannot be checked here",
    b"\xd9\x5d\x06": "a base proof: it is its holder's, to derive from",
    b"\xd9\x5d\x07": "one with a pseudonym of its holder, which cannot be checked here",
    b"\xd9\x5d\x08": "a base proof: it is its holder's, to derive from",
    b"\xd9\x5d\x09": "one with a pseudonym of its holder, which cannot be checked here",
}


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
    kind = kind_of(proof_value)
    if kind in _UNSUPPORTED:
        raise _unsupported(f"Its proof is {_UNSUPPORTED[kind]}.")
    if kind != DERIVED:
        raise malformed("is not one of this cryptosuite")
    try:
        bbs.check_available()
    except bbs.BbsUnavailable as error:
        raise _unsupported("bbs-2023 is checked only where the extra `bbs` is installed.") from error
    components = components_of(proof_value)
    if len(components) != 5:
        raise malformed("does not have its five parts")
    proof, labels, mandatory, shown, presentation_header = components
    names = [f"_:b{number}" for number in label_map(labels, _number)]
    mandatory_places = frozenset(places(mandatory))
    shown_places = places(shown)
    reading = read(document, documents)
    said = reading.named(reading.mapped(names))
    if any(place >= len(said.lines) for place in mandatory_places):
        raise malformed("names statements that are not there")
    together = "".join(line for place, line in enumerate(said.lines) if place in mandatory_places)
    others = [line.encode() for place, line in enumerate(said.lines) if place not in mandatory_places]
    try:
        bbs.check_proof(
            key,
            octets(proof),
            header=options_digest + hashlib.sha256(together.encode()).digest(),
            presentation_header=octets(presentation_header),
            messages=others,
            places=shown_places,
        )
    except MalformedKey as error:
        raise Refused(
            Reason.KEY_NOT_FOUND,
            "The key that signed it is not one of its kind.",
            "/proof/verificationMethod",
        ) from error
    except SignatureInvalid as error:
        raise Refused(
            Reason.SIGNATURE_INVALID,
            "The proof does not match: it was changed after it was derived.",
            "/proof",
        ) from error
    return withheld(document, said, mandatory_places)


def _number(value: object) -> int:
    if type(value) is not int or not 0 <= value < MAX_STATEMENTS:
        raise malformed("names parts in a way that cannot be read")
    return value


def _unsupported(detail: str) -> Refused:
    return Refused(Reason.UNKNOWN_CRYPTOSUITE, detail, "/proof/proofValue")
