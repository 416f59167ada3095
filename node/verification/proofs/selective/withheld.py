"""What a holder may have left out although the credential stands or falls by it.

Whoever derives a credential shows the statements the issuer made mandatory and any others they choose. One
that is not shown leaves no trace: "there is no end date" and "it was left out" look the same. So what decides
over a credential counts as known only where leaving it out is impossible or pointless:

- a date that is shown, as a credential has one of each;
- the types and the status entries, if all those shown are mandatory: an issuer's pointer selects them all.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from node.verification.proofs.contexts import VCDM_1
from node.verification.proofs.data_integrity.literals import RDF
from node.verification.proofs.data_integrity.members import CREDENTIALS
from node.verification.proofs.selective.reading import Statements

_LISTS = {"type": f"{RDF}type", "credentialStatus": f"{CREDENTIALS}credentialStatus"}


def withheld(document: Mapping[str, Any], said: Statements, mandatory: Collection[int]) -> frozenset[str]:
    """The deciding members of which something may be missing. `mandatory`: places in `said`."""
    return frozenset(_withheld(document, said, mandatory))


def deciding(document: Mapping[str, Any]) -> tuple[str, ...]:
    """The members a credential stands or falls by, in its version of the data model."""
    contexts = document.get("@context")
    base = contexts[0] if isinstance(contexts, list) and contexts else contexts
    dates = ("issuanceDate", "expirationDate") if base == VCDM_1 else ("validFrom", "validUntil")
    return ("type", "issuer", *dates, "credentialStatus")


def _withheld(document: Mapping[str, Any], said: Statements, mandatory: Collection[int]) -> Iterator[str]:
    for member in deciding(document):
        if member not in document:
            yield member
        elif member in _LISTS:
            begins = f"{said.subject} <{_LISTS[member]}> "
            found = [place for place, line in enumerate(said.lines) if line.startswith(begins)]
            if not said.subject or not found or not all(place in mandatory for place in found):
                yield member
