"""PyLD as it comes, as an oracle: what a processor that trusts the document's own contexts signs."""

from __future__ import annotations

import copy
import hashlib
from typing import Any

from pyld import jsonld
from pyld.context_resolver import ContextResolver

from node.verification.proofs.contexts import Contexts
from node.verification.proofs.data_integrity.canonical import Hash, canonical_graphs
from node.verification.proofs.data_integrity.general import quads_of_dataset
from node.verification.proofs.data_integrity.statements import graphs_of

_CONTEXTS = Contexts()


def load(url: str, _options: Any = None) -> dict[str, Any]:
    """PyLD's loader: pinned contexts, nothing else."""
    document = copy.deepcopy(_CONTEXTS.document(url))
    return {"contextUrl": None, "documentUrl": url, "document": document, "tag": "static"}


def pyld_canonical(document: dict[str, Any], hash_: Hash = hashlib.sha256) -> str:
    """Canonical N-Quads of whatever PyLD makes of a document; what it drops is dropped."""
    options = {"base": "", "documentLoader": load, "contextResolver": ContextResolver({}, load)}
    dataset = jsonld.to_rdf(copy.deepcopy(document), options)
    return canonical_graphs(graphs_of(quads_of_dataset(dataset)), hash_=hash_)
