"""JSON-LD contexts, pinned: each by its URL and the SHA-256 of its bytes, shipped with the program.

A context says what every member of a document means. One fetched from where the credential says would
let whoever answers there rewrite the credential, and tell them who verifies what.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from importlib import resources
from typing import Any

import orjson

from node.verification.files import OnFile
from node.verification.reasons import Reason
from node.verification.refusals import Refused

VCDM_2 = "https://www.w3.org/ns/credentials/v2"
VCDM_1 = "https://www.w3.org/2018/credentials/v1"

# VCDM 2.0 appendix B.1 publishes the hash of its context.
VCDM_2_SHA256 = "59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734"


class PinnedContextAltered(Exception):
    """A context shipped with the program is not the one that was pinned: the installation is damaged."""


class Contexts:
    """The context documents that are known, by URL: those shipped, and those the operator vouches for."""

    def __init__(self, added: Mapping[str, bytes] | None = None) -> None:
        """Raises PinnedContextAltered; ValueError where an added one is none, or replaces a shipped one."""
        self.added = dict(added or {})
        documents = _shipped()
        for url, raw in (added or {}).items():
            document = _context_document(raw)
            if url in documents or document is None:
                raise ValueError(f"{url} is pinned already, or not a context document")
            documents[url] = document
        self._documents = documents

    def document(self, url: str) -> Mapping[str, Any]:
        """Raises Refused(UNKNOWN_CONTEXT)."""
        found = self._documents.get(url)
        if found is None:
            raise Refused(Reason.UNKNOWN_CONTEXT, f"The context {url[:200]!r} is not known here.", "/@context")
        return found

    def file(self, url: str) -> OnFile | None:
        """As a file that a credential may state the hash of."""
        if url in self.added:
            return OnFile(self.added[url], published=True)
        if url not in self._documents:
            return None
        folder = resources.files("node.verification.proofs") / "contexts"
        entry = orjson.loads((folder / "index.json").read_bytes())[url]
        # Those from a package mean what was published, but need not be written as it was.
        return OnFile((folder / entry["file"]).read_bytes(), published=not entry["source"].startswith("npm"))

    def urls(self) -> frozenset[str]:
        """All that are known."""
        return frozenset(self._documents)


def _context_document(raw: bytes) -> Mapping[str, Any] | None:
    try:
        document = orjson.loads(raw)
    except orjson.JSONDecodeError:
        return None
    return document if isinstance(document, dict) and "@context" in document else None


def _shipped() -> dict[str, Mapping[str, Any]]:
    folder = resources.files("node.verification.proofs") / "contexts"
    documents: dict[str, Mapping[str, Any]] = {}
    for url, entry in orjson.loads((folder / "index.json").read_bytes()).items():
        raw = (folder / entry["file"]).read_bytes()
        digest = hashlib.sha256(raw).hexdigest()
        if digest != entry["sha256"] or (url == VCDM_2 and digest != VCDM_2_SHA256):
            raise PinnedContextAltered(f"{entry['file']} is not the {url} that was pinned")
        documents[url] = orjson.loads(raw)
    return documents
