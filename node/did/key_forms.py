"""The ways a verification method writes down its key (CID 1.0 §2.2.2, §2.2.3, and what came before them).

A method has a type, and a type one kind of key; a key of another kind, or two keys that differ, make it a
method without a key: left out, never guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from node.crypto import multibase
from node.crypto.public_keys import KeyType, MalformedKey, PublicKey

# Of which type the key must be; None: any.
_TYPES: Mapping[str, KeyType | None] = {
    "Multikey": None,
    "JsonWebKey": None,
    "JsonWebKey2020": None,
    "Ed25519VerificationKey2018": KeyType.ED25519,
    "Ed25519VerificationKey2020": KeyType.ED25519,
    "EcdsaSecp256k1VerificationKey2019": KeyType.SECP256K1,
    "EcdsaSecp256k1RecoveryMethod2020": KeyType.SECP256K1,
    "EcdsaSecp256r1VerificationKey2019": KeyType.P256,
    "P256Key2021": KeyType.P256,
}
# Types whose definition has the key in this one form; another form beside it would be someone's own reading.
_FORMS: Mapping[str, str] = {
    "Multikey": "publicKeyMultibase",
    "JsonWebKey": "publicKeyJwk",
    "JsonWebKey2020": "publicKeyJwk",
    "Ed25519VerificationKey2020": "publicKeyMultibase",
}
_MAX_CHARS = 512  # of a key in base58 or hexadecimal; RSA keys are written as JWK


def key_of(method: Mapping[str, Any]) -> PublicKey | None:
    """The key of a verification method; None: of no accepted type, unreadable, or not one."""
    name = method.get("type")
    if not isinstance(name, str) or name not in _TYPES:
        return None
    wanted = _TYPES[name]
    forms = (_FORMS[name],) if name in _FORMS else tuple(_READERS)
    try:
        keys = {_READERS[form](method[form], wanted) for form in forms if form in method}
    except (MalformedKey, multibase.MalformedMultibase):
        return None
    if len(keys) != 1:
        return None
    key = keys.pop()
    return key if wanted in (None, key.type) else None


def names_account_alone(method: Mapping[str, Any]) -> bool:
    """Whether all it tells is an account, from which no key can be had."""
    return "blockchainAccountId" in method and not any(form in method for form in _READERS)


def _from_multibase(value: Any, wanted: KeyType | None) -> PublicKey:
    if wanted is None or not isinstance(value, str):
        return PublicKey.from_multikey(value)
    try:
        return PublicKey.from_multikey(value)
    except MalformedKey:  # older documents: the bare key, without a multicodec prefix
        return PublicKey.from_raw(wanted, multibase.decode(value))


def _from_base58(value: Any, wanted: KeyType | None) -> PublicKey:
    if wanted is None or not isinstance(value, str) or len(value) > _MAX_CHARS:
        raise MalformedKey("not a key in base58")
    return PublicKey.from_raw(wanted, multibase.decode("z" + value))


def _from_hex(value: Any, wanted: KeyType | None) -> PublicKey:
    if wanted is None or not isinstance(value, str) or len(value) > _MAX_CHARS:
        raise MalformedKey("not a key in hexadecimal")
    try:
        return PublicKey.from_raw(wanted, bytes.fromhex(value.removeprefix("0x")))
    except ValueError as error:  # MalformedKey is one
        raise MalformedKey("not a key in hexadecimal") from error


def _from_jwk(value: Any, _: KeyType | None) -> PublicKey:
    return PublicKey.from_jwk(value)


_READERS: Mapping[str, Callable[[Any, KeyType | None], PublicKey]] = {
    "publicKeyMultibase": _from_multibase,
    "publicKeyJwk": _from_jwk,
    "publicKeyBase58": _from_base58,
    "publicKeyHex": _from_hex,
}
