"""Credentials inside credentials: each judged by itself, none lent anything, none hidden."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from typing import Any

import pytest

from node.crypto import base64url
from node.verification.enclosed import Relation
from node.verification.policy import Policy
from node.verification.presentation import MAX_CREDENTIALS, MAX_ENCLOSURE, parse
from node.verification.proofs import jose
from node.verification.proofs.contexts import VCDM_2
from node.verification.reasons import Reason
from node.verification.secured import Secured
from node.verification.verdict import CheckId, CredentialVerdict, Decision, EnclosedVerdict, Outcome, Verdict
from registry.records import Standing, StatusPurpose
from tests.simulators.envelopes import enveloped
from tests.simulators.issuer import SimulatedIssuer, status_entry
from tests.simulators.policies import DEFAULT_POLICY
from tests.simulators.relying_party import SimulatedRelyingParty
from tests.simulators.wallet import CHALLENGE, DOMAIN

OPEN_BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
CLR = {"@vocab": "https://college.example/vocabulary#"}
GUILD_LIST = "https://guild.example/status-lists/1"
NURSE = "did:example:nurse"
TYPES = ("NursingLicenceCredential", "OpenBadgeCredential", "EndorsementCredential", "ClrCredential")


@pytest.fixture
def party() -> SimulatedRelyingParty:
    """Knows a board, and a guild that endorses."""
    party = SimulatedRelyingParty()
    party.ledger.accredit(party.board.did, types=TYPES)
    guild = SimulatedIssuer("guild")
    party.ledger.accredit(guild.did, name="Example Guild", types=TYPES)
    party.ledger.pin(guild.did, guild.document_bytes())
    party.ledger.create_list(GUILD_LIST, guild.did, StatusPurpose.REVOCATION)
    return party


GUILD = SimulatedIssuer("guild")
ACHIEVEMENT = "urn:uuid:11111111-0000-4000-8000-000000000001"
BADGE = "urn:uuid:11111111-0000-4000-8000-000000000002"


def endorsement(of: str = BADGE, issuer: SimulatedIssuer = GUILD, **members: Any) -> dict[str, Any]:
    """Unsigned."""
    return {
        "@context": [VCDM_2, OPEN_BADGES],
        "id": "urn:uuid:22222222-0000-4000-8000-000000000001",
        "type": ["VerifiableCredential", "EndorsementCredential"],
        "name": "Endorsement",
        "issuer": {"id": issuer.did, "type": ["Profile"], "name": "Example Guild"},
        "validFrom": "2026-01-01T00:00:00Z",
        "credentialSubject": {
            "id": of,
            "type": ["EndorsementSubject"],
            "endorsementComment": "Carefully examined.",
        },
        **members,
    }


def badge(
    board: SimulatedIssuer, *endorsements: Any, of_achievement: Any = (), **members: Any
) -> dict[str, Any]:
    """Unsigned."""
    document = {
        "@context": [VCDM_2, OPEN_BADGES],
        "id": BADGE,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": "Wound care",
        "issuer": {"id": board.did, "type": ["Profile"], "name": "Example Board"},
        "validFrom": "2026-01-01T00:00:00Z",
        "credentialSubject": {
            "id": NURSE,
            "type": ["AchievementSubject"],
            "achievement": {
                "id": ACHIEVEMENT,
                "type": ["Achievement"],
                "name": "Wound care",
                "description": "Dresses wounds.",
                "criteria": {"narrative": "An examination."},
            },
        },
        **members,
    }
    if endorsements:
        document["endorsement"] = list(endorsements)
    if of_achievement:
        document["credentialSubject"]["achievement"]["endorsement"] = list(of_achievement)
    return document


def record(board: SimulatedIssuer, *held: Any, subject: str = NURSE) -> dict[str, Any]:
    """An unsigned learner record (CLR 2.0), in a vocabulary of its own."""
    return {
        "@context": [VCDM_2, CLR],
        "id": "urn:uuid:33333333-0000-4000-8000-000000000001",
        "type": ["VerifiableCredential", "ClrCredential"],
        "name": "Transcript",
        "issuer": board.did,
        "validFrom": "2026-01-01T00:00:00Z",
        "credentialSubject": {"id": subject, "type": "ClrSubject", "verifiableCredential": list(held)},
    }


def jwt(document: dict[str, Any], issuer: SimulatedIssuer) -> str:
    return jose.sign(document, key=issuer.key, kid=issuer.method, typ="vc+jwt")


def carelessly(document: dict[str, Any], issuer: SimulatedIssuer) -> str:
    """A token by an issuer that signs whatever it is given."""
    header = {"alg": "EdDSA", "typ": "vc+jwt", "kid": issuer.method}
    signed = ".".join(base64url.encode(json.dumps(part).encode()) for part in (header, document))
    return f"{signed}.{base64url.encode(issuer.key.sign(signed.encode()))}"


def inside(verdict: Verdict) -> tuple[EnclosedVerdict, ...]:
    (one,) = verdict.credentials
    return one.enclosed


def reason_of(one: CredentialVerdict, check_id: CheckId) -> tuple[Outcome, Reason]:
    return next((check.outcome, check.reason) for check in one.checks if check.id is check_id)


# --- endorsements


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


# --- records that hold credentials


@pytest.mark.parametrize("form", ["embedded", "enveloped", "token"])
def test_a_record_and_what_it_holds(party: SimulatedRelyingParty, form: str) -> None:
    licence = party.board.licence(NURSE, 7)
    held: Any = {
        "embedded": party.board.sign(licence),
        "enveloped": enveloped("vc+jwt", jwt(licence, party.board)),
        "token": jwt(licence, party.board),
    }[form]
    signed = jwt(record(party.board, held), party.board)
    verdict = party.verify(signed)
    assert verdict.decision is Decision.ACCEPT
    (one,) = inside(verdict)
    assert (one.relation, one.member) == (Relation.CONTAINED, "/credentialSubject/verifiableCredential/0")
    party.ledger.publish("https://board.example/status-lists/1", {7: 1})
    verdict = party.verify(signed)
    assert verdict.decision is Decision.REVIEW
    assert reason_of(inside(verdict)[0].verdict, CheckId.STATUS) == (Outcome.FAILED, Reason.REVOKED)
    assert reason_of(verdict.credentials[0], CheckId.CONTENTS)[1] is Reason.ENCLOSED_NOT_GOOD


def test_a_record_signed_over_rdf(party: SimulatedRelyingParty) -> None:
    held = party.board.sign(party.board.licence(NURSE, 7))
    verdict = party.verify(party.board.sign(record(party.board, held)))
    assert [one.verdict.decision for one in inside(verdict)] == [Decision.ACCEPT]


def test_somebody_elses_licence_in_a_record(party: SimulatedRelyingParty) -> None:
    held = party.board.sign(party.board.licence("did:example:someone-else"))
    verdict = party.verify(jwt(record(party.board, held), party.board))
    assert verdict.decision is Decision.REVIEW
    (one,) = inside(verdict)
    assert one.verdict.decision is Decision.REVIEW
    assert reason_of(one.verdict, CheckId.BELONGING)[1] is Reason.ABOUT_SOMETHING_ELSE


def test_a_licence_that_names_nobody_in_a_record(party: SimulatedRelyingParty) -> None:
    licence = party.board.licence()
    del licence["credentialSubject"]["id"]
    verdict = party.verify(jwt(record(party.board, party.board.sign(licence)), party.board))
    assert reason_of(inside(verdict)[0].verdict, CheckId.BELONGING)[1] is Reason.SUBJECT_NOT_NAMED
    assert verdict.decision is Decision.REVIEW


@pytest.mark.parametrize(
    "alias",
    [
        {"lasts": "https://www.w3.org/2018/credentials#validUntil"},
        {"holds": {"@id": "https://www.w3.org/2018/credentials#credentialStatus", "@type": "@id"}},
    ],
)
def test_an_alias_in_what_is_held(party: SimulatedRelyingParty, alias: dict[str, Any]) -> None:
    """What would fail it is renamed, and a willing issuer signs a record around it, or even itself."""
    licence = party.board.sign(party.board.licence(NURSE, 7, validUntil="2026-02-01T00:00:00Z"))
    ((name, _),) = alias.items()
    licence["@context"].append(alias)
    licence[name] = licence.pop("validUntil" if name == "lasts" else "credentialStatus")
    embedded = party.verify(carelessly(record(party.board, licence), party.board))
    assert embedded.decision is Decision.REJECT
    assert inside(embedded) == ()
    as_token = carelessly(licence, party.board)
    verdict = party.verify(jwt(record(party.board, as_token), party.board))
    assert verdict.decision is Decision.REVIEW
    (one,) = inside(verdict)
    assert (one.verdict.decision, one.verdict.summary) == (Decision.REJECT, None)


def test_what_is_held_is_not_measured_by_what_was_asked_for(party: SimulatedRelyingParty) -> None:
    """The relying party asks for records, by their holder: the endorsements in them are no such thing."""
    policy = replace(DEFAULT_POLICY, accepted_types=frozenset({"ClrCredential"}), require_holder=True)
    held = party.board.sign(party.board.licence(party.nurse.did))
    signed = jwt(record(party.board, held, subject=party.nurse.did), party.board)
    presented = party.nurse.present(enveloped("vc+jwt", signed), cryptosuite="eddsa-jcs-2022")
    verdict = party.verify(presented, policy, challenge=CHALLENGE, domain=DOMAIN)
    assert verdict.decision is Decision.ACCEPT
    assert inside(verdict)[0].verdict.decision is Decision.ACCEPT


def test_an_empty_policy_does_not_become_one_by_what_is_held(party: SimulatedRelyingParty) -> None:
    held = party.board.sign(party.board.licence(NURSE))
    assert (
        party.verify(jwt(record(party.board, held), party.board), Policy("empty")).decision is Decision.REJECT
    )


# --- limits


def nested(party: SimulatedRelyingParty, depth: int) -> str:
    token = jwt(party.board.licence(NURSE), party.board)
    for _ in range(depth):
        token = jwt(record(party.board, token), party.board)
    return token


def test_credentials_inside_credentials_as_deep_as_allowed(party: SimulatedRelyingParty) -> None:
    verdict = party.verify(nested(party, MAX_ENCLOSURE))
    assert verdict.decision is Decision.ACCEPT
    one = verdict.credentials[0]
    for _ in range(MAX_ENCLOSURE):
        (inner,) = one.enclosed
        one = inner.verdict
    assert (one.decision, one.enclosed) == (Decision.ACCEPT, ())


def test_a_bomb_of_depth(party: SimulatedRelyingParty) -> None:
    verdict = party.verify(nested(party, MAX_ENCLOSURE + 3))
    assert verdict.decision is Decision.REVIEW
    one = verdict.credentials[0]
    for _ in range(MAX_ENCLOSURE + 1):
        (inner,) = one.enclosed
        one = inner.verdict
    assert reason_of(one, CheckId.PARSE) == (Outcome.FAILED, Reason.TOO_DEEP)


def test_a_bomb_of_numbers(party: SimulatedRelyingParty) -> None:
    held = jwt(party.board.licence(NURSE), party.board)
    parsed = parse(jwt(record(party.board, *[held] * 500), party.board))
    (outer,) = parsed.credentials
    assert isinstance(outer, Secured)
    assert len(outer.enclosed) == MAX_CREDENTIALS
    assert getattr(outer.enclosed[-1].credential, "reason", None) is Reason.TOO_MANY_CREDENTIALS
    assert all(isinstance(one.credential, Secured) for one in outer.enclosed[:-1])


def test_the_credentials_of_a_presentation_share_one_limit(party: SimulatedRelyingParty) -> None:
    held = jwt(party.board.licence(NURSE), party.board)
    both = [enveloped("vc+jwt", jwt(record(party.board, *[held] * 60), party.board)) for _ in range(2)]
    first, second = parse(json.dumps(party.nurse.presentation(*both))).credentials
    assert isinstance(first, Secured)
    assert isinstance(second, Secured)
    assert len(first.enclosed) == 60
    assert len(second.enclosed) == MAX_CREDENTIALS - 60 - 2 + 1


def test_a_credential_that_holds_a_copy_of_itself(party: SimulatedRelyingParty) -> None:
    """By its own id: no reference is ever followed, so that nothing goes round in circles."""
    document = record(party.board, {"id": "urn:uuid:33333333-0000-4000-8000-000000000001"})
    inner = copy.deepcopy(document)
    document["credentialSubject"]["verifiableCredential"] = [inner]
    document["credentialSubject"]["association"] = [
        {
            "type": "Association",
            "associationType": "isPartOf",
            "sourceId": document["id"],
            "targetId": document["id"],
        }
    ]
    verdict = party.verify(jwt(document, party.board))
    assert verdict.decision is Decision.REVIEW
    assert [one.verdict.decision for one in inside(verdict)] == [Decision.REJECT]
