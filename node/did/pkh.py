"""did:pkh: the identifier is an account of a ledger, CAIP-10 (did:pkh method, "Read").

An account is the hash of a key: the document can be computed, but its key can check no signature we accept.
Solana is the exception: its accounts are Ed25519 keys.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from node.crypto import multibase
from node.crypto.public_keys import KeyType, MalformedKey, PublicKey
from node.did.document import DidDocument
from node.did.parse import parse_document
from node.did.syntax import InvalidDid
from registry.bindings.addresses import parsed

_CAIP10 = re.compile(r"([-a-z0-9]{3,8}):([-_a-zA-Z0-9]{1,32}):([-.%a-zA-Z0-9]{1,128})").fullmatch
_RECOVERY = "EcdsaSecp256k1RecoveryMethod2020"
_TEZOS: Mapping[str, str] = {
    "tz1": "Ed25519PublicKeyBLAKE2BDigestSize20Base58CheckEncoded2021",
    "tz2": _RECOVERY,
    "tz3": "P256PublicKeyBLAKE2BDigestSize20Base58CheckEncoded2021",
}
_TERMS = ("Ed25519VerificationKey2018", *(name for name in _TEZOS.values() if name != _RECOVERY))
_CONTEXT = {
    "blockchainAccountId": "https://w3id.org/security#blockchainAccountId",
    "publicKeyBase58": "https://w3id.org/security#publicKeyBase58",
    _RECOVERY: f"https://identity.foundation/EcdsaSecp256k1RecoverySignature2020#{_RECOVERY}",
    **{name: f"https://w3id.org/security#{name}" for name in _TERMS},
}


def document_of(did: str, identifier: str) -> DidDocument:
    """The document a did:pkh stands for. Raises InvalidDid."""
    match = _CAIP10(identifier)
    if match is None:
        raise InvalidDid("the DID does not name an account as CAIP-10 does")
    namespace, _, address = match.groups()
    url = f"{did}#blockchainAccountId"
    method: dict[str, Any] = {"id": url, "controller": did, "blockchainAccountId": identifier}
    method |= _key_members(namespace, address)
    document = {
        "@context": ["https://www.w3.org/ns/did/v1", _CONTEXT],
        "id": did,
        "verificationMethod": [method],
        "authentication": [url],
        "assertionMethod": [url],
    }
    return parse_document(document, did, source="did:pkh")


def _key_members(namespace: str, address: str) -> dict[str, str]:
    if namespace == "eip155":
        try:
            parsed(address)
        except ValueError as error:
            raise InvalidDid(f"the account in the DID cannot be read: {error}") from error
        return {"type": _RECOVERY}
    if namespace == "bip122":
        return {"type": _RECOVERY}
    if namespace == "tezos" and address[:3] in _TEZOS:
        return {"type": _TEZOS[address[:3]]}
    if namespace == "solana":
        try:
            PublicKey.from_raw(KeyType.ED25519, multibase.decode("z" + address))
        except (MalformedKey, multibase.MalformedMultibase) as error:
            raise InvalidDid("the account in the DID is not a key of Solana") from error
        return {"type": "Ed25519VerificationKey2018", "publicKeyBase58": address}
    raise InvalidDid(f"accounts of {namespace} are not known here")
