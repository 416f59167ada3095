"""A DID document's JSON, read into the keys and relationships verification uses (CID 1.0 §2)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from node.did.document import AccountMethod, DidDocument, VerificationMethod
from node.did.key_forms import key_of, names_account_alone
from node.verification.dates import unix_time
from node.verification.refusals import Refused
from registry.records import BlockStamp

RELATIONSHIPS = ("assertionMethod", "authentication", "capabilityInvocation", "capabilityDelegation")
MAX_METHODS = 100  # that a document may list, counting each relationship's entries


class MalformedDidDocument(ValueError):
    """Not a document that keys can be taken from."""


def parse_document(
    document: object,
    did: str,
    *,
    source: str,
    digest: str = "",
    stamp: BlockStamp | None = None,
    version: int | None = None,
    deactivated: bool = False,
    metadata: Mapping[str, Any] | None = None,
) -> DidDocument:
    """Raises MalformedDidDocument. A method whose key is of no accepted type is left out, not an error."""
    if not isinstance(document, Mapping):
        raise MalformedDidDocument("the document is not a JSON object")
    if document.get("id") != did:
        raise MalformedDidDocument("the document is another DID's: its `id` differs")
    methods: dict[str, VerificationMethod] = {}
    seen: dict[str, Mapping[str, Any]] = {}
    for entry in _entries(document, "verificationMethod"):
        if not isinstance(entry, Mapping):
            raise MalformedDidDocument("`verificationMethod` holds something other than objects")
        _admit(entry, did, methods, seen)
    relationships: dict[str, frozenset[str]] = {}
    for name in RELATIONSHIPS:
        members = [
            _admit(entry, did, methods, seen) if isinstance(entry, Mapping) else _absolute(entry, did)
            for entry in _entries(document, name)
        ]
        relationships[name] = frozenset(members)
    return DidDocument(
        id=did,
        methods=methods,
        relationships=relationships,
        document=document,
        source=source,
        digest=digest,
        stamp=stamp,
        version=version,
        deactivated=deactivated or document.get("deactivated") is True,
        metadata=metadata or {},
        accounts=dict(_accounts(seen)),
    )


def _accounts(seen: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, AccountMethod]]:
    """The methods that tell an account alone."""
    for url, entry in seen.items():
        account, controller = entry.get("blockchainAccountId"), entry.get("controller")
        if names_account_alone(entry) and isinstance(account, str) and isinstance(controller, str):
            yield url, AccountMethod(url, controller, account, _usable_until(entry))


def _entries(document: Mapping[str, Any], name: str) -> Iterator[object]:
    entries = document.get(name, [])
    if not isinstance(entries, list) or len(entries) > MAX_METHODS:
        raise MalformedDidDocument(f"`{name}` is not a list of at most {MAX_METHODS} entries")
    return iter(entries)


def _admit(
    entry: Mapping[str, Any],
    did: str,
    methods: dict[str, VerificationMethod],
    seen: dict[str, Mapping[str, Any]],
) -> str:
    """Note one method, listed or embedded in a relationship; its id."""
    url = _absolute(entry.get("id"), did)
    if url in seen:
        raise MalformedDidDocument("two verification methods share an id")
    seen[url] = entry
    controller = entry.get("controller")
    key = key_of(entry)
    if key is not None and isinstance(controller, str):
        methods[url] = VerificationMethod(url, controller, key, _usable_until(entry))
    return url


def _absolute(url: object, did: str) -> str:
    """DID Core §3.2.2: a fragment alone is relative to the document's own DID."""
    if not isinstance(url, str) or not url or len(url) > 2048:
        raise MalformedDidDocument("a verification method is named by something other than a DID URL")
    return did + url if url.startswith("#") else url


def _usable_until(entry: Mapping[str, Any]) -> int | None:
    """CID 1.0 §2.2: a method is not used after `expires` or `revoked`; an unreadable date ends it at once."""
    ends = []
    for member in ("expires", "revoked"):
        if member in entry:
            try:
                ends.append(unix_time(entry[member]))
            except Refused:
                ends.append(0)
    return min(ends, default=None)
