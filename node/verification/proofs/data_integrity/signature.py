"""The signature of a proof, in the forms there are, and checking it with a key or against an account."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from node.crypto import multibase
from node.crypto.public_keys import KeyType, PublicKey, SignatureInvalid
from node.crypto.recovery import ethereum_address, recovered_key
from node.did.document import AccountMethod, VerificationMethod
from node.verification.proofs.data_integrity import detached_jws
from node.verification.proofs.data_integrity.cryptosuites import Cryptosuite
from node.verification.reasons import Reason
from node.verification.refusals import Refused
from registry.bindings.addresses import parsed

Method = VerificationMethod | AccountMethod


class Signature(NamedTuple):
    """A signature of the form its suite and its method ask for; whether it holds is not known yet."""

    method: Method
    value: bytes
    prefix: bytes  # what is signed before the hashes
    alg: str  # of a JWS, else empty
    recovers: bool  # it gives its key away

    @property
    def key_type(self) -> KeyType:
        """Of the key that must have made it."""
        return self.method.key.type if isinstance(self.method, VerificationMethod) else KeyType.SECP256K1

    def check(self, hashes: bytes) -> PublicKey:
        """The key that made it. Raises Refused(SIGNATURE_INVALID)."""
        message = self.prefix + hashes
        try:
            if self.recovers:
                return _held_against(self.method, recovered_key(self.value, message))
            if isinstance(self.method, AccountMethod):
                raise account_alone()
            self.method.key.verify(self.value, message, self.alg)
        except SignatureInvalid as error:
            raise Refused(
                Reason.SIGNATURE_INVALID,
                "The signature does not match: it was changed after signing.",
                "/proof",
            ) from error
        return self.method.key


def read(proof: Mapping[str, Any], suite: Cryptosuite, method: Method) -> Signature:
    """Raises Refused: MALFORMED_PROOF, ALGORITHM_MISMATCH, KEY_NOT_FOUND."""
    if not (suite.recovers and isinstance(method, AccountMethod)):
        key_for(suite, method)
    if suite.algorithms:
        jws = detached_jws.read(proof, suite.algorithms)
        if not suite.recovers and isinstance(method, VerificationMethod) and not method.key.accepts(jws.alg):
            raise _mismatch(f"A {method.key.type} key does not sign by {jws.alg}.")
        return Signature(method, jws.signature, jws.prefix, jws.alg, suite.recovers)
    if isinstance(method, AccountMethod):
        raise account_alone()
    try:
        value = multibase.decode_signature(proof.get("proofValue"), method.key.signature_bytes)
    except multibase.MalformedMultibase as error:
        raise Refused(Reason.MALFORMED_PROOF, f"The proof value is {error}.", "/proof/proofValue") from error
    return Signature(method, value, b"", "", recovers=False)


def key_for(suite: Cryptosuite, method: Method) -> PublicKey:
    """The key of a method, if it goes with the suite. Raises Refused: ALGORITHM_MISMATCH, KEY_NOT_FOUND."""
    if isinstance(method, AccountMethod):
        raise account_alone()
    if method.key.type not in suite.key_types:
        raise _mismatch(f"{suite.name} does not go with a {method.key.type} key.")
    return method.key


def account_alone() -> Refused:
    """For a signature that does not give its key away, by a method that names no key."""
    return Refused(
        Reason.KEY_NOT_FOUND,
        "It names an account instead of a key, and an account cannot check this kind of signature.",
        "/proof/verificationMethod",
    )


def _held_against(method: Method, key: PublicKey) -> PublicKey:
    """The recovered key, if it is the method's. Raises SignatureInvalid."""
    if isinstance(method, VerificationMethod):
        if key != method.key:
            raise SignatureInvalid("made by another key")
    elif ethereum_address(key) != _address(method.account):
        raise SignatureInvalid("made by another account")
    return key


def _address(account: str) -> bytes | None:
    """The address in an account of a ledger with EVM rules, CAIP-10 (`eip155:1:0x…`); None: not one."""
    namespace, _, rest = account.partition(":")
    if namespace != "eip155":
        return None
    try:
        return parsed(rest.rpartition(":")[2])
    except ValueError:
        return None


def _mismatch(detail: str) -> Refused:
    return Refused(Reason.ALGORITHM_MISMATCH, detail, "/proof")
