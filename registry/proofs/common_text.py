"""What most proofs have in common, and so need not carry: the preset dictionary they are deflated with.

Part of the packed form: a change of one byte here is a new FORMAT of `packing`.
"""

from __future__ import annotations

from registry import rlp
from registry.bindings.addresses import keccak256

_DOCUMENT = (
    b'"},"publicKeyMultibase":"zDnae","publicKeyJwk":{"kty":"EC","crv":"P-256","kty":"OKP","crv":"Ed25519","x":"'
    b'","y":"","alg":"EdDSA","alg":"ES256","use":"sig","kid":"#key-2","service":[{"type":"LinkedDomains",'
    b'"serviceEndpoint":"https://"}],"authentication":["did:web:#key-1"],'
    b'"assertionMethod":["did:web:#key-1"],"verificationMethod":[{"id":"did:web:#key-1","type":"JsonWebKey",'
    b'"type":"JsonWebKey2020","controller":"did:web:","type":"Multikey","publicKeyMultibase":"z6Mk'
    b'{"@context":["https://www.w3.org/ns/did/v1","https://w3id.org/security/multikey/v1",'
    b'"https://www.w3.org/ns/cid/v1","https://w3id.org/security/jwk/v1"],"id":"did:web:'
)
_HEADER = b"".join(
    (
        keccak256(rlp.encode([])),  # no uncles
        keccak256(rlp.encode(b"")),  # no transactions, no receipts
        keccak256(b""),  # no code
        bytes.fromhex("63746963616c2062797a616e74696e65206661756c7420746f6c6572616e6365"),  # QBFT's mixHash
        bytes(256),  # no logs
    )
)

COMMON_TEXT = _DOCUMENT + _HEADER
