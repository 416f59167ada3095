"""Endorsements: each judged by itself; they lend nothing and take nothing."""

from __future__ import annotations

from typing import Any

import pytest

from node.verification.enclosed import Relation
from node.verification.proofs.contexts import VCDM_2
from node.verification.reasons import Reason
from node.verification.verdict import CheckId, Decision, Outcome
from registry.records import Standing
from tests.behaviours.enclosed.credentials import (
    ACHIEVEMENT,
    GUILD,
    GUILD_LIST,
    NURSE,
    badge,
    endorsement,
    inside,
    jwt,
    reason_of,
)
from tests.simulators.issuer import SimulatedIssuer, status_entry
from tests.simulators.relying_party import SimulatedRelyingParty


@pytest.mark.parametrize("suite", ["eddsa-rdfc-2022", "eddsa-jcs-2022"])
def test_endorsements_of_a_badge_and_of_its_achievement(party: SimulatedRelyingParty, suite: str) -> None:
    of_badge = GUILD.sign(endorsement(), suite)
    of_achievement = GUILD.sign(endorsement(ACHIEVEMENT), suite)
    verdict = party.verify(
        party.board.sign(badge(party.board, of_badge, of_achievement=[of_achievement]), suite)
    )
    assert verdict.decision is Decision.ACCEPT
    assert [(one.relation, one.member, one.verdict.decision) for one in inside(verdict)] == [
        (Relation.ENDORSEMENT, "/endorsement/0", Decision.ACCEPT),
        (Relation.ENDORSEMENT, "/credentialSubject/achievement/endorsement/0", Decision.ACCEPT),
    ]
    summary = inside(verdict)[0].verdict.summary
    assert summary is not None
    assert summary.issuer_recognised_name == "Example Guild"
    assert party.web.asked == []


def test_an_endorsement_as_a_token(party: SimulatedRelyingParty) -> None:
    signed = party.board.sign(badge(party.board, endorsementJwt=[jwt(endorsement(), GUILD)]), "eddsa-jcs-2022")
    (one,) = inside(party.verify(signed))
    assert (one.verdict.decision, one.verdict.mechanism) == (Decision.ACCEPT, "vc+jwt")


@pytest.mark.parametrize("of", ["urn:uuid:another", NURSE, GUILD.did, "did:web:board.example"])
def test_an_endorsement_of_something_else_placed_under_an_achievement(
    party: SimulatedRelyingParty, of: str
) -> None:
    stray = GUILD.sign(endorsement(of))
    verdict = party.verify(party.board.sign(badge(party.board, of_achievement=[stray])))
    assert verdict.decision is Decision.ACCEPT
    (one,) = inside(verdict)
    assert one.verdict.decision is Decision.REJECT
    assert reason_of(one.verdict, CheckId.BELONGING) == (Outcome.FAILED, Reason.ABOUT_SOMETHING_ELSE)


def test_an_endorsement_by_a_revoked_issuer(party: SimulatedRelyingParty) -> None:
    signed = party.board.sign(badge(party.board, GUILD.sign(endorsement())))
    party.ledger.change_standing(GUILD.did, Standing.WITHDRAWN)
    verdict = party.verify(signed)
    assert verdict.decision is Decision.ACCEPT
    assert inside(verdict)[0].verdict.decision is Decision.REJECT
    assert reason_of(inside(verdict)[0].verdict, CheckId.TRUST) == (Outcome.FAILED, Reason.ISSUER_WITHDRAWN)


def test_a_revoked_endorsement_beside_a_good_one(party: SimulatedRelyingParty) -> None:
    revoked = GUILD.sign(endorsement(credentialStatus=status_entry(5, GUILD_LIST)))
    signed = party.board.sign(badge(party.board, revoked, GUILD.sign(endorsement())))
    party.ledger.publish(GUILD_LIST, {5: 1})
    verdict = party.verify(signed)
    assert verdict.decision is Decision.ACCEPT
    assert [one.verdict.decision for one in inside(verdict)] == [Decision.REJECT, Decision.ACCEPT]


@pytest.mark.parametrize(
    "forged",
    [
        {**endorsement()},
        GUILD.sign(endorsement()) | {"name": "Warm endorsement"},
        "nonsense",
        7,
        {},
        None,
        {"type": "VerifiablePresentation", "@context": VCDM_2},
    ],
)
def test_a_forged_endorsement_lends_nothing_and_takes_nothing(
    party: SimulatedRelyingParty, forged: Any
) -> None:
    document = badge(party.board)
    document["endorsement"] = [forged, GUILD.sign(endorsement())]
    verdict = party.verify(jwt(document, party.board))
    assert verdict.decision is Decision.ACCEPT
    bad, good = inside(verdict)
    assert (bad.verdict.decision, bad.verdict.summary) == (Decision.REJECT, None)
    assert good.verdict.decision is Decision.ACCEPT


def test_good_endorsements_do_not_lift_a_badge(party: SimulatedRelyingParty) -> None:
    stranger = SimulatedIssuer.self_made("stranger")
    verdict = party.verify(stranger.sign(badge(stranger, GUILD.sign(endorsement()))))
    assert verdict.decision is Decision.REJECT
    assert inside(verdict)[0].verdict.decision is Decision.ACCEPT


def test_what_is_inside_a_forged_badge_is_not_looked_at(party: SimulatedRelyingParty) -> None:
    signed = party.board.sign(badge(party.board, GUILD.sign(endorsement())))
    verdict = party.verify(signed | {"name": "Surgery"})
    assert verdict.decision is Decision.REJECT
    assert inside(verdict) == ()
