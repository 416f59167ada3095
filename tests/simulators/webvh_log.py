"""A did:webvh controller: makes logs and witness proofs by the specification's own recipe.

Written apart from the verifier: it hashes with hashlib and base58 of its own, and canonicalises with rfc8785.
Every step can be told to do something else, which is how the attacks are made.
"""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import rfc8785

from node.crypto.public_keys import KeyType
from node.crypto.signing import SigningKey

DIGITS = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
PLACEHOLDER = "{SCID}"
START = 1_700_000_000


def key(number: int) -> SigningKey:
    return SigningKey.from_bytes(KeyType.ED25519, bytes([number]) * 32)


def multikey(signer: SigningKey) -> str:
    return signer.public.to_multikey()


def did_key(signer: SigningKey) -> str:
    return "did:key:" + multikey(signer)


def base58(data: bytes) -> str:
    number, text = int.from_bytes(data, "big"), ""
    while number:
        number, digit = divmod(number, 58)
        text = DIGITS[digit] + text
    return "1" * (len(data) - len(data.lstrip(b"\0"))) + text


def hashed(data: bytes) -> str:
    return base58(b"\x12\x20" + hashlib.sha256(data).digest())


def key_hash(signer: SigningKey) -> str:
    return hashed(multikey(signer).encode())


def proof(secured: Mapping[str, Any], signer: SigningKey, **changes: Any) -> dict[str, Any]:
    """A Data Integrity proof, eddsa-jcs-2022; `changes` go into its options before it is signed."""
    options = {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-jcs-2022",
        "verificationMethod": f"{did_key(signer)}#{multikey(signer)}",
        "created": "2023-11-14T22:13:20Z",
        "proofPurpose": "assertionMethod",
        **changes,
    }
    unsecured = {name: value for name, value in secured.items() if name != "proof"}
    digests = [hashlib.sha256(rfc8785.dumps(one)).digest() for one in (options, unsecured)]
    return {**options, "proofValue": "z" + base58(signer.sign(b"".join(digests)))}


def stamp(seconds: int) -> str:
    from datetime import UTC, datetime

    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass
class WebvhController:
    """One DID and its log. `place` is the host and path, as in the identifier."""

    place: str = "board.example"
    signers: Sequence[SigningKey] = (key(1),)
    first: Mapping[str, Any] = field(default_factory=dict)  # parameters of the first entry, over the usual
    issuing: SigningKey = field(default_factory=lambda: key(9))
    entries: list[dict[str, Any]] = field(default_factory=list)
    witness_file: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        parameters = {
            "method": "did:webvh:1.0",
            "scid": PLACEHOLDER,
            "updateKeys": [multikey(one) for one in self.signers],
            **self.first,
        }
        entry: dict[str, Any] = {
            "versionId": PLACEHOLDER,
            "versionTime": stamp(START),
            "parameters": {name: value for name, value in parameters.items() if value is not ...},
            "state": self.document(f"did:webvh:{PLACEHOLDER}:{self.place}"),
        }
        self.scid = hashed(rfc8785.dumps(entry))
        entry = json.loads(json.dumps(entry).replace(PLACEHOLDER, self.scid))
        self.entries.append(self.sealed(entry, 1, self.scid, self.signers))

    @property
    def did(self) -> str:
        return f"did:webvh:{self.scid}:{self.place}"

    def document(self, did: str, issuing: SigningKey | None = None, **members: Any) -> dict[str, Any]:
        """A document with one key for credentials."""
        name = f"{did}#key-1"
        method = {
            "id": name,
            "type": "Multikey",
            "controller": did,
            "publicKeyMultibase": multikey(issuing or self.issuing),
        }
        return {
            "@context": ["https://www.w3.org/ns/did/v1"],
            "id": did,
            "verificationMethod": [method],
            "assertionMethod": [name],
            **members,
        }

    def sealed(
        self, entry: dict[str, Any], number: int, before: str, signers: Sequence[SigningKey]
    ) -> dict[str, Any]:
        """The entry with its hash and proofs."""
        entry = {**entry, "versionId": before}
        entry["versionId"] = f"{number}-{hashed(rfc8785.dumps(entry))}"
        return {**entry, "proof": [proof(entry, one) for one in signers]}

    def update(
        self,
        *,
        signers: Sequence[SigningKey] | None = None,
        state: Mapping[str, Any] | None = None,
        at: int | None = None,
        **parameters: Any,
    ) -> str:
        """Append an entry an hour after the last; its versionId."""
        last = self.entries[-1]
        number = len(self.entries) + 1
        entry = {
            "versionId": "",
            "versionTime": stamp(START + 3600 * (number - 1) if at is None else at),
            "parameters": parameters,
            "state": dict(state) if state is not None else copy.deepcopy(last["state"]),
        }
        self.entries.append(self.sealed(entry, number, last["versionId"], signers or self.signers))
        return str(self.entries[-1]["versionId"])

    def approve(self, version_id: str, *witnesses: SigningKey) -> None:
        """Add witness proofs about one version."""
        proofs = [proof({"versionId": version_id}, one) for one in witnesses]
        self.witness_file.append({"versionId": version_id, "proof": proofs})

    # --- as served

    @property
    def log(self) -> bytes:
        return b"".join(json.dumps(entry, separators=(",", ":")).encode() + b"\n" for entry in self.entries)

    @property
    def log_url(self) -> str:
        host, *path = self.place.split(":")
        return f"https://{host.replace('%3A', ':')}/{'/'.join(path) or '.well-known'}/did.jsonl"

    def pages(self) -> dict[str, bytes]:
        """What the host serves, by URL."""
        witnesses = self.log_url.removesuffix("did.jsonl") + "did-witness.json"
        return {self.log_url: self.log, witnesses: json.dumps(self.witness_file).encode()}

    def tampered(self, number: int, change: Callable[[dict[str, Any]], Any]) -> WebvhController:
        """A copy whose entry `number` was changed after it was signed."""
        other = copy.deepcopy(self)
        change(other.entries[number - 1])
        return other
