"""A credential whose issuer signs over the proofs of others, from presentation to verdict."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from node.verification.reasons import Reason
from node.verification.verdict import CheckId, Decision, Verdict
from tests.simulators.policies import UNSAFE_PROOF_ONLY_POLICY
from tests.simulators.proof_oracle import prove
from tests.simulators.relying_party import SimulatedRelyingParty
from tests.simulators.signers import Signer

CLERK, NOTARY = Signer(2), Signer(3)
CREATED = "2026-09-21T14:13:20Z"
Document = dict[str, Any]


class BoardAsSigner(Signer):
    """The board's own key, under the name its DID document gives it."""

    def __init__(self, party: SimulatedRelyingParty) -> None:
        self.key, self.did, self.method = party.board.key, party.board.did, party.board.method


def chained(party: SimulatedRelyingParty) -> Document:
    """A clerk, the board over the clerk, a notary over the board."""
    document = party.board.licence(party.nurse.did, 7)
    first = prove(document, CLERK, id="urn:proof:1", created=CREATED)
    second = prove(document, BoardAsSigner(party), previous=(first,), id="urn:proof:2", created=CREATED)
    third = prove(document, NOTARY, previous=(second,), created=CREATED)
    return {**document, "proof": [first, second, third]}


def reason(verdict: Verdict) -> Reason:
    return next(check.reason for check in verdict.credentials[0].checks if check.id is CheckId.PROOF)


def test_a_chain_around_the_issuers_proof(party: SimulatedRelyingParty) -> None:
    verdict = party.verify(chained(party))
    assert verdict.decision is Decision.ACCEPT, verdict
    assert party.verify(chained(party), UNSAFE_PROOF_ONLY_POLICY).decision is Decision.ACCEPT


def test_a_chain_the_issuer_is_no_part_of(party: SimulatedRelyingParty) -> None:
    """However many have signed: none of them is the board."""
    document = chained(party)
    first = document["proof"][0]
    again = prove(document, NOTARY, previous=(first,), created=CREATED)
    verdict = party.verify({**document, "proof": [first, again]})
    assert verdict.decision is Decision.REJECT
    assert reason(verdict) is Reason.ISSUER_MISMATCH


@pytest.mark.parametrize("place", [0, 1])
def test_a_link_that_was_changed(party: SimulatedRelyingParty, place: int) -> None:
    document = chained(party)
    document["proof"][place]["created"] = "2026-09-21T14:13:21Z"
    verdict = party.verify(document)
    assert verdict.decision is Decision.REJECT
    assert reason(verdict) is Reason.SIGNATURE_INVALID


def test_a_link_taken_out(party: SimulatedRelyingParty) -> None:
    document = chained(party)
    del document["proof"][0]
    verdict = party.verify(document)
    assert verdict.decision is Decision.REJECT
    assert reason(verdict) is Reason.MALFORMED_PROOF


def test_a_link_by_a_key_that_cannot_be_looked_up_is_no_pass(party: SimulatedRelyingParty) -> None:
    """A chain holds if all of it does; of this one nobody knows."""
    stranger = copy.copy(CLERK)
    stranger.did, stranger.method = "did:web:nobody.example", "did:web:nobody.example#key-1"
    document = party.board.licence(party.nurse.did, 7)
    first = prove(document, stranger, id="urn:proof:1", created=CREATED)
    second = prove(document, BoardAsSigner(party), previous=(first,), created=CREATED)
    verdict = party.verify({**document, "proof": [first, second]})
    assert verdict.decision is not Decision.ACCEPT
    assert reason(verdict) is Reason.DID_UNRESOLVABLE
