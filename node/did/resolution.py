"""The results of resolving a DID and dereferencing a DID URL, as in DID Resolution 1.0 §4, §5 and §7."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from node.did.dereference import Content
from node.did.document import DidDocument
from node.verification.evidence import Unresolved
from node.verification.reasons import Reason

_NS = "https://www.w3.org/ns/did#"
_CONTENT_TYPE = "application/did+ld+json"

# HTTP status and title by error (DID Resolution §10)
_ERRORS: Mapping[str, tuple[int, str]] = {
    "INVALID_DID": (400, "Invalid DID"),
    "INVALID_DID_URL": (400, "Invalid DID URL"),
    "INVALID_OPTIONS": (400, "Invalid options"),
    "NOT_FOUND": (404, "Not found"),
    "INVALID_DID_DOCUMENT": (404, "Invalid DID document"),
    "REPRESENTATION_NOT_SUPPORTED": (406, "Representation not supported"),
    "INTERNAL_ERROR": (503, "Not available now"),
    "METHOD_NOT_SUPPORTED": (501, "Method not supported"),
}


@dataclass(frozen=True, slots=True)
class ResolutionResult:
    """What `GET /1.0/identifiers/{did}` answers, and with which HTTP status."""

    status: int
    document: Mapping[str, Any] | None
    resolution_metadata: Mapping[str, Any]
    document_metadata: Mapping[str, Any]

    @property
    def content(self) -> Mapping[str, Any] | str | None:
        """What is answered where no result is asked for, but the document alone."""
        return self.document

    media_type = "application/did-resolution"

    def to_json(self) -> dict[str, Any]:
        """The DID resolution result as JSON (DID Resolution §7.1)."""
        return {
            "@context": "https://w3id.org/did-resolution/v1",
            "didDocument": self.document,
            "didResolutionMetadata": dict(self.resolution_metadata),
            "didDocumentMetadata": dict(self.document_metadata),
        }


@dataclass(frozen=True, slots=True)
class DereferencingResult:
    """The same for a DID URL that names something in a document, or behind a service."""

    status: int
    content: Mapping[str, Any] | str | None
    dereferencing_metadata: Mapping[str, Any]
    content_metadata: Mapping[str, Any]

    media_type = "application/did-url-dereferencing"

    def to_json(self) -> dict[str, Any]:
        """The DID URL dereferencing result as JSON (DID Resolution §7.2)."""
        return {
            "@context": "https://w3id.org/did-resolution/v1",
            "dereferencingMetadata": dict(self.dereferencing_metadata),
            "contentStream": self.content,
            "contentMetadata": dict(self.content_metadata),
        }


def failed(error: str, detail: str) -> ResolutionResult:
    """An error result: an RFC 9457 object under `error`."""
    status, title = _ERRORS[error]
    return ResolutionResult(
        status, None, {"error": {"type": _NS + error, "title": title, "detail": detail}}, {}
    )


def result_of(found: DidDocument | Unresolved) -> ResolutionResult:
    """A document, or why there is none."""
    if isinstance(found, Unresolved):
        if found.reason is Reason.DID_DEACTIVATED:
            # §10: a deactivated DID is not an error; it has no document any more.
            return ResolutionResult(410, None, {"contentType": _CONTENT_TYPE}, {"deactivated": True})
        return failed(found.error, found.detail)
    if found.deactivated:
        metadata = {**found.metadata, "deactivated": True}
        return ResolutionResult(410, None, {"contentType": _CONTENT_TYPE}, metadata)
    metadata = dict(found.metadata)
    if found.version is not None:
        metadata["versionId"] = str(found.version)
    if found.stamp is not None:
        metadata["updated"] = datetime.fromtimestamp(found.stamp.time, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    resolution: dict[str, Any] = {"contentType": _CONTENT_TYPE, "source": found.source}
    if found.accounts:
        resolution["accountsWithoutKey"] = sorted(found.accounts)
    return ResolutionResult(200, found.document, resolution, metadata)


def content_of(resolved: ResolutionResult, content: Content | None, error: str = "") -> DereferencingResult:
    """What a DID URL names in the document that was resolved; None: nothing, and why."""
    if resolved.document is None:  # the document's own error, under the other name
        return DereferencingResult(
            resolved.status, None, resolved.resolution_metadata, resolved.document_metadata
        )
    if content is None:
        not_found = failed("NOT_FOUND", error)
        return DereferencingResult(not_found.status, None, not_found.resolution_metadata, {})
    metadata: dict[str, Any] = {"contentType": content.media_type}
    if content.relationships:
        metadata["verificationRelationships"] = list(content.relationships)
    return DereferencingResult(200, content.stream, metadata, resolved.document_metadata)
