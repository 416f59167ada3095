"""Documents in the form that is signed: their RDF or their canonical JSON, and the hash of it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import partial
from typing import Any

from node.verification.proofs.contexts import Contexts
from node.verification.proofs.data_integrity.canonical import Hash, canonical_graphs
from node.verification.proofs.data_integrity.cryptosuites import Canonicalization, Cryptosuite
from node.verification.proofs.data_integrity.dataset import Dataset
from node.verification.proofs.data_integrity.general import GeneralProcessor, InThisProcess
from node.verification.proofs.data_integrity.inline_contexts import check_root_context
from node.verification.proofs.data_integrity.jcs import canonical_json
from node.verification.proofs.data_integrity.members import PROOF_MEMBERS, ROOT_MEMBERS
from node.verification.proofs.data_integrity.options_text import OptionsText
from node.verification.proofs.data_integrity.proof_options import ProofOptions
from node.verification.proofs.data_integrity.screening import check_shapes, screen
from node.verification.proofs.data_integrity.statements import Graph, graphs_of
from node.verification.proofs.data_integrity.term_map import MAX_KEPT, TermMap
from node.verification.proofs.data_integrity.urdna2015 import older_form


class Documents:
    """Turns documents into what is signed. Keeps compiled contexts alone; safe to share between threads."""

    def __init__(self, contexts: Contexts, general: GeneralProcessor | None = None) -> None:
        """`general`: for untrusted documents one that can be killed; None: none, but limits."""
        self._contexts = contexts
        self._general = general or InThisProcess(contexts)
        self._terms = TermMap(contexts)
        self._options_text = OptionsText()

    def canonical(
        self,
        document: Mapping[str, Any],
        root_members: Mapping[str, str] = ROOT_MEMBERS,
        *,
        hash_: Hash = hashlib.sha256,
        older: bool = False,
    ) -> str:
        """The canonical N-Quads of a document in which everything is signed. Raises Refused.

        `older`: as URDNA2015 wrote them.
        """
        graphs, _ = self.graphs(document, root_members)
        return canonical_graphs(older_form(graphs) if older else graphs, hash_=hash_)

    def graphs(
        self, document: Mapping[str, Any], root_members: Mapping[str, str] = ROOT_MEMBERS
    ) -> tuple[list[Graph], str]:
        """The RDF of a document, and its own subject there: empty where the general processor made it.

        Raises Refused.
        """
        dataset = Dataset(document, self.terms(), root_members)
        if not dataset.left_to_general:
            return dataset.graphs, dataset.subject
        return graphs_of(self._general.quads(document, dataset.left_to_general)), ""

    def terms(self) -> TermMap:
        """The compiled contexts: those kept, or none once there are too many."""
        terms = self._terms
        if terms.kept > MAX_KEPT:
            terms = self._terms = TermMap(self._contexts)
        return terms

    def digest(self, suite: Cryptosuite, hash_: Hash, covered: Mapping[str, Any]) -> bytes:
        """§3.2.4, §3.3.4 of vc-di-eddsa and vc-di-ecdsa: the hash of what is signed, without the proof."""
        if suite.canonicalization is Canonicalization.JCS:
            screen(covered, self._contexts)
            return _hashed(hash_, canonical_json(covered))
        check_root_context(covered)
        check_shapes(covered)
        return _hashed(hash_, self.canonical(covered, hash_=hash_, older=suite.urdna2015).encode())

    def options_digest(self, options: ProofOptions, hash_: Hash, context: Any) -> bytes:
        """§3.2.5, §3.3.5 of both: the hash of the proof without its value, in the document's context."""
        suite = options.suite
        config = dict(options.proof)
        config.pop(suite.value_member, None)
        if suite.canonicalization is Canonicalization.JCS:
            return _hashed(hash_, canonical_json(config))
        own = config.get("@context", context)
        if own != context:  # that of an old suite, which may lean on the document's, as it is written inside it
            own = [*_list_of(context), *_list_of(own)]
        config["@context"] = own
        older = suite.urdna2015
        canonical = partial(self.canonical, root_members=PROOF_MEMBERS, hash_=hash_, older=older)
        return _hashed(hash_, self._options_text.of(config, (hash_, older), canonical).encode())


def _list_of(context: Any) -> list[Any]:
    return context if type(context) is list else [context]


def _hashed(hash_: Hash, data: bytes) -> bytes:
    digest: bytes = hash_(data).digest()
    return digest
