"""The signature of the suites before Data Integrity 1.0: a JWS whose payload stands elsewhere.

RFC 7797 with `b64` false: the header, then two dots, then the signature. What is signed is the header as
written, a dot, and the hashes of the proof's options and of the document, as bytes.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from node.crypto import base64url
from node.verification.proofs import strict_json
from node.verification.reasons import Reason
from node.verification.refusals import Refused

MAX_CHARS = 2048  # a signature by RSA of 4,096 bits takes some 740
_MEMBER = "/proof/jws"


@dataclass(frozen=True, slots=True)
class DetachedJws:
    """One taken apart; nothing of it is verified."""

    alg: str
    prefix: bytes = field(repr=False)  # RFC 7797 §3: what is signed before the payload
    signature: bytes = field(repr=False)


def read(proof: Mapping[str, Any], algorithms: Collection[str]) -> DetachedJws:
    """`jws` of a proof. Raises Refused: MALFORMED_PROOF, ALGORITHM_MISMATCH."""
    text = proof.get("jws")
    if type(text) is not str or not text.isascii() or len(text) > MAX_CHARS:
        raise _malformed("The proof brings no `jws`.")
    parts = text.split(".")
    if len(parts) != 3 or parts[1]:
        raise _malformed("The `jws` of the proof is not detached from what it signs.")
    try:
        header, signature = strict_json.parse(base64url.decode(parts[0])), base64url.decode(parts[2])
    except (base64url.MalformedBase64url, Refused) as error:
        raise _malformed("The `jws` of the proof cannot be read.") from error
    # RFC 7797 §6: `b64` is false only where `crit` says so. No other member is known, so none may be there.
    if type(header) is not dict or header.keys() != {"alg", "b64", "crit"}:
        raise _malformed("The header of the `jws` is not `alg`, `b64` and `crit`.")
    if header["b64"] is not False or header["crit"] != ["b64"]:
        raise _malformed("The `jws` is not made over an unencoded payload.")
    alg = header["alg"]
    if type(alg) is not str or alg not in algorithms:
        raise Refused(
            Reason.ALGORITHM_MISMATCH, "The `jws` is signed with an algorithm that is not accepted.", _MEMBER
        )
    return DetachedJws(alg, f"{parts[0]}.".encode("ascii"), signature)


def _malformed(detail: str) -> Refused:
    return Refused(Reason.MALFORMED_PROOF, detail, _MEMBER)
