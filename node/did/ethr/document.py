"""Events → DID document, as the did:ethr method and its reference resolver build it.

Delegates and the owner are accounts: they stand in the document and check no signature we accept. Keys that
the owner published, and the key of an identifier that names one, are keys like any other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from node.crypto import multibase
from node.crypto.public_keys import KeyType, MalformedKey, PublicKey
from node.did.ethr.events import AttributeChanged, DelegateChanged, Event, OwnerChanged
from node.did.ethr.identifier import Identity, account_id
from node.verification.proofs import strict_json
from node.verification.proofs.limits import Limits
from node.verification.refusals import Refused

_RECOVERY = "EcdsaSecp256k1RecoveryMethod2020"
_SECP256K1 = "EcdsaSecp256k1VerificationKey2019"
_NOBODY = bytes(20)
_ATTRIBUTE = re.compile(r"did/(pub|svc)/(\w+)(?:/(\w+))?(?:/(\w+))?", re.ASCII).fullmatch
_CONTEXTS = ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/suites/secp256k1recovery-2020/v2"]
_ENDPOINT_LIMITS = Limits(max_bytes=64 << 10, max_depth=8, max_values=500)
_LISTS = {
    "sigAuth": ("authentication", "assertionMethod"),
    "veriKey": ("assertionMethod",),
    "enc": ("keyAgreement",),
}


@dataclass(frozen=True, slots=True)
class Built:
    """A document, and what the resolver adds to it."""

    document: dict[str, Any]
    deactivated: bool
    valid_to: Mapping[str, int]  # method id → Unix seconds


@dataclass(slots=True)
class _Draft:
    """What is in force, by what was published: publishing the same again replaces it."""

    did: str
    chain_id: int
    now: int
    owner: bytes
    methods: dict[object, dict[str, Any]] = field(default_factory=dict)
    purposes: dict[object, str] = field(default_factory=dict)  # sigAuth, veriKey, enc
    services: dict[object, dict[str, Any]] = field(default_factory=dict)
    valid_to: dict[str, int] = field(default_factory=dict)
    delegates: int = 0  # numbered as published, whether they still hold or not
    service_count: int = 0


def build(did: str, identity: Identity, chain_id: int, events: Iterable[Event], now: int) -> Built:
    """The document after `events`, oldest first, at `now` (Unix seconds)."""
    draft = _Draft(did, chain_id, now, identity.address)
    for event in events:
        match event:
            case OwnerChanged():
                draft.owner = event.owner
                if event.owner == _NOBODY:
                    return Built({"id": did}, True, {})
            case DelegateChanged():
                _delegate(draft, event)
            case AttributeChanged():
                _attribute(draft, event)
    return Built(_written(draft, identity), False, draft.valid_to)


def _delegate(draft: _Draft, event: DelegateChanged) -> None:
    draft.delegates += 1
    if event.kind not in ("sigAuth", "veriKey"):
        return
    method = {"type": _RECOVERY, "blockchainAccountId": account_id(draft.chain_id, event.delegate)}
    _publish(draft, (event.kind, event.delegate), method, event.kind, event.valid_to)


def _attribute(draft: _Draft, event: AttributeChanged) -> None:
    match = _ATTRIBUTE(event.name)
    if match is None:
        return
    section, algorithm, purpose, _ = match.groups()
    name = (event.name, event.value)
    if section == "pub":
        draft.delegates += 1
        purpose = purpose if purpose in _LISTS else "veriKey"
        _publish(draft, name, _key_members(algorithm, event.value), purpose, event.valid_to)
        return
    draft.service_count += 1
    draft.services.pop(name, None)
    endpoint = _endpoint(event.value)
    if event.valid_to >= draft.now and endpoint is not None:
        url = f"{draft.did}#service-{draft.service_count}"
        draft.services[name] = {"id": url, "type": algorithm, "serviceEndpoint": endpoint}


def _publish(draft: _Draft, name: object, method: dict[str, Any], purpose: str, valid_to: int) -> None:
    if valid_to < draft.now:  # it has run out, or was revoked
        draft.methods.pop(name, None)
        return
    url = f"{draft.did}#delegate-{draft.delegates}"
    draft.methods[name] = {"id": url, "controller": draft.did, **method}
    draft.purposes[name] = purpose
    draft.valid_to[url] = valid_to


def _key_members(algorithm: str, value: bytes) -> dict[str, Any]:
    """How a published key is written. What cannot be read is shown as it is, and serves for nothing."""
    try:
        if algorithm == "Secp256k1":
            return {"type": _SECP256K1, "publicKeyJwk": _secp256k1(value).to_jwk()}
        if algorithm == "Ed25519":
            key = PublicKey.from_raw(KeyType.ED25519, value)
            return {"type": "Ed25519VerificationKey2020", "publicKeyMultibase": key.to_multikey()}
        if algorithm == "Multikey":
            return {"type": "Multikey", "publicKeyMultibase": multibase.encode(value)}
    except MalformedKey:
        return {"type": algorithm, "publicKeyHex": value.hex()}
    if algorithm == "X25519" and len(value) == 32:
        text = multibase.encode(b"\xec\x01" + value)
        return {"type": "X25519KeyAgreementKey2020", "publicKeyMultibase": text}
    return {"type": algorithm, "publicKeyHex": value.hex()}


def _secp256k1(value: bytes) -> PublicKey:
    """From a point, compressed or not."""
    if len(value) == 65 and value[0] == 4:
        value = (b"\x03" if value[-1] & 1 else b"\x02") + value[1:33]
    return PublicKey.from_raw(KeyType.SECP256K1, value)


def _endpoint(value: bytes) -> Any:
    """JSON, or the text itself. None: not text, so not meant for a DID document."""
    try:
        text = value.decode()
    except UnicodeDecodeError:
        return None
    try:
        return strict_json.parse(value, _ENDPOINT_LIMITS)
    except Refused:
        return text


def _written(draft: _Draft, identity: Identity) -> dict[str, Any]:
    did = draft.did
    controller: dict[str, Any] = {
        "id": f"{did}#controller",
        "type": _RECOVERY,
        "controller": did,
        "blockchainAccountId": account_id(draft.chain_id, draft.owner),
    }
    methods = [controller]
    lists: dict[str, list[str]] = {name: [controller["id"]] for name in ("authentication", "assertionMethod")}
    if identity.key is not None and draft.owner == identity.address:
        url = f"{did}#controllerKey"
        methods.append(
            {"id": url, "type": _SECP256K1, "controller": did, "publicKeyJwk": identity.key.to_jwk()}
        )
        lists["authentication"].append(url)
        lists["assertionMethod"].append(url)
    for name, method in draft.methods.items():
        methods.append(method)
        for relationship in _LISTS[draft.purposes[name]]:
            lists.setdefault(relationship, []).append(method["id"])
    document: dict[str, Any] = {"@context": _CONTEXTS, "id": did, "verificationMethod": methods, **lists}
    if draft.services:
        document["service"] = list(draft.services.values())
    return document
