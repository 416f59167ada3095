"""did:key: the identifier is the key (did:key method, §3.1)."""

from __future__ import annotations

from node.crypto.public_keys import MalformedKey, PublicKey
from node.did.document import DidDocument
from node.did.parse import RELATIONSHIPS, parse_document
from node.did.syntax import InvalidDid


def did_for(key: PublicKey) -> str:
    """The did:key of a public key."""
    return "did:key:" + key.to_multikey()


def document_of(did: str, identifier: str) -> DidDocument:
    """The document a did:key stands for. Raises InvalidDid."""
    try:
        key = PublicKey.from_multikey(identifier)
    except MalformedKey as error:
        raise InvalidDid(f"the key in the DID cannot be read: {error}") from error
    if key.to_multikey() != identifier:
        raise InvalidDid("the key in the DID is not in its one canonical form")
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
