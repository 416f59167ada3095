"""Proof chains (VC Data Integrity 1.0 §2.1.2): which proofs each builds on, and in what order to judge them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from node.verification.reasons import Reason
from node.verification.refusals import Refused

_MEMBER = "/proof/previousProof"


def judging_order(proofs: Sequence[Mapping[str, Any]]) -> list[tuple[int, tuple[int, ...]]]:
    """Each proof's place in the set with the places of those it builds on, which come before it.

    The places of previous proofs are in the set's order: §4.6 gathers them by going through the set.
    Raises Refused(MALFORMED_PROOF): a proof that is not there, two of one id, a circle.
    """
    if not any("previousProof" in proof for proof in proofs):
        return [(place, ()) for place in range(len(proofs))]
    places = _places(proofs)
    links = [tuple(sorted({_place(places, name) for name in _named(proof)})) for proof in proofs]
    order: list[int] = []
    waiting = list(range(len(proofs)))
    while waiting:
        ready = [place for place in waiting if all(previous in order for previous in links[place])]
        if not ready:
            raise Refused(Reason.MALFORMED_PROOF, "Its proofs build on one another in a circle.", _MEMBER)
        order += ready
        waiting = [place for place in waiting if place not in ready]
    return [(place, links[place]) for place in order]


def _places(proofs: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Where the proof of each id is. Two of one id could stand in for one another."""
    places: dict[str, int] = {}
    for place, proof in enumerate(proofs):
        name = proof.get("id")
        if type(name) is not str:
            continue
        if name in places:
            raise Refused(Reason.MALFORMED_PROOF, "Two of its proofs have the same id.", "/proof/id")
        places[name] = place
    return places


def _place(places: Mapping[str, int], name: str) -> int:
    found = places.get(name)
    if found is None:
        raise Refused(Reason.MALFORMED_PROOF, "A proof builds on one that is not there.", _MEMBER)
    return found


def _named(proof: Mapping[str, Any]) -> Iterator[str]:
    """§2.1: `previousProof` is a text, or an unordered list of them."""
    if "previousProof" not in proof:
        return
    stated = proof["previousProof"]
    names = stated if type(stated) is list else [stated]
    if not names or not all(type(name) is str for name in names):
        raise Refused(Reason.MALFORMED_PROOF, "`previousProof` names no proof.", _MEMBER)
    yield from names
