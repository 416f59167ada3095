"""Skills that are looked for, and claims that are never shown."""

from __future__ import annotations

import json
from typing import Any

from node.api.presenters import verdict_json
from node.verification.given import Given
from node.verification.hidden_claims import HiddenClaims
from node.verification.proof import ProofChecker
from node.verification.proofs import jose
from node.verification.proofs.contexts import VCDM_2
from node.verification.schema_registry import SchemaRegistry
from node.verification.verdict import Decision, SkillStanding, Verdict
from node.verification.verifier import Verifier
from tests.behaviours.test_resume import resume, signed
from tests.simulators.issuer import DATA_INTEGRITY, STATUS_LIST, key_of, status_entry
from tests.simulators.policies import ANY_ISSUER_POLICY
from tests.simulators.relying_party import SimulatedRelyingParty

SKILL = {"name": "Wound  care", "level": "Expert", "framework": "Example Framework"}


def attested(party: SimulatedRelyingParty, *skills: Any, index: int | None = None) -> str:
    licence = party.board.licence(party.nurse.did)
    licence["credentialSubject"]["skills"] = list(skills)
    if index is not None:
        licence["credentialStatus"] = status_entry(index)
    return jose.sign(licence, key=party.board.key, kid=party.board.method, typ="vc+jwt")


def standings(verdict: Verdict) -> dict[str, SkillStanding]:
    return {one.name: one.standing for one in verdict.skills}


def looked_for(*skills: str) -> Given:
    return Given(skills=skills)


def test_each_skill_is_answered_in_the_order_asked(party: SimulatedRelyingParty) -> None:
    verdict = party.verify(attested(party, SKILL), given=looked_for("juggling", "wound care"))
    assert standings(verdict) == {
        "juggling": SkillStanding.NOT_FOUND,
        "wound care": SkillStanding.PROVEN,
    }
    (proof,) = verdict.skills[1].proofs
    assert (proof.credential, proof.proficiency, proof.framework) == (
        "/credentials/0",
        "Expert",
        "Example Framework",
    )


def test_a_revoked_credential_proves_nothing(party: SimulatedRelyingParty) -> None:
    token = attested(party, SKILL, index=7)
    party.ledger.publish(STATUS_LIST, {7: 1})
    verdict = party.verify(token, given=looked_for("Wound care"))
    assert standings(verdict) == {"Wound care": SkillStanding.NOT_ACCEPTED}


def test_a_forged_one_does_not_even_say_so(party: SimulatedRelyingParty) -> None:
    licence = party.board.licence(party.nurse.did)
    licence["credentialSubject"]["skills"] = [SKILL]
    forged = jose.sign(licence, key=key_of("impostor"), kid=party.board.method, typ="vc+jwt")
    verdict = party.verify(forged, given=looked_for("Wound care"))
    assert standings(verdict) == {"Wound care": SkillStanding.NOT_FOUND}


def test_a_remark_does_not_become_a_skill_by_another_name(party: SimulatedRelyingParty) -> None:
    """A signature over RDF covers what a word means, not the word: the holder would choose a better one."""
    licence = party.board.licence(party.nurse.did)
    meaning = "https://board.example/vocabulary#remark"
    licence["@context"][1] = {**licence["@context"][1], "remark": meaning}
    licence["credentialSubject"]["remark"] = "Wound care"
    renamed = party.board.sign(licence)
    assert party.verify(renamed).decision is Decision.ACCEPT
    renamed["@context"][1] = {**licence["@context"][1], "skills": meaning}
    del renamed["@context"][1]["remark"]
    renamed["credentialSubject"]["skills"] = renamed["credentialSubject"].pop("remark")
    verdict = party.verify(renamed, given=looked_for("Wound care"))
    assert verdict.decision is not Decision.ACCEPT
    assert standings(verdict) == {"Wound care": SkillStanding.NOT_FOUND}


def test_a_resume_says_so_and_what_is_attached_proves_it(party: SimulatedRelyingParty) -> None:
    document = resume(party, attested(party, SKILL))
    verdict = party.verify(
        signed(party, document), ANY_ISSUER_POLICY, given=looked_for("Telepathy", "Wound care")
    )
    assert standings(verdict) == {
        "Telepathy": SkillStanding.SELF_ASSERTED,
        "Wound care": SkillStanding.PROVEN,
    }
    assert verdict.skills[1].proofs[0].credential == "/credentials/0/enclosed/0"


def test_an_endorsement_proves_no_skill(party: SimulatedRelyingParty) -> None:
    party.ledger.accredit(party.board.did, types=("NursingLicenceCredential", "EndorsementCredential"))
    endorsement = {
        "@context": [VCDM_2, {"@vocab": "https://board.example/vocabulary#"}],
        "type": ["VerifiableCredential", "EndorsementCredential"],
        "issuer": party.board.did,
        "credentialSubject": {"id": party.nurse.did, "skills": [SKILL]},
    }
    token = jose.sign(endorsement, key=party.board.key, kid=party.board.method, typ="vc+jwt")
    licence = party.board.licence(party.nurse.did, endorsementJwt=[token])
    presented = jose.sign(licence, key=party.board.key, kid=party.board.method, typ="vc+jwt")
    verdict = party.verify(presented, given=looked_for("Wound care"))
    assert verdict.credentials[0].enclosed
    assert standings(verdict) == {"Wound care": SkillStanding.NOT_FOUND}


def test_hidden_claims_are_in_no_answer(party: SimulatedRelyingParty) -> None:
    secret = "secret-claim"
    licence = party.board.licence(party.nurse.did, description=secret)
    licence["credentialSubject"] |= {
        "gender": secret,
        "givenName": secret,
        "skills": [{"name": "x", "level": secret}],
    }
    token = jose.sign(licence, key=party.board.key, kid=party.board.method, typ="vc+jwt")
    assert secret in json.dumps(verdict_json(party.verify(token)))
    party.verifier = Verifier(
        ProofChecker(DATA_INTEGRITY),
        SchemaRegistry({}),
        hidden=HiddenClaims({"gender", "given_name", "description", "level"}),
    )
    party.service = party._service(party.ledger)
    verdict = party.verify(token, given=looked_for("x"))
    assert verdict.decision.value == "accept"
    assert secret not in json.dumps(verdict_json(verdict))
    assert "Okafor" in json.dumps(verdict_json(verdict))
