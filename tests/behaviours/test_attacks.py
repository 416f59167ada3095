"""Every known attack on a verifier, end to end, each under its own name. None is accepted."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from typing import Any

import pytest

from node.crypto import base64url
from node.crypto.public_keys import KeyType
from node.verification.policy import ANY_ISSUER_POLICY, DEFAULT_POLICY, UNSAFE_PROOF_ONLY_POLICY, Policy
from node.verification.proofs import jose
from node.verification.proofs.contexts import VCDM_2
from node.verification.reasons import Reason
from node.verification.verdict import CheckId, Decision, Outcome, Verdict
from node.web.views import Tone, page
from registry.records import Standing
from tests.simulators.issuer import STATUS_LIST, SimulatedIssuer, key_of, status_entry
from tests.simulators.proof_oracle import proved
from tests.simulators.relying_party import SimulatedRelyingParty, check_of, ended
from tests.simulators.wallet import CHALLENGE, DOMAIN, SimulatedWallet

FAILED, PASSED, OPEN, SKIPPED = Outcome.FAILED, Outcome.PASSED, Outcome.INDETERMINATE, Outcome.SKIPPED
CREDENTIALS = "https://www.w3.org/2018/credentials#"
XSD_DATE_TIME = "http://www.w3.org/2001/XMLSchema#dateTime"
SUITES = ["eddsa-rdfc-2022", "eddsa-jcs-2022"]
SIGNED = "2026-09-21T14:13:20Z"


@pytest.fixture
def party() -> SimulatedRelyingParty:
    return SimulatedRelyingParty()


def refused_at_the_proof(verdict: Verdict, *reasons: Reason) -> None:
    """Nothing of the content is passed on, and nothing after the proof was looked at."""
    assert verdict.decision in {Decision.REJECT, Decision.INDETERMINATE}
    (one,) = verdict.credentials
    assert (one.summary, one.credential) == (None, None)
    proof = check_of(verdict, CheckId.PROOF)
    assert proof.outcome in {FAILED, OPEN}
    assert not reasons or proof.reason in reasons
    after = [check for check in one.checks if check.id not in {CheckId.PARSE, CheckId.PROOF}]
    assert after
    assert all(check.outcome is SKIPPED and check.reason is proof.reason for check in after)


# --- what is genuine is accepted: without this, none of the refusals below would mean anything


@pytest.mark.parametrize("suite", SUITES)
@pytest.mark.parametrize("version", ["licence", "licence_1_1"])
def test_a_genuine_licence_is_accepted(party: SimulatedRelyingParty, suite: str, version: str) -> None:
    verdict = party.verify(party.board.sign(getattr(party.board, version)(), suite))
    assert verdict.decision is Decision.ACCEPT
    summary = verdict.credentials[0].summary
    assert summary is not None
    assert (summary.subject_name, summary.issuer_recognised_name) == ("Ada Okafor", "Example Board")
    assert party.web.asked == []


@pytest.mark.parametrize("suite", SUITES)
def test_a_genuine_presentation_is_accepted(party: SimulatedRelyingParty, suite: str) -> None:
    licence = party.board.sign(party.board.licence(party.nurse.did, 7), suite)
    presentation = party.nurse.present(licence, cryptosuite=suite)
    policy = replace(DEFAULT_POLICY, require_holder=True)
    verdict = party.verify(presentation, policy, challenge=CHALLENGE, domain=DOMAIN)
    assert verdict.decision is Decision.ACCEPT
    assert ended(verdict, CheckId.HOLDER, None) == ended(verdict, CheckId.HOLDER) == (PASSED, Reason.OK)


@pytest.mark.parametrize("key_type", [KeyType.ED25519, KeyType.P256])
@pytest.mark.parametrize("form", ["bare", "string", "enveloped", "presented"])
def test_a_genuine_token_is_accepted_in_every_form(
    party: SimulatedRelyingParty, key_type: KeyType, form: str
) -> None:
    board = SimulatedIssuer("college", type_=key_type)
    party.ledger.accredit(board.did)
    party.ledger.pin(board.did, board.document_bytes())
    token = jose.sign(board.licence(party.nurse.did), key=board.key, kid=board.method, typ="vc+jwt")
    envelope = {
        "@context": [VCDM_2],
        "type": "EnvelopedVerifiableCredential",
        "id": f"data:application/vc+jwt,{token}",
    }
    presented: Any = {
        "bare": token.encode() + b"\n",
        "string": json.dumps(token).encode(),
        "enveloped": envelope,
        "presented": party.nurse.present(envelope, cryptosuite="eddsa-jcs-2022"),
    }[form]
    verdict = party.verify(presented, challenge=CHALLENGE, domain=DOMAIN)
    assert verdict.decision is Decision.ACCEPT
    assert verdict.credentials[0].mechanism == "vc+jwt"


@pytest.mark.parametrize("version", ["vp+jwt", "JWT"])
def test_a_genuine_presentation_token_is_accepted_once(party: SimulatedRelyingParty, version: str) -> None:
    nurse, board = party.nurse, party.board
    licence = jose.sign(board.licence(nurse.did), key=board.key, kid=board.method, typ="vc+jwt")
    asked = {"nonce": CHALLENGE, "aud": DOMAIN}
    if version == "JWT":
        held = nurse.presentation(licence)
        del held["holder"]
        claims = {"iss": nurse.did, "vp": held, **asked}
    else:
        envelope = {
            "@context": VCDM_2,
            "type": "EnvelopedVerifiableCredential",
            "id": f"data:application/vc+jwt,{licence}",
        }
        claims = nurse.presentation(envelope) | asked
    token = jose.sign(claims, key=nurse.key, kid=nurse.method, typ=version)
    policy = replace(DEFAULT_POLICY, require_holder=True)
    assert party.verify(token, policy, challenge=CHALLENGE, domain=DOMAIN).decision is Decision.ACCEPT
    for challenge, domain, reason in (
        ("another", DOMAIN, Reason.CHALLENGE_MISMATCH),
        (CHALLENGE, "https://clinic.example", Reason.DOMAIN_MISMATCH),
    ):
        verdict = party.verify(token, policy, challenge=challenge, domain=domain)
        assert verdict.decision is Decision.REJECT
        assert ended(verdict, CheckId.HOLDER, None) == (FAILED, reason)


# --- re-spelling: other words for what was signed


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


# --- context injection


@pytest.mark.parametrize(
    "inline",
    [
        {"licenceNumber": None},
        {"givenName": "https://attacker.example/x"},
        {"validUntil": None},
        {"credentialStatus": "https://attacker.example/credentialStatus"},
        {"issuer": {"@id": "https://attacker.example/issuer", "@type": "@id"}},
        {"@vocab": None},
        {"@propagate": False},
        {"@base": "https://attacker.example/"},
        {"@import": "http://127.0.0.1:9/context"},
        {"x": {"@id": "@nest"}},
        {"x": {"@reverse": CREDENTIALS + "issuer"}},
        {"x": "@type"},
        None,
    ],
)
def test_injecting_an_inline_context(party: SimulatedRelyingParty, inline: Any) -> None:
    signed = party.board.sign(party.board.licence(index=7))
    signed["@context"].append(inline)
    if isinstance(inline, dict) and "licenceNumber" in inline:
        signed["credentialSubject"]["licenceNumber"] = "forged"
    refused_at_the_proof(party.verify(signed))


@pytest.mark.parametrize("suite", SUITES)
def test_a_context_of_the_attackers_is_never_fetched(party: SimulatedRelyingParty, suite: str) -> None:
    signed = party.board.sign(party.board.licence(), suite)
    signed["@context"].append("https://attacker.example/context")
    refused_at_the_proof(party.verify(signed, replace(DEFAULT_POLICY, allow_web=True)))
    assert party.web.asked == []


def test_a_document_without_its_context(party: SimulatedRelyingParty) -> None:
    signed = party.board.sign(party.board.licence())
    del signed["@context"]
    verdict = party.verify(signed)
    assert ended(verdict, CheckId.PARSE, None) == (FAILED, Reason.MALFORMED_CREDENTIAL)


# --- dropped terms: content that the signature leaves out


@pytest.mark.parametrize(
    "member", [("degree", "forged"), ("id", "relative"), ("type", "UnknownType"), ("@id", "did:example:x")]
)
def test_adding_what_is_not_signed(party: SimulatedRelyingParty, member: tuple[str, str]) -> None:
    signed = party.board.sign(party.board.licence())
    signed["credentialSubject"][member[0]] = member[1]
    refused_at_the_proof(party.verify(signed))


@pytest.mark.parametrize("suite", SUITES)
@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("validUntil",), "2040-01-01T00:00:00Z"),
        (("credentialSubject", "licenceNumber"), "RN-2"),
        (("credentialSubject", "id"), "did:example:other"),
        (("credentialStatus", "statusListIndex"), "8"),
        (("credentialStatus",), None),
        (("issuer", "name"), "Somebody else"),
        (("type",), ["VerifiableCredential"]),
        (("proof", "created"), "2026-02-01T00:00:00Z"),
    ],
)
def test_changing_what_is_signed(
    party: SimulatedRelyingParty, suite: str, path: tuple[str, ...], value: Any
) -> None:
    signed = party.board.sign(party.board.licence(index=7), suite)
    place = signed
    for name in path[:-1]:
        place = place[name]
    if value is None:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    refused_at_the_proof(party.verify(signed), Reason.SIGNATURE_INVALID)


# --- poison: little input, endless work


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


# --- vacuous success


@pytest.mark.parametrize("held", [[], None, {}, [[]], [None], "", 7, [{}], "absent"])
def test_a_presentation_of_nothing(party: SimulatedRelyingParty, held: Any) -> None:
    presentation = party.nurse.presentation()
    presentation["verifiableCredential"] = held
    if held == "absent":
        del presentation["verifiableCredential"]
    verdict = party.verify(presentation)
    assert verdict.decision is Decision.REJECT


def test_signing_a_presentation_of_nothing_helps_nobody(party: SimulatedRelyingParty) -> None:
    verdict = party.verify(party.nurse.present(), challenge=CHALLENGE)
    assert verdict.decision is Decision.REJECT
    assert ended(verdict, CheckId.PARSE, None) == (FAILED, Reason.EMPTY_PRESENTATION)


@pytest.mark.parametrize("proof", [None, [], {}, "absent"])
def test_a_credential_without_a_proof(party: SimulatedRelyingParty, proof: Any) -> None:
    unsigned = party.board.licence()
    if proof != "absent":
        unsigned["proof"] = proof
    refused_at_the_proof(party.verify(unsigned), Reason.NO_PROOF)


def test_an_empty_policy_passes_nothing(party: SimulatedRelyingParty) -> None:
    verdict = party.verify(party.board.sign(party.board.licence()), Policy(name="empty"))
    assert verdict.decision is Decision.REJECT
    assert ended(verdict, CheckId.POLICY) == (FAILED, Reason.EMPTY_POLICY)


# --- fail-open status


def test_a_list_nobody_knows_is_neither_good_nor_revoked(party: SimulatedRelyingParty) -> None:
    licence = party.board.licence()
    licence["credentialStatus"] = status_entry(7, "https://board.example/status-lists/404")
    verdict = party.verify(party.board.sign(licence), replace(DEFAULT_POLICY, allow_web=True))
    assert verdict.decision is Decision.INDETERMINATE
    assert ended(verdict, CheckId.STATUS) == (OPEN, Reason.STATUS_LIST_UNKNOWN)
    assert party.web.asked == []  # and nobody was asked


def test_a_revoked_licence(party: SimulatedRelyingParty) -> None:
    signed = party.board.sign(party.board.licence(index=7))
    assert party.verify(signed).decision is Decision.ACCEPT
    party.clock.advance(60)
    party.ledger.publish(STATUS_LIST, {7: 1})
    verdict = party.verify(signed)
    assert verdict.decision is Decision.REJECT
    assert ended(verdict, CheckId.STATUS) == (FAILED, Reason.REVOKED)
    assert check_of(verdict, CheckId.STATUS).since == party.clock.now


def test_cutting_the_verifier_off_does_not_bring_a_licence_back(party: SimulatedRelyingParty) -> None:
    revoked = party.board.sign(party.board.licence(index=7))
    valid = party.board.sign(party.board.licence(index=8))
    party.ledger.publish(STATUS_LIST, {7: 1})
    party.ledger.go_down()
    party.clock.advance(10_000)
    assert party.verify(revoked).decision is Decision.REJECT
    verdict = party.verify(valid)
    assert verdict.decision is Decision.INDETERMINATE
    assert ended(verdict, CheckId.STATUS) == ended(verdict, CheckId.TRUST) == (OPEN, Reason.REPLICA_STALE)


def test_a_status_list_of_someone_else(party: SimulatedRelyingParty) -> None:
    other = SimulatedIssuer("other")
    party.ledger.accredit(other.did)
    party.ledger.create_list("https://other.example/1", other.did)
    licence = party.board.licence()
    licence["credentialStatus"] = status_entry(7, "https://other.example/1")
    verdict = party.verify(party.board.sign(licence))
    assert ended(verdict, CheckId.STATUS) == (FAILED, Reason.STATUS_ISSUER_MISMATCH)
    assert verdict.decision is Decision.REJECT


# --- keys and issuers


@pytest.mark.parametrize("suite", SUITES)
def test_signing_in_anothers_name(party: SimulatedRelyingParty, suite: str) -> None:
    forger = SimulatedIssuer.self_made("forger")
    forged = forger.sign(party.board.licence(), suite)
    refused_at_the_proof(party.verify(forged), Reason.ISSUER_MISMATCH)
    refused_at_the_proof(party.verify(forged, ANY_ISSUER_POLICY), Reason.ISSUER_MISMATCH)


def test_naming_the_boards_key_without_having_it(party: SimulatedRelyingParty) -> None:
    forger = SimulatedIssuer("forger")
    forged = forger.sign(party.board.licence(), method=party.board.method)
    refused_at_the_proof(party.verify(forged), Reason.SIGNATURE_INVALID)


def test_a_key_the_board_never_published(party: SimulatedRelyingParty) -> None:
    forged = SimulatedIssuer("forger").sign(party.board.licence(), method=party.board.did + "#key-9")
    refused_at_the_proof(party.verify(forged), Reason.KEY_NOT_FOUND)


def test_a_key_for_another_use(party: SimulatedRelyingParty) -> None:
    document = party.board.document()
    document["authentication"] = document.pop("assertionMethod")
    party.ledger.pin(party.board.did, json.dumps(document).encode())
    verdict = party.verify(party.board.sign(party.board.licence()))
    refused_at_the_proof(verdict, Reason.KEY_NOT_AUTHORISED)


def test_a_key_listed_but_controlled_by_another(party: SimulatedRelyingParty) -> None:
    document = party.board.document()
    document["verificationMethod"][0]["controller"] = "did:web:attacker.example"
    party.ledger.pin(party.board.did, json.dumps(document).encode())
    verdict = party.verify(party.board.sign(party.board.licence()))
    refused_at_the_proof(verdict, Reason.KEY_NOT_AUTHORISED)


def test_a_key_that_was_revoked(party: SimulatedRelyingParty) -> None:
    document = party.board.document()
    document["verificationMethod"][0]["revoked"] = "2026-10-01T00:00:00Z"
    party.ledger.pin(party.board.did, json.dumps(document).encode())
    verdict = party.verify(party.board.sign(party.board.licence()))
    refused_at_the_proof(verdict, Reason.KEY_NOT_AUTHORISED)


def test_a_key_that_was_replaced(party: SimulatedRelyingParty) -> None:
    signed = party.board.sign(party.board.licence())
    newer = SimulatedIssuer("newer", did=party.board.did)
    party.ledger.pin(party.board.did, newer.document_bytes())
    refused_at_the_proof(party.verify(signed), Reason.SIGNATURE_INVALID)


def test_a_takeover_of_the_boards_web_server(party: SimulatedRelyingParty) -> None:
    """What is pinned wins, and once deactivated nothing else counts."""
    forger = SimulatedIssuer("forger", did=party.board.did)
    party.web.pages["https://board.example/.well-known/did.json"] = forger.document_bytes()
    policy = replace(DEFAULT_POLICY, allow_web=True)
    refused_at_the_proof(party.verify(forger.sign(forger.licence()), policy), Reason.SIGNATURE_INVALID)
    party.ledger.pin(party.board.did, None)
    refused_at_the_proof(party.verify(forger.sign(forger.licence()), policy), Reason.DID_DEACTIVATED)
    assert party.web.asked == []


def test_a_forger_who_had_the_boards_web_server_looked_up_before(party: SimulatedRelyingParty) -> None:
    """A policy that never asks the web gets nothing from it by way of a policy that does."""
    board = SimulatedIssuer("unpinned", did="did:web:unpinned.example")
    party.ledger.accredit(board.did)  # and not pinned yet: only its web server could name its keys
    forger = SimulatedIssuer("forger", did=board.did)
    party.web.pages["https://unpinned.example/.well-known/did.json"] = forger.document_bytes()
    forged = forger.sign(forger.licence(index=7))
    assert ended(party.verify(forged, ANY_ISSUER_POLICY), CheckId.PROOF) == (PASSED, Reason.OK)
    refused_at_the_proof(party.verify(forged), Reason.DID_UNRESOLVABLE)


def test_an_issuer_nobody_accredited(party: SimulatedRelyingParty) -> None:
    mill = SimulatedIssuer.self_made("diploma mill")
    signed = mill.sign(mill.licence())
    verdict = party.verify(signed)
    assert verdict.decision is Decision.REJECT
    assert ended(verdict, CheckId.TRUST) == (FAILED, Reason.ISSUER_NOT_ACCREDITED)
    assert party.verify(signed, ANY_ISSUER_POLICY).decision is Decision.REVIEW


def test_an_issuer_going_beyond_its_accreditation(party: SimulatedRelyingParty) -> None:
    words = {"MedicalLicenceCredential": "https://board.example/vocabulary#MedicalLicenceCredential"}
    licence = party.board.licence()
    licence["@context"].append(words)
    licence["type"].append("MedicalLicenceCredential")
    policy = replace(DEFAULT_POLICY, accepted_types=frozenset({"MedicalLicenceCredential"}))
    verdict = party.verify(party.board.sign(licence), policy)
    assert verdict.decision is Decision.REJECT
    assert ended(verdict, CheckId.TRUST) == (FAILED, Reason.TYPE_NOT_ACCREDITED)


@pytest.mark.parametrize(
    ("standing", "reason"),
    [(Standing.SUSPENDED, Reason.ISSUER_SUSPENDED), (Standing.WITHDRAWN, Reason.ISSUER_WITHDRAWN)],
)
def test_an_issuer_out_of_favour(party: SimulatedRelyingParty, standing: Standing, reason: Reason) -> None:
    party.ledger.change_standing(party.board.did, standing)
    signed = party.board.sign(party.board.licence())
    for policy in (DEFAULT_POLICY, ANY_ISSUER_POLICY):
        verdict = party.verify(signed, policy)
        assert verdict.decision is Decision.REJECT
        assert ended(verdict, CheckId.TRUST) == (FAILED, reason)


# --- tokens


def token_parts(token: str) -> list[dict[str, Any]]:
    return [json.loads(base64url.decode(part)) for part in token.split(".")[:2]]


def forged_token(header: dict[str, Any], claims: dict[str, Any], name: str = "board") -> str:
    text = ".".join(base64url.encode(json.dumps(part).encode()) for part in (header, claims))
    return f"{text}.{base64url.encode(key_of(name).sign(text.encode()))}"


def test_algorithm_none(party: SimulatedRelyingParty) -> None:
    claims = party.board.licence()
    for algorithm in ("none", "None", "HS256", ""):
        header = {"alg": algorithm, "typ": "vc+jwt", "kid": party.board.method}
        token = forged_token(header, claims).rpartition(".")[0] + "."
        assert party.verify(token).decision is Decision.REJECT


def test_a_key_brought_along_in_the_token(party: SimulatedRelyingParty) -> None:
    jwk = key_of("forger").public.to_jwk()
    header = {"alg": "EdDSA", "typ": "vc+jwt", "kid": party.board.method, "jwk": jwk}
    token = forged_token(header, party.board.licence(), "forger")
    refused_at_the_proof(party.verify(token), Reason.SIGNATURE_INVALID)
    header["kid"] = SimulatedIssuer.self_made("forger").method
    refused_at_the_proof(
        party.verify(forged_token(header, party.board.licence(), "forger")), Reason.ISSUER_MISMATCH
    )


def test_another_algorithm_than_the_keys(party: SimulatedRelyingParty) -> None:
    header = {"alg": "ES256", "typ": "vc+jwt", "kid": party.board.method}
    refused_at_the_proof(party.verify(forged_token(header, party.board.licence())), Reason.ALGORITHM_MISMATCH)


def test_a_token_of_another_kind(party: SimulatedRelyingParty) -> None:
    """What was signed for another use, or as something else, is no credential."""
    for typ in ("at+jwt", "vp+jwt", "kb+jwt", "openid4vci-proof+jwt", "JWT"):
        header = {"alg": "EdDSA", "typ": typ, "kid": party.board.method}
        assert party.verify(forged_token(header, party.board.licence())).decision is Decision.REJECT


def test_a_critical_extension(party: SimulatedRelyingParty) -> None:
    header = {"alg": "EdDSA", "typ": "vc+jwt", "kid": party.board.method, "crit": ["b64"], "b64": False}
    assert party.verify(forged_token(header, party.board.licence())).decision is Decision.REJECT


@pytest.mark.parametrize(
    "claims", [{"iss": "did:web:other.example"}, {"sub": "did:example:other"}, {"jti": "urn:uuid:0"}]
)
def test_claims_that_contradict_the_credential(party: SimulatedRelyingParty, claims: dict[str, Any]) -> None:
    header = {"alg": "EdDSA", "typ": "vc+jwt", "kid": party.board.method}
    assert party.verify(forged_token(header, party.board.licence() | claims)).decision is Decision.REJECT


def test_a_token_changed_after_signing(party: SimulatedRelyingParty) -> None:
    token = jose.sign(party.board.licence(), key=party.board.key, kid=party.board.method, typ="vc+jwt")
    header, claims = token_parts(token)
    claims["validUntil"] = "2040-01-01T00:00:00Z"
    changed = forged_token(header, claims).rpartition(".")[0] + "." + token.rpartition(".")[2]
    refused_at_the_proof(party.verify(changed), Reason.SIGNATURE_INVALID)


def test_an_expired_token(party: SimulatedRelyingParty) -> None:
    header = {"alg": "EdDSA", "typ": "vc+jwt", "kid": party.board.method}
    expired = forged_token(header, party.board.licence() | {"exp": 1_700_000_000})
    refused_at_the_proof(party.verify(expired), Reason.PROOF_EXPIRED)


# --- presentations


def test_replaying_a_presentation(party: SimulatedRelyingParty) -> None:
    licence = party.board.sign(party.board.licence(party.nurse.did))
    presentation = party.nurse.present(licence)
    again = party.verify(presentation, challenge="another-challenge", domain=DOMAIN)
    assert again.decision is Decision.REJECT
    assert ended(again, CheckId.HOLDER, None) == (FAILED, Reason.CHALLENGE_MISMATCH)
    assert ended(again, CheckId.HOLDER) == (SKIPPED, Reason.CHALLENGE_MISMATCH)
    elsewhere = party.verify(presentation, challenge=CHALLENGE, domain="https://clinic.example")
    assert ended(elsewhere, CheckId.HOLDER, None) == (FAILED, Reason.DOMAIN_MISMATCH)


@pytest.mark.parametrize("challenge", [None, "c"])
def test_a_presentation_that_answers_nothing(party: SimulatedRelyingParty, challenge: str | None) -> None:
    licence = party.board.sign(party.board.licence(party.nurse.did))
    presentation = party.nurse.present(licence, challenge=challenge)
    verdict = party.verify(presentation, challenge=CHALLENGE)
    assert ended(verdict, CheckId.HOLDER, None) == (FAILED, Reason.CHALLENGE_MISMATCH)


def test_without_a_challenge_the_holder_is_not_proven(party: SimulatedRelyingParty) -> None:
    licence = party.board.sign(party.board.licence(party.nurse.did))
    strict = replace(DEFAULT_POLICY, require_holder=True)
    for presented in (licence, party.nurse.presentation(licence), party.nurse.present(licence)):
        lax = party.verify(presented)
        assert lax.decision is Decision.ACCEPT
        assert ended(lax, CheckId.HOLDER, None) == (Outcome.NOT_APPLICABLE, Reason.HOLDER_NOT_PROVEN)
        verdict = party.verify(presented, strict)
        assert verdict.decision is verdict.credentials[0].decision is Decision.REJECT
        assert ended(verdict, CheckId.HOLDER, None) == (FAILED, Reason.HOLDER_NOT_PROVEN)


def test_an_unsigned_presentation_answers_no_challenge(party: SimulatedRelyingParty) -> None:
    licence = party.board.sign(party.board.licence(party.nurse.did))
    verdict = party.verify(party.nurse.presentation(licence), challenge=CHALLENGE)
    assert verdict.decision is Decision.REJECT


def test_presenting_someone_elses_licence(party: SimulatedRelyingParty) -> None:
    thief = SimulatedWallet("thief")
    licence = party.board.sign(party.board.licence(party.nurse.did))
    presentation = thief.present(licence)
    verdict = party.verify(presentation, challenge=CHALLENGE)
    assert verdict.decision is Decision.REVIEW
    assert ended(verdict, CheckId.HOLDER) == (Outcome.NOT_APPLICABLE, Reason.HOLDER_MISMATCH)
    strict = replace(DEFAULT_POLICY, require_holder=True)
    assert party.verify(presentation, strict, challenge=CHALLENGE).decision is Decision.REJECT


def test_presenting_in_someone_elses_name(party: SimulatedRelyingParty) -> None:
    thief = SimulatedWallet("thief")
    licence = party.board.sign(party.board.licence(party.nurse.did))
    presentation = thief.present(licence, holder=party.nurse.did)
    verdict = party.verify(presentation, challenge=CHALLENGE)
    assert verdict.decision is Decision.REJECT
    assert check_of(verdict, CheckId.PROOF, None).outcome is FAILED


def test_passing_off_a_credentials_proof_as_a_presentations(party: SimulatedRelyingParty) -> None:
    licence = party.board.sign(party.board.licence(party.nurse.did))
    presentation = party.nurse.present(licence, purpose="assertionMethod")
    verdict = party.verify(presentation, challenge=CHALLENGE)
    assert ended(verdict, CheckId.PROOF, None) == (FAILED, Reason.WRONG_PROOF_PURPOSE)


@pytest.mark.parametrize("suite", SUITES)
def test_adding_a_credential_to_a_signed_presentation(party: SimulatedRelyingParty, suite: str) -> None:
    first = party.board.sign(party.board.licence(party.nurse.did), suite)
    presentation = party.nurse.present(first, cryptosuite=suite)
    presentation["verifiableCredential"].append(copy.deepcopy(first) | {"id": "urn:uuid:2"})
    verdict = party.verify(presentation, challenge=CHALLENGE)
    assert ended(verdict, CheckId.PROOF, None) == (FAILED, Reason.SIGNATURE_INVALID)
    assert verdict.decision is Decision.REJECT


def test_a_presentation_inside_a_presentation(party: SimulatedRelyingParty) -> None:
    inner = party.nurse.presentation(party.board.sign(party.board.licence()))
    verdict = party.verify(party.nurse.presentation(inner))
    assert ended(verdict, CheckId.PARSE) == (FAILED, Reason.MALFORMED_CREDENTIAL)


def test_one_bad_credential_hides_and_taints_no_other(party: SimulatedRelyingParty) -> None:
    good = party.board.sign(party.board.licence(party.nurse.did, 1))
    revoked = party.board.sign(party.board.licence(party.nurse.did, 2))
    changed = copy.deepcopy(good)
    changed["credentialSubject"]["licenceNumber"] = "RN-9"
    party.ledger.publish(STATUS_LIST, {2: 1})
    held = [good, revoked, changed, {"nonsense": True}, "eyJ.x.y", good]
    verdict = party.verify(party.nurse.presentation(*held))
    assert verdict.decision is Decision.REJECT
    assert [one.decision for one in verdict.credentials] == [
        Decision.ACCEPT,
        Decision.REJECT,
        Decision.REJECT,
        Decision.REJECT,
        Decision.REJECT,
        Decision.ACCEPT,
    ]
    assert [one.summary is not None for one in verdict.credentials] == [True, True, False, False, False, True]


# --- server-side request forgery


@pytest.mark.parametrize(
    "did",
    [
        "did:web:127.0.0.1",
        "did:web:localhost%3A22",
        "did:web:169.254.169.254:latest:meta-data",
        "did:web:board",
    ],
)
def test_an_issuer_that_names_an_inner_address_is_not_asked_by_default(
    party: SimulatedRelyingParty, did: str
) -> None:
    issuer = SimulatedIssuer("board", did=did)
    verdict = party.verify(issuer.sign(issuer.licence()))
    assert verdict.decision is Decision.INDETERMINATE
    assert ended(verdict, CheckId.PROOF) == (OPEN, Reason.DID_UNRESOLVABLE)
    assert party.web.asked == []


def test_a_presentation_cannot_have_many_servers_asked(party: SimulatedRelyingParty) -> None:
    issuers = [SimulatedIssuer(f"b{i}") for i in range(50)]
    presentation = party.nurse.presentation(*(one.sign(one.licence()) for one in issuers))
    party.verify(presentation, replace(DEFAULT_POLICY, allow_web=True))
    assert len(party.web.asked) == 8


def test_nothing_a_credential_names_is_fetched(party: SimulatedRelyingParty) -> None:
    licence = party.board.licence(
        credentialSchema={"id": "https://attacker.example/schema", "type": "JsonSchema"},
        refreshService={
            "id": "https://attacker.example/refresh",
            "type": "VerifiableCredentialRefreshService2021",
        },
        termsOfUse={"id": "https://attacker.example/terms", "type": "TrustFrameworkPolicy"},
    )
    licence["@context"][1] |= {
        name: f"https://board.example/vocabulary#{name}"
        for name in ("VerifiableCredentialRefreshService2021", "TrustFrameworkPolicy")
    }
    licence["credentialStatus"] = status_entry(7, "http://169.254.169.254/latest")
    verdict = party.verify(party.board.sign(licence), replace(DEFAULT_POLICY, allow_web=True))
    assert ended(verdict, CheckId.PROOF) == (PASSED, Reason.OK)
    assert verdict.decision is Decision.INDETERMINATE
    assert party.web.asked == []


# --- the unsafe policy


def test_the_unsafe_policy_looks_at_the_signature_alone_and_says_so(party: SimulatedRelyingParty) -> None:
    forger = SimulatedIssuer.self_made("forger")
    verdict = party.verify(forger.sign(party.board.licence()), UNSAFE_PROOF_ONLY_POLICY)
    assert "unsafe" in verdict.policy
    assert any("UNSAFE" in note for note in verdict.notes)
    assert ended(verdict, CheckId.POLICY) == (PASSED, Reason.UNSAFE_PROOF_ONLY)
    assert ended(verdict, CheckId.TRUST) == (SKIPPED, Reason.SKIPPED_BY_POLICY)
    changed = forger.sign(party.board.licence()) | {"name": "changed"}
    assert party.verify(changed, UNSAFE_PROOF_ONLY_POLICY).decision is Decision.REJECT
