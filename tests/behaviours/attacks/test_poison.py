"""Attacks by poison: little input, endless work."""

from __future__ import annotations

from node.verification.reasons import Reason
from node.verification.verdict import Decision
from tests.simulators.relying_party import SimulatedRelyingParty, refused_at_the_proof


def test_a_graph_that_takes_forever_to_canonicalise(party: SimulatedRelyingParty) -> None:
    """Blank nodes that all look alike, each related to each other."""
    poison = [{"licenceNumber": [{"licenceNumber": [{}] * 3}] * 6} for _ in range(6)]
    signed = party.board.sign(party.board.licence())
    signed["credentialSubject"] = [signed["credentialSubject"], *poison]
    verdict = party.verify(signed)
    assert verdict.decision is Decision.REJECT


def test_clique_of_blank_nodes(party: SimulatedRelyingParty) -> None:
    """Blank node identifiers written out, every node pointing to every other one."""
    names = [f"_:b{i}" for i in range(12)]
    signed = party.board.sign(party.board.licence())
    signed["@context"].append({"knows": {"@id": "https://schema.org/knows", "@type": "@id"}})
    signed["credentialSubject"] = [{"id": name, "knows": [o for o in names if o != name]} for name in names]
    refused_at_the_proof(party.verify(signed), Reason.TOO_COMPLEX, Reason.UNSIGNED_CONTENT)


def test_a_very_long_did_key(party: SimulatedRelyingParty) -> None:
    signed = party.board.sign(party.board.licence())
    signed["issuer"]["id"] = "did:key:z" + "2" * 200_000
    refused_at_the_proof(party.verify(signed), Reason.DID_UNRESOLVABLE)
