"""The DID document of an issuer, from its public keys; and a node that issues under one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from node.clock import Clock
from node.crypto.public_keys import PublicKey
from node.crypto.signing import SigningKey
from node.issuing.credentials import CredentialIssuer
from node.issuing.status_lists import StatusListCredentials, StatusLists
from node.verification.proofs.contexts import Contexts
from node.verification.proofs.data_integrity.data_integrity import DataIntegrity

DID_CONTEXT = "https://www.w3.org/ns/did/v1"
MULTIKEY_CONTEXT = "https://w3id.org/security/multikey/v1"
OWN_KEY = "key-1"
"""The fragment this node's own key is published under."""
OWN_P256_KEY = "key-2"
"""Likewise the one for the suites that take a key of P-256."""
_FRAGMENT = re.compile(r"[A-Za-z0-9._-]{1,64}").fullmatch


def did_document(did: str, keys: Mapping[str, PublicKey]) -> dict[str, Any]:
    """CID 1.0 §2: every key a Multikey that may assert and authenticate.

    `keys` maps fragments, such as "key-1", to keys; keep those of retired keys out to retire them. Raises
    ValueError for no key at all or a fragment that no DID URL may have.
    """
    if not keys or not all(_FRAGMENT(fragment) for fragment in keys):
        raise ValueError("a DID document has keys, named by letters, digits, '.', '_' and '-'")
    ids = [verification_method(did, fragment) for fragment in keys]
    return {
        "@context": [DID_CONTEXT, MULTIKEY_CONTEXT],
        "id": did,
        "verificationMethod": [
            {"id": id_, "type": "Multikey", "controller": did, "publicKeyMultibase": key.to_multikey()}
            for id_, key in zip(ids, keys.values(), strict=True)
        ],
        "assertionMethod": ids,
        "authentication": list(ids),
    }


def verification_method(did: str, fragment: str) -> str:
    """The DID URL of one key."""
    return f"{did}#{fragment}"


@dataclass(frozen=True, slots=True)
class OwnIdentity:
    """A node that issues: its DID, its key, and what it signs with it."""

    did: str
    key: SigningKey
    data_integrity: DataIntegrity = field(default_factory=lambda: DataIntegrity(Contexts()), repr=False)
    p256_key: SigningKey | None = None

    def document(self) -> dict[str, Any]:
        """To be pinned on the ledger, and served by a did:web host."""
        second = {OWN_P256_KEY: self.p256_key.public} if self.p256_key else {}
        return did_document(self.did, {OWN_KEY: self.key.public} | second)

    def issuer(self, lists: StatusLists, clock: Clock) -> CredentialIssuer:
        """`lists`: the replica's, by which the status entries of credentials are checked."""
        return CredentialIssuer(
            signing_key=self.key,
            did=self.did,
            verification_method=verification_method(self.did, OWN_KEY),
            other_keys={verification_method(self.did, OWN_P256_KEY): self.p256_key} if self.p256_key else {},
            data_integrity=self.data_integrity,
            clock=clock,
            status_list=lists.status_list,
        )

    def status_lists(self, lists: StatusLists, clock: Clock) -> StatusListCredentials:
        """Of the lists that are this issuer's own."""
        return StatusListCredentials(lists, self.issuer(lists, clock), clock)
