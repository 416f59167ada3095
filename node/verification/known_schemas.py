"""Which schema counts: the one on file here, or the one that the credential's issuer anchored on the ledger.

| on file here | anchored | counts |
| --- | --- | --- |
| yes | no | the one on file |
| no | the schema | the anchored one |
| no | its hash | none: it is unknown |
| yes | the same, or its hash | the one on file, known to be the issuer's |
| yes | another, or one that cannot be used | the one on file, and it is said so |
| no | one that cannot be used | none, and it is said why |
"""

from __future__ import annotations

from dataclasses import dataclass

from node.did.document import DidDocument
from node.verification.anchored_schemas import Anchored, AnchoredSchemas
from node.verification.digests import MalformedDigest, fits
from node.verification.evidence import Unresolved
from node.verification.proofs import strict_json
from node.verification.proofs.data_integrity.jcs import canonical_json
from node.verification.reasons import Reason
from node.verification.refusals import Refused
from node.verification.schema_registry import Schema, SchemaRegistry
from node.verification.verdict import Source


@dataclass(frozen=True, slots=True)
class Chosen:
    """The schema that counts, and how it came to."""

    schema: Schema
    source: Source
    anchored: bool  # its issuer's document says that this is it
    on_file: bool = True  # so its bytes are those of the file
    note: str = ""  # a sentence to be added to what is said of it


_OVERRULED = " Its issuer anchored another schema under that address: the one on file here counts."


class KnownSchemas:
    """Safe to share."""

    def __init__(self, on_file: SchemaRegistry) -> None:
        self._on_file = on_file
        self._anchored = AnchoredSchemas()

    def find(self, issuer: DidDocument | Unresolved | None, url: str) -> Chosen:
        """For a credential of that issuer. Raises Refused."""
        held, anchored = self._on_file.get(url), None
        if isinstance(issuer, DidDocument):
            anchored = self._anchored.of(issuer).get(url)
        if anchored is None or not isinstance(issuer, DidDocument):
            if held is None:
                raise Refused(Reason.SCHEMA_UNKNOWN, "The schema it names is not on file here.")
            return Chosen(held, Source("schema", url[:512]), anchored=False)
        ledger = Source("ledger", issuer.id, issuer.stamp, issuer.digest)
        if held is not None:
            if _same(held, anchored):
                return Chosen(held, ledger, anchored=True)
            return Chosen(held, Source("schema", url[:512]), anchored=False, note=_OVERRULED)
        if anchored.schema is not None:
            return Chosen(anchored.schema, ledger, anchored=True, on_file=False)
        if anchored.fault:
            detail = f"The schema its issuer anchored on the ledger cannot be used: {anchored.fault}."
            raise Refused(Reason.SCHEMA_UNUSABLE, detail)
        detail = "Of the schema it names its issuer anchored the hash alone, and no such file is on file here."
        raise Refused(Reason.SCHEMA_UNKNOWN, detail)


def _same(held: Schema, anchored: Anchored) -> bool:
    """By the hash of the file, or by what it says, however it is written."""
    if anchored.schema is None:
        try:
            return bool(anchored.digests) and fits(anchored.digests, held.raw)
        except MalformedDigest:
            return False
    return held.raw == anchored.schema.raw or _canonical(held.raw) == _canonical(anchored.schema.raw)


def _canonical(raw: bytes) -> bytes:
    try:
        return canonical_json(strict_json.parse(raw))
    except Refused:  # the text of a token
        return raw
