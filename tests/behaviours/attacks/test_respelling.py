"""Attacks by re-spelling: other words for what was signed."""

from __future__ import annotations

import copy

import pytest

from node.verification.policy import Policy
from node.verification.reasons import Reason
from node.verification.verdict import CheckId, Decision, Outcome
from node.web.judgement import Tone
from node.web.views import page
from tests.simulators.policies import ANY_ISSUER_POLICY, DEFAULT_POLICY, UNSAFE_PROOF_ONLY_POLICY
from tests.simulators.proof_oracle import proved
from tests.simulators.relying_party import SimulatedRelyingParty, check_of, refused_at_the_proof
from tests.simulators.wallet import CHALLENGE, DOMAIN

OPEN = Outcome.INDETERMINATE
CREDENTIALS = "https://www.w3.org/2018/credentials#"
XSD_DATE_TIME = "http://www.w3.org/2001/XMLSchema#dateTime"
SIGNED = "2026-09-21T14:13:20Z"


@pytest.mark.parametrize(
    "member", ["validUntil", "credentialStatus", "credentialSubject", "issuer", "validFrom"]
)
def test_respelling_a_member_as_its_iri(party: SimulatedRelyingParty, member: str) -> None:
    signed = party.board.sign(party.board.licence(index=7, validUntil="2026-02-01T00:00:00Z"))
    value = signed.pop(member)
    if member.startswith("valid"):
        value = {"@type": XSD_DATE_TIME, "@value": value}
    signed[CREDENTIALS + member] = value
    verdict = party.verify(signed)
    assert verdict.decision is Decision.REJECT
    assert all(one.summary is None for one in verdict.credentials)


def test_respelling_an_expired_licence_by_an_alias(party: SimulatedRelyingParty) -> None:
    signed = party.board.sign(party.board.licence(validUntil="2026-02-01T00:00:00Z"))
    signed["@context"].append({"until": {"@id": CREDENTIALS + "validUntil", "@type": XSD_DATE_TIME}})
    signed["until"] = signed.pop("validUntil")
    refused_at_the_proof(party.verify(signed), Reason.UNSAFE_CONTEXT, Reason.RESPELLED_MEMBER)


def test_respelling_through_a_prefix(party: SimulatedRelyingParty) -> None:
    signed = party.board.sign(party.board.licence(index=7))
    signed["@context"].append({"c": CREDENTIALS})
    signed["c:credentialStatus"] = signed.pop("credentialStatus")
    refused_at_the_proof(party.verify(signed), Reason.UNSAFE_CONTEXT, Reason.RESPELLED_MEMBER)


def test_respelling_a_kind_of_licence(party: SimulatedRelyingParty) -> None:
    """The words of an inline context are the holder's to choose; what they stand for is what was signed."""
    signed = party.board.sign(party.board.licence())
    iri = signed["@context"][1].pop("NursingLicenceCredential")
    signed["@context"][1]["SurgeonLicenceCredential"] = iri
    signed["type"][1] = "SurgeonLicenceCredential"
    party.ledger.accredit(party.board.did, types=("SurgeonLicenceCredential",))
    refused_at_the_proof(party.verify(signed), Reason.RENAMED_TERM)


def test_swapping_two_words(party: SimulatedRelyingParty) -> None:
    signed = party.board.sign(party.board.licence())
    words = signed["@context"][1]
    words["givenName"], words["familyName"] = words["familyName"], words["givenName"]
    subject = signed["credentialSubject"]
    subject["givenName"], subject["familyName"] = subject["familyName"], subject["givenName"]
    refused_at_the_proof(party.verify(signed), Reason.RENAMED_TERM)


@pytest.mark.parametrize("policy", [DEFAULT_POLICY, ANY_ISSUER_POLICY, UNSAFE_PROOF_ONLY_POLICY])
@pytest.mark.parametrize("form", ["bare", "presented"])
def test_words_an_issuer_may_have_chosen_are_neither_believed_nor_called_forged(
    party: SimulatedRelyingParty, policy: Policy, form: str
) -> None:
    """Genuine issuers name terms freely, too; the signature covers what the words stand for, not the words."""
    licence = copy.deepcopy(party.board.licence(party.nurse.did))
    licence["@context"][1]["RegisteredNurse"] = "https://board.example/vocabulary#StudentNurse"
    licence["type"].append("RegisteredNurse")
    signed = proved(licence, party.board, created=SIGNED)
    if form == "presented":
        signed = proved(
            party.nurse.presentation(signed),
            party.nurse,
            created=SIGNED,
            proofPurpose="authentication",
            challenge=CHALLENGE,
            domain=DOMAIN,
        )
    verdict = party.verify(signed, policy, challenge=CHALLENGE if form == "presented" else None)
    assert verdict.decision is Decision.INDETERMINATE
    refused_at_the_proof(verdict, Reason.RENAMED_TERM)
    assert check_of(verdict, CheckId.PROOF).outcome is OPEN
    shown = page(verdict)
    (card,) = shown.cards
    assert (shown.tone, card.confirmed, card.facts) == (Tone.UNKNOWN, False, None)
    assert "RegisteredNurse" not in repr((card.heading, card.lead, [line.line for line in card.lines]))
