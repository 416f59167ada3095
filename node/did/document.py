"""A DID document as verification uses it: keys and what each may be used for. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from node.crypto.public_keys import PublicKey
from registry.records import BlockStamp


@dataclass(frozen=True, slots=True)
class VerificationMethod:
    """One key of a document (CID 1.0 §2.2)."""

    id: str  # absolute DID URL
    controller: str
    key: PublicKey
    usable_until: int | None = None  # Unix seconds: the earlier of `expires` and `revoked`


@dataclass(frozen=True, slots=True)
class AccountMethod:
    """A method that names an account (`blockchainAccountId`) and no key. An account is the hash of a key: only
    a signature that gives the key away can be checked against it."""

    id: str  # absolute DID URL
    controller: str
    account: str  # as the document has it; CAIP-10, as a rule
    usable_until: int | None = None  # Unix seconds


@dataclass(frozen=True, slots=True)
class DidDocument:
    """A resolved, parsed document.

    `relationships` maps assertionMethod, authentication, … to the ids of the methods it admits.
    """

    id: str
    methods: Mapping[str, VerificationMethod]
    relationships: Mapping[str, frozenset[str]]
    document: Mapping[str, Any]  # as resolved, for `GET /1.0/identifiers/{did}`
    source: str  # "ledger", "web" or the method's own name, e.g. "did:key"
    digest: str  # sha-256 of the bytes, hex; empty for methods that compute the document
    stamp: BlockStamp | None = None  # of the pinned version
    version: int | None = None  # of the pinned version
    deactivated: bool = False
    metadata: Mapping[str, Any] = field(default_factory=dict)  # DID Resolution §4.3: the method's own
    accounts: Mapping[str, AccountMethod] = field(default_factory=dict)  # by id
