"""did:jwk: the identifier is the key, as a base64url JWK (did:jwk method)."""

from __future__ import annotations

from node.crypto import base64url
from node.crypto.public_keys import MalformedKey, PublicKey
from node.did.document import DidDocument
from node.did.parse import RELATIONSHIPS, parse_document
from node.did.syntax import InvalidDid
from node.verification.proofs import strict_json
from node.verification.refusals import Refused


def document_of(did: str, identifier: str) -> DidDocument:
    """The document a did:jwk stands for. Raises InvalidDid."""
    try:
        jwk = strict_json.parse(base64url.decode(identifier))
        PublicKey.from_jwk(jwk)
    except (base64url.MalformedBase64url, Refused, MalformedKey) as error:
        raise InvalidDid("the key in the DID cannot be read") from error
    url = f"{did}#0"
    document = {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/suites/jws-2020/v1"],
        "id": did,
        "verificationMethod": [{"id": url, "type": "JsonWebKey2020", "controller": did, "publicKeyJwk": jwk}],
        **{name: [url] for name in RELATIONSHIPS},
    }
    return parse_document(document, did, source="did:jwk")
