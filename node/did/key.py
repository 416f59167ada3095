"""did:key: the identifier is the key (did:key method, §3.1).

A key of BLS12-381's first group makes a document like any other, and checks nothing here.
"""

from __future__ import annotations

from node.crypto import multibase
from node.crypto.public_keys import MalformedKey, PublicKey
from node.did.document import DidDocument
from node.did.parse import RELATIONSHIPS, parse_document
from node.did.syntax import InvalidDid

_BLS_G1, _BLS_G1_BYTES = b"\xea\x01", 48  # multicodec bls12_381-g1-pub
_MAX_BLS_CHARS = 80


def document_of(did: str, identifier: str) -> DidDocument:
    """The document a did:key stands for. Raises InvalidDid."""
    if not _is_bls_g1(identifier):
        _check_key(identifier)
    url = f"{did}#{identifier}"
    document = {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": did,
        "verificationMethod": [
            {"id": url, "type": "Multikey", "controller": did, "publicKeyMultibase": identifier}
        ],
        **{name: [url] for name in RELATIONSHIPS},
    }
    return parse_document(document, did, source="did:key")


def _check_key(identifier: str) -> None:
    try:
        key = PublicKey.from_multikey(identifier)
    except MalformedKey as error:
        raise InvalidDid(f"the key in the DID cannot be read: {error}") from error
    if key.to_multikey() != identifier:
        raise InvalidDid("the key in the DID is not in its one canonical form")


def _is_bls_g1(identifier: str) -> bool:
    """A compressed, finite point by its form (its flags: draft-irtf-cfrg-bls-signature, appendix A)."""
    if identifier[:1] != "z" or not 60 <= len(identifier) <= _MAX_BLS_CHARS:
        return False
    try:
        data = multibase.decode(identifier)
    except multibase.MalformedMultibase:
        return False
    return (
        data[:2] == _BLS_G1
        and len(data) == 2 + _BLS_G1_BYTES
        and data[2] & 0xC0 == 0x80
        and multibase.encode(data) == identifier
    )
