"""The result of resolving a DID, in the shape of DID Resolution 1.0 §4 and its HTTP binding."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

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
    "METHOD_NOT_SUPPORTED": (501, "Method not supported"),
}


@dataclass(frozen=True, slots=True)
class ResolutionResult:
    """What `GET /1.0/identifiers/{did}` answers, and with which HTTP status."""

    status: int
    document: Mapping[str, Any] | None
    resolution_metadata: Mapping[str, Any]
    document_metadata: Mapping[str, Any]

    def to_json(self) -> dict[str, Any]:
        """The DID resolution result as JSON (DID Resolution §7.1)."""
        return {
            "@context": "https://w3id.org/did-resolution/v1",
            "didDocument": self.document,
            "didResolutionMetadata": dict(self.resolution_metadata),
            "didDocumentMetadata": dict(self.document_metadata),
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
    metadata: dict[str, Any] = {}
    if found.version is not None:
        metadata["versionId"] = str(found.version)
    if found.stamp is not None:
        metadata["updated"] = datetime.fromtimestamp(found.stamp.time, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return ResolutionResult(
        200, found.document, {"contentType": _CONTENT_TYPE, "source": found.source}, metadata
    )
