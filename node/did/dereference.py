"""What a DID URL names inside its document (DID Resolution 1.0 §5): a key, a service, or an address. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

from node.did.parse import RELATIONSHIPS
from node.did.url import DidUrl

DOCUMENT_TYPE = "application/did+ld+json"
ADDRESS_TYPE = "text/uri-list"
_LISTS = ("verificationMethod", *RELATIONSHIPS, "keyAgreement", "service")


class NotFound(LookupError):
    """The document has no such part."""


@dataclass(frozen=True, slots=True)
class Content:
    """What was named: an object of the document, or an address as text."""

    stream: Mapping[str, Any] | str
    media_type: str
    relationships: tuple[str, ...] = ()  # of a verification method: what it may be used for


def dereference(document: Mapping[str, Any], url: DidUrl) -> Content:
    """Raises NotFound."""
    if url.path or "service" in url.parameters:
        return Content(_address(document, url), ADDRESS_TYPE)
    wanted = f"{url.did}#{url.fragment}"
    for _, entry in _entries(document):
        if isinstance(entry, Mapping) and _absolute(entry.get("id"), url.did) == wanted:
            return Content(entry, DOCUMENT_TYPE, _relationships(document, wanted, url.did))
    raise NotFound("the document has nothing of that name")


def _relationships(document: Mapping[str, Any], wanted: str, did: str) -> tuple[str, ...]:
    found = {
        name
        for name, entry in _entries(document)
        if name in {*RELATIONSHIPS, "keyAgreement"}
        and _absolute(entry.get("id") if isinstance(entry, Mapping) else entry, did) == wanted
    }
    return tuple(sorted(found))


def _address(document: Mapping[str, Any], url: DidUrl) -> str:
    """The endpoint of a service, with what the DID URL adds (§5.1)."""
    if url.path:
        raise NotFound("paths of this DID lead nowhere")
    wanted = {url.parameters["service"], f"{url.did}#{url.parameters['service'].removeprefix('#')}"}
    for name, entry in _entries(document):
        if name == "service" and isinstance(entry, Mapping) and _absolute(entry.get("id"), url.did) in wanted:
            endpoint = entry.get("serviceEndpoint")
            break
    else:
        raise NotFound("the document has no such service")
    if not isinstance(endpoint, str) or urlsplit(endpoint).scheme not in {"https", "http"}:
        raise NotFound("the service has no single address")
    return joined(endpoint, url.parameters.get("relativeRef", ""), url.fragment)


def joined(endpoint: str, relative: str, fragment: str | None) -> str:
    """An address under `endpoint`. Raises NotFound for a reference that leads out of it."""
    try:
        address = urljoin(endpoint, relative)
        parts, base = urlsplit(address), urlsplit(endpoint)
        outside = (parts.scheme, parts.netloc) != (base.scheme, base.netloc)
    except ValueError as error:
        raise NotFound("the service's address cannot be read") from error
    if outside:
        raise NotFound("the reference leads away from the service")
    return f"{address}#{fragment}" if fragment is not None else address


def _entries(document: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name in _LISTS:
        listed = document.get(name)
        for entry in listed if isinstance(listed, list) else ():
            yield name, entry


def _absolute(name: object, did: str) -> str:
    if not isinstance(name, str):
        return ""
    return did + name if name.startswith("#") else name
