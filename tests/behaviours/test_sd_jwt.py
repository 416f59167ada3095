"""SD-JWT VCs, end to end: what was signed and shown is read, and nothing else ever is."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from typing import Any

import pytest

from node.crypto import base64url
from node.crypto.public_keys import KeyType
from node.did.jwk import document_of
from node.verification.policy import ANY_ISSUER_POLICY, DEFAULT_POLICY, Policy
from node.verification.proofs.contexts import VCDM_2
from node.verification.proofs.sd_jwt_signing import conceal
from node.verification.reasons import Reason
from node.verification.verdict import CheckId, Decision, Outcome, Verdict
from registry.records import AsOf, StatusPurpose
from tests.simulators import sd_jwt
from tests.simulators.issuer import STATUS_LIST, SimulatedIssuer, key_of
from tests.simulators.relying_party import SimulatedRelyingParty, check_of, ended
from tests.simulators.sd_jwt import NOW, bind, digest, disclosure, issue, keeping, licence_claims, sign_payload
from tests.simulators.wallet import CHALLENGE, DOMAIN, SimulatedWallet

FAILED, PASSED, OPEN = Outcome.FAILED, Outcome.PASSED, Outcome.INDETERMINATE
HOLDER_POLICY = replace(DEFAULT_POLICY, require_holder=True)
ASKED: dict[str, Any] = {"challenge": CHALLENGE, "domain": DOMAIN}


@pytest.fixture
def party() -> SimulatedRelyingParty:
    return SimulatedRelyingParty()


@pytest.fixture
def bound(party: SimulatedRelyingParty) -> str:
    """A licence with all disclosures, bound to the nurse's key."""
    return issue(party.board, licence_claims(party.board, party.nurse.key))


def body_of(verdict: Verdict) -> dict[str, Any]:
    document = verdict.credentials[0].credential
    assert document is not None
    return document


def subject_of(verdict: Verdict) -> dict[str, Any]:
    subject: dict[str, Any] = body_of(verdict)["credentialSubject"]
    return subject


def refused(verdict: Verdict, *reasons: Reason) -> None:
    """Rejected, with none of the content passed on."""
    assert verdict.decision is Decision.REJECT
    failed = {check.reason for check in verdict.checks if check.outcome is FAILED}
    for one in verdict.credentials:
        assert (one.summary, one.credential) == (None, None)
        failed |= {check.reason for check in one.checks if check.outcome is FAILED}
    assert failed
    assert not reasons or failed <= set(reasons), failed


# --- what is genuine


@pytest.mark.parametrize("key_type", [KeyType.ED25519, KeyType.P256])
@pytest.mark.parametrize("typ", ["dc+sd-jwt", "vc+sd-jwt", "application/dc+sd-jwt"])
def test_a_genuine_licence_is_accepted(party: SimulatedRelyingParty, key_type: KeyType, typ: str) -> None:
    board = SimulatedIssuer("college", type_=key_type)
    party.ledger.accredit(board.did)
    party.ledger.pin(board.did, board.document_bytes())
    claims = licence_claims(board, status=None)
    verdict = party.verify(sign_payload(board, claims, typ=typ))
    assert verdict.decision is Decision.ACCEPT
    assert verdict.credentials[0].mechanism == typ.removeprefix("application/")
    summary = verdict.credentials[0].summary
    assert summary is not None
    assert (summary.title, summary.subject_name) == ("Nursing licence", "Ada Okafor")
    assert summary.issuer_recognised_name == "Example Board"
    assert ended(verdict, CheckId.HOLDER, None)[1] is Reason.HOLDER_NOT_PROVEN
    assert party.web.asked == []


@pytest.mark.parametrize("hash_name", ["sha-256", "sha-384", "sha-512"])
def test_all_that_is_disclosed_is_read(party: SimulatedRelyingParty, hash_name: str) -> None:
    compact = issue(party.board, licence_claims(party.board), hash_name=hash_name)
    verdict = party.verify(compact)
    assert verdict.decision is Decision.ACCEPT
    assert subject_of(verdict) == {
        "given_name": "Ada",
        "family_name": "Okafor",
        "licence": {"number": "RN-1", "class": {"name": "RN", "level": 3}},
        "states": ["CO", "WY", {"code": "UT", "since": 2020}],
    }


def test_what_is_withheld_is_not_read(party: SimulatedRelyingParty, bound: str) -> None:
    shown = keeping(bound, lambda one: one[1:2] == ["licence"] or one[1:2] == ["level"])
    verdict = party.verify(bind(shown, party.nurse.key), HOLDER_POLICY, **ASKED)
    assert verdict.decision is Decision.ACCEPT
    assert subject_of(verdict) == {"licence": {"class": {"name": "RN", "level": 3}}, "states": ["WY"]}
    summary = verdict.credentials[0].summary
    assert summary is not None
    assert summary.subject_name == ""


@pytest.mark.parametrize("form", ["text", "string", "enveloped", "presented"])
def test_every_form_of_it(party: SimulatedRelyingParty, bound: str, form: str) -> None:
    envelope = {
        "@context": VCDM_2,
        "type": "EnvelopedVerifiableCredential",
        "id": f"data:application/dc+sd-jwt,{bound}",
    }
    presented: Any = {
        "text": bound.encode() + b"\n",
        "string": json.dumps(bound).encode(),
        "enveloped": envelope,
        "presented": party.nurse.present(envelope, cryptosuite="eddsa-jcs-2022"),
    }[form]
    verdict = party.verify(presented, **(ASKED if form == "presented" else {}))
    assert verdict.decision is Decision.ACCEPT
    if form == "presented":  # by the key it is bound to
        assert ended(verdict, CheckId.HOLDER) == (PASSED, Reason.OK)


def test_presented_by_someone_else(party: SimulatedRelyingParty, bound: str) -> None:
    envelope = {
        "@context": VCDM_2,
        "type": "EnvelopedVerifiableCredential",
        "id": f"data:application/dc+sd-jwt,{bound}",
    }
    presentation = SimulatedWallet("thief").present(envelope, cryptosuite="eddsa-jcs-2022")
    verdict = party.verify(presentation, HOLDER_POLICY, **ASKED)
    assert verdict.decision is Decision.REJECT


def test_a_credential_of_vcdm_secured_as_sd_jwt(party: SimulatedRelyingParty) -> None:
    """VC-JOSE-COSE §3.2."""
    payload, texts = conceal(party.board.licence(index=7), ["/credentialSubject/givenName"])
    compact = sign_payload(party.board, payload, texts, typ="vc+sd-jwt")
    verdict = party.verify(compact)
    assert verdict.decision is Decision.ACCEPT
    assert body_of(verdict) == party.board.licence(index=7)
    verdict = party.verify(keeping(compact, lambda _: False))
    assert verdict.decision is Decision.ACCEPT
    assert "givenName" not in subject_of(verdict)
    party.ledger.publish(STATUS_LIST, {7: 1})
    assert party.verify(compact).decision is Decision.REJECT


# --- the issuer


def test_signed_by_someone_else(party: SimulatedRelyingParty) -> None:
    thief = SimulatedIssuer.self_made("thief")
    claims = licence_claims(party.board)
    refused(party.verify(sign_payload(thief, claims)), Reason.ISSUER_MISMATCH)
    refused(party.verify(sign_payload(thief, claims, kid=party.board.method)), Reason.SIGNATURE_INVALID)


def test_an_algorithm_that_is_not_the_keys(party: SimulatedRelyingParty) -> None:
    claims = licence_claims(party.board)
    refused(party.verify(sign_payload(party.board, claims, alg="ES256")), Reason.ALGORITHM_MISMATCH)
    refused(party.verify(sign_payload(party.board, claims, alg="none")), Reason.ALGORITHM_MISMATCH)
    refused(party.verify(sign_payload(party.board, claims, alg="HS256")), Reason.ALGORITHM_MISMATCH)


def test_a_certificate_is_refused_by_name(party: SimulatedRelyingParty) -> None:
    verdict = party.verify(sign_payload(party.board, licence_claims(party.board), x5c=["MIIB…"]))
    refused(verdict, Reason.KEY_NOT_FOUND)
    assert "x5c" in check_of(verdict, CheckId.PROOF).detail


def test_an_issuer_named_by_a_web_address_cannot_be_checked(party: SimulatedRelyingParty) -> None:
    claims = licence_claims(party.board, iss="https://board.example")
    for policy in (DEFAULT_POLICY, ANY_ISSUER_POLICY):
        verdict = party.verify(sign_payload(party.board, claims), policy)
        assert verdict.decision is Decision.INDETERMINATE
        assert ended(verdict, CheckId.PROOF) == (OPEN, Reason.DID_UNRESOLVABLE)
        assert verdict.credentials[0].credential is None
    assert party.web.asked == []


@pytest.mark.parametrize("method", ["key", "jwk"])
def test_an_issuer_that_is_its_key(party: SimulatedRelyingParty, method: str) -> None:
    anyone = SimulatedIssuer.self_made("anyone")
    if method == "jwk":
        name = base64url.encode(json.dumps(anyone.key.public.to_jwk()).encode())
        anyone.did = f"did:jwk:{name}"
        [anyone.method] = document_of(anyone.did, name).methods
    compact = sign_payload(anyone, licence_claims(anyone, status=None))
    assert party.verify(compact, ANY_ISSUER_POLICY).decision is Decision.REVIEW
    relative = sign_payload(anyone, licence_claims(anyone, status=None), kid="#" + anyone.method.split("#")[1])
    assert party.verify(relative, ANY_ISSUER_POLICY).decision is Decision.REVIEW
    assert party.verify(compact).decision is Decision.REJECT  # nobody accredited it


@pytest.mark.parametrize(
    ("changes", "member"),
    [
        ({"vct": None}, "/vct"),
        ({"vct": 7}, "/vct"),
        ({"vct": ""}, "/vct"),
        ({"vct#integrity": 7}, "/vct#integrity"),
        ({"iss": None}, "/iss"),
        ({"iss": 7}, "/iss"),
        ({"sub": 7}, "/sub"),
        ({"cnf": 7}, "/cnf"),
        ({"cnf": {}}, "/cnf"),
        ({"cnf": {"kid": 7}}, "/cnf"),
        ({"cnf": {"jwk": "x"}}, "/cnf"),
    ],
)
def test_malformed_claims(party: SimulatedRelyingParty, changes: dict[str, Any], member: str) -> None:
    verdict = party.verify(sign_payload(party.board, licence_claims(party.board, **changes)))
    refused(verdict, Reason.MALFORMED_CREDENTIAL)
    assert verdict.checks[0].member == member


@pytest.mark.parametrize("typ", ["JWT", "vc+jwt", "kb+jwt", "sd+jwt", "", 7])
def test_a_type_that_is_no_credential(party: SimulatedRelyingParty, typ: Any) -> None:
    refused(
        party.verify(sign_payload(party.board, licence_claims(party.board), typ=typ)), Reason.UNKNOWN_FORMAT
    )


def test_two_kinds_at_once_hide_a_status(party: SimulatedRelyingParty) -> None:
    """Read as an SD-JWT VC it would have no status, as one of VCDM it is revoked."""
    claims = party.board.licence(index=7) | {"vct": sd_jwt.LICENCE, "iss": party.board.did}
    refused(party.verify(sign_payload(party.board, claims, typ="vc+sd-jwt")), Reason.UNKNOWN_FORMAT)
    party.ledger.publish(STATUS_LIST, {7: 1})
    verdict = party.verify(sign_payload(party.board, claims))
    assert ended(verdict, CheckId.STATUS) == (FAILED, Reason.REVOKED)


# --- dates, status, trust


def test_dates(party: SimulatedRelyingParty) -> None:
    def judged(**claims: Any) -> tuple[Outcome, Reason]:
        return ended(party.verify(issue(party.board, licence_claims(party.board, **claims))), CheckId.VALIDITY)

    assert judged(exp=NOW - 61) == (FAILED, Reason.EXPIRED)
    assert judged(exp=NOW - 30) == (PASSED, Reason.OK)
    assert judged(nbf=NOW + 61) == (FAILED, Reason.NOT_YET_VALID)
    assert judged(nbf=NOW + 0.5, exp=NOW + 9.5) == (PASSED, Reason.OK)
    assert judged(nbf=None, exp=None) == (PASSED, Reason.OK)
    future = party.verify(issue(party.board, licence_claims(party.board, iat=NOW + 61)))
    refused(future, Reason.PROOF_NOT_YET_VALID)
    for broken in ("2027-01-01T00:00:00Z", -1, True, 1e300):
        payload = licence_claims(party.board, exp=broken)
        refused(party.verify(sign_payload(party.board, payload)), Reason.MALFORMED_DATE)


def test_its_status_is_looked_up(party: SimulatedRelyingParty) -> None:
    compact = issue(party.board, licence_claims(party.board))
    assert ended(party.verify(compact), CheckId.STATUS) == (PASSED, Reason.OK)
    then = party.clock.now
    party.clock.advance(60)
    party.ledger.publish(STATUS_LIST, {7: 1})
    assert ended(party.verify(compact), CheckId.STATUS) == (FAILED, Reason.REVOKED)
    assert party.verify(compact, at=AsOf(known_at=then)).decision is Decision.ACCEPT


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ({"status_list": {"idx": 7, "uri": "https://nowhere.example/1"}}, (OPEN, Reason.STATUS_LIST_UNKNOWN)),
        ({"status_list": {"idx": 1 << 24, "uri": STATUS_LIST}}, (FAILED, Reason.STATUS_INDEX_OUT_OF_RANGE)),
        ({"status_list": {"idx": "7", "uri": STATUS_LIST}}, (FAILED, Reason.STATUS_MALFORMED)),
        ({"status_list": {"idx": -1, "uri": STATUS_LIST}}, (FAILED, Reason.STATUS_MALFORMED)),
        ({"status_list": {"idx": True, "uri": STATUS_LIST}}, (FAILED, Reason.STATUS_MALFORMED)),
        ({"status_list": {"idx": 7}}, (FAILED, Reason.STATUS_MALFORMED)),
        ({"status_list": [7]}, (FAILED, Reason.STATUS_MALFORMED)),
        ({"identifier_list": {"id": "aa"}}, (OPEN, Reason.STATUS_TYPE_UNSUPPORTED)),
        ({}, (OPEN, Reason.STATUS_TYPE_UNSUPPORTED)),
        (7, (OPEN, Reason.STATUS_TYPE_UNSUPPORTED)),
    ],
)
def test_a_status_that_cannot_be_read_is_never_passed_over(
    party: SimulatedRelyingParty, status: Any, expected: tuple[Outcome, Reason]
) -> None:
    verdict = party.verify(sign_payload(party.board, licence_claims(party.board, status=status)))
    assert ended(verdict, CheckId.STATUS) == expected
    assert verdict.decision is not Decision.ACCEPT


@pytest.mark.parametrize(
    ("value", "outcome", "reason"),
    [
        (0, PASSED, Reason.OK),
        (1, FAILED, Reason.REVOKED),
        (2, FAILED, Reason.SUSPENDED),
        (3, PASSED, Reason.STATUS_MESSAGE),
    ],
)
def test_values_of_a_list_of_several_bits(
    party: SimulatedRelyingParty, value: int, outcome: Outcome, reason: Reason
) -> None:
    party.ledger.create_list("https://board.example/t", party.board.did, StatusPurpose.MESSAGE, bits=2)
    party.ledger.publish("https://board.example/t", {9: value})
    status = {"status_list": {"idx": 9, "uri": "https://board.example/t"}}
    verdict = party.verify(issue(party.board, licence_claims(party.board, status=status)))
    assert ended(verdict, CheckId.STATUS) == (outcome, reason)


def test_a_list_of_someone_else_or_for_something_else(party: SimulatedRelyingParty) -> None:
    party.ledger.accredit("did:web:other.example")
    party.ledger.create_list("https://other.example/1", "did:web:other.example")
    party.ledger.create_list("https://board.example/r", party.board.did, StatusPurpose.REFRESH)
    for uri, reason in (
        ("https://other.example/1", Reason.STATUS_ISSUER_MISMATCH),
        ("https://board.example/r", Reason.STATUS_PURPOSE_MISMATCH),
    ):
        claims = licence_claims(party.board, status={"status_list": {"idx": 7, "uri": uri}})
        assert ended(party.verify(issue(party.board, claims)), CheckId.STATUS) == (FAILED, reason)


def test_trust_and_policy_go_by_the_type(party: SimulatedRelyingParty) -> None:
    other = issue(party.board, licence_claims(party.board, vct="https://board.example/vct/surgeon"))
    assert ended(party.verify(other), CheckId.TRUST) == (FAILED, Reason.TYPE_NOT_ACCREDITED)
    wanted = Policy("surgeons", accepted_types=frozenset({"https://board.example/vct/surgeon"}))
    assert ended(party.verify(other, wanted), CheckId.POLICY) == (PASSED, Reason.OK)
    licence = issue(party.board, licence_claims(party.board))
    assert ended(party.verify(licence, wanted), CheckId.POLICY) == (FAILED, Reason.TYPE_NOT_REQUESTED)


def test_no_claim_stands_in_for_a_registered_one(party: SimulatedRelyingParty) -> None:
    """Members of VCDM mean nothing in an SD-JWT VC, wherever they come from."""
    posing: dict[str, Any] = {
        "issuer": "did:web:royal.example",
        "type": ["VerifiableCredential", "Surgeon"],
        "validUntil": "2999-01-01T00:00:00Z",
        "credentialSubject": {"id": "did:example:else"},
    }
    claims = licence_claims(party.board, exp=NOW - 61, **posing)
    verdict = party.verify(issue(party.board, claims, tuple(f"/{name}" for name in posing)))
    assert ended(verdict, CheckId.VALIDITY) == (FAILED, Reason.EXPIRED)
    body = body_of(verdict)
    assert body["issuer"] == party.board.did
    assert body["type"] == ["VerifiableCredential", sd_jwt.LICENCE]
    assert posing.items() <= body["credentialSubject"].items()


# --- disclosures: each rule of RFC 9901 §7.1


def test_a_changed_disclosure(party: SimulatedRelyingParty, bound: str) -> None:
    signed, *texts, _ = bound.split("~")
    forged = disclosure("given_name", "Eve")
    for position in range(len(texts)):
        changed = [*texts[:position], forged, *texts[position + 1 :]]
        refused(party.verify("~".join((signed, *changed, ""))), Reason.SIGNATURE_INVALID)
    refused(party.verify("~".join((signed, *texts, forged, ""))), Reason.SIGNATURE_INVALID)


def test_a_disclosure_whose_parent_is_withheld(party: SimulatedRelyingParty, bound: str) -> None:
    refused(party.verify(keeping(bound, lambda one: one[1] == "level")), Reason.SIGNATURE_INVALID)


NAME, ELEMENT = disclosure("given_name", "Eve"), disclosure("Eve")
HIDING = disclosure("a", {"_sd": [digest(NAME)]})


@pytest.mark.parametrize(
    ("claims", "texts"),
    [
        pytest.param({"_sd": digest(NAME)}, [NAME], id="_sd is no list"),
        pytest.param({"_sd": {digest(NAME): 1}}, [NAME], id="_sd is an object"),
        pytest.param({"_sd": [7]}, [], id="a digest is a number"),
        pytest.param({"_sd": [[digest(NAME)]]}, [NAME], id="a digest is a list"),
        pytest.param({"_sd": [digest(NAME), digest(NAME)]}, [NAME], id="a digest twice in one object"),
        pytest.param({"_sd": ["decoy", "decoy"]}, [], id="a decoy twice"),
        pytest.param(
            {"_sd": [digest(NAME)], "a": {"_sd": [digest(NAME)]}}, [NAME], id="a digest in two objects"
        ),
        pytest.param({"a": [{"...": digest(ELEMENT)}] * 2}, [ELEMENT], id="a digest twice in one list"),
        pytest.param({"a": [{"...": "x"}], "_sd": ["x"]}, [], id="a digest as claim and element"),
        pytest.param({"_sd": [digest(NAME), digest(HIDING)]}, [NAME, HIDING], id="again in a disclosure"),
        pytest.param({"_sd": [digest(NAME)]}, [NAME, NAME], id="a disclosure twice"),
        pytest.param({"_sd": [digest(ELEMENT)]}, [ELEMENT], id="an element as a claim"),
        pytest.param({"a": [{"...": digest(NAME)}]}, [NAME], id="a claim as an element"),
        pytest.param({"_sd": [digest(NAME)], "given_name": "Ada"}, [NAME], id="a claim that is there"),
        pytest.param(
            {"_sd": [digest(NAME), digest(disclosure("given_name", "x"))]},
            [NAME, disclosure("given_name", "x")],
            id="two claims of one name",
        ),
        pytest.param({"a": [{"...": "x", "b": 1}]}, [], id="more beside an element's digest"),
        pytest.param({"a": [{"...": 7}]}, [], id="an element's digest is a number"),
        pytest.param({"a": {"...": "x"}}, [], id="an element's digest outside a list"),
        pytest.param({"...": "x"}, [], id="an element's digest at the top"),
        pytest.param({"a": {"_sd_alg": "sha-256"}}, [], id="_sd_alg inside"),
        pytest.param({"_sd_alg": "md5"}, [], id="_sd_alg is weak"),
        pytest.param({"_sd_alg": ["sha-256"]}, [], id="_sd_alg is a list"),
        pytest.param({"_sd_alg": None}, [], id="_sd_alg is null"),
    ],
)
def test_broken_digests(party: SimulatedRelyingParty, claims: dict[str, Any], texts: list[str]) -> None:
    payload = {**licence_claims(party.board, given_name=None), **claims}
    refused(party.verify(sign_payload(party.board, payload, texts)), Reason.MALFORMED_PROOF)


@pytest.mark.parametrize(
    "text",
    [
        disclosure("_sd", ["x"]),
        disclosure("...", "x"),
        disclosure("_sd_alg", "sha-256"),
        disclosure(7, "x"),
        disclosure(None, "x"),
        disclosure(),
        disclosure("a", "b", "c"),
        base64url.encode(b'{"salt":1,"name":2,"value":3}'),
        base64url.encode(b'[7,"given_name","Eve"]'),
        base64url.encode(b'["salt","given_name","Eve"'),
        base64url.encode(b'["salt","given_name",{"a":1,"a":2}]'),
        base64url.encode(b"\xff\xfe"),
        NAME + "=",
        NAME[:-1],
        " " + NAME,
        "",
    ],
)
def test_broken_disclosures(party: SimulatedRelyingParty, text: str) -> None:
    payload = licence_claims(party.board, given_name=None) | {"_sd": [digest(text)]}
    refused(party.verify(sign_payload(party.board, payload, [text])))


@pytest.mark.parametrize("name", ["iss", "nbf", "exp", "cnf", "vct", "vct#integrity", "status"])
def test_what_policy_reads_cannot_be_withheld(party: SimulatedRelyingParty, name: str) -> None:
    """Else a holder would leave out the end of the validity, or the way to revoke it."""
    value = {"status": {"status_list": {"idx": 7, "uri": STATUS_LIST}}, "nbf": NOW, "exp": NOW + 9}.get(
        name, "x"
    )
    text = disclosure(name, value)
    payload = licence_claims(party.board, **{name: None}) | {"_sd": [digest(text)]}
    refused(party.verify(sign_payload(party.board, payload, [text])))
    if name in {"cnf", "status"}:
        for hidden in ({"_sd": ["x"]}, {"a": [{"...": "x"}]}, {"status_list": {"_sd": ["x"]}}):
            payload = licence_claims(party.board) | {name: {"jwk": {}} | hidden}
            refused(party.verify(sign_payload(party.board, payload)), Reason.MALFORMED_PROOF)


@pytest.mark.parametrize("name", ["credentialStatus", "validUntil", "type", "issuer", "@context"])
def test_nor_what_it_reads_of_vcdm(party: SimulatedRelyingParty, name: str) -> None:
    payload = party.board.licence(index=7)
    text = disclosure(name, payload.pop(name))
    compact = sign_payload(party.board, payload | {"_sd": [digest(text)]}, [text], typ="vc+sd-jwt")
    refused(party.verify(compact))
    payload = party.board.licence(index=7) | {"credentialStatus": [{"...": digest(text)}]}
    refused(party.verify(sign_payload(party.board, payload, typ="vc+sd-jwt")), Reason.MALFORMED_PROOF)


def test_decoys_are_passed_over(party: SimulatedRelyingParty) -> None:
    payload = licence_claims(party.board, a={"_sd": ["x", "y"]}, b=[{"...": "z"}, 1]) | {"_sd": ["w"]}
    verdict = party.verify(sign_payload(party.board, payload))
    assert verdict.decision is Decision.ACCEPT
    subject = subject_of(verdict)
    assert (subject["a"], subject["b"], "_sd" in subject) == ({}, [1], False)


# --- bounded


def test_too_many_disclosures(party: SimulatedRelyingParty) -> None:
    texts = [disclosure(f"c{number}", number) for number in range(1001)]
    payload = licence_claims(party.board) | {"_sd": [digest(text) for text in texts]}
    refused(party.verify(sign_payload(party.board, payload, texts)), Reason.TOO_MANY_VALUES)
    payload["_sd"].pop()
    assert party.verify(sign_payload(party.board, payload, texts[:-1])).decision is Decision.ACCEPT
    refused(party.verify("eyJ" + "~" * 500_000), Reason.TOO_MANY_VALUES)


def test_disclosures_deep_inside_one_another(party: SimulatedRelyingParty) -> None:
    texts = [disclosure("c", 1)]
    for _ in range(60):
        texts.append(disclosure("c", {"_sd": [digest(texts[-1])]}))
    payload = licence_claims(party.board) | {"_sd": [digest(texts[-1])]}
    refused(party.verify(sign_payload(party.board, payload, texts)), Reason.TOO_DEEP)


# --- key binding


def test_the_holder_is_proven_by_key_binding(party: SimulatedRelyingParty, bound: str) -> None:
    verdict = party.verify(bind(bound, party.nurse.key), HOLDER_POLICY, **ASKED)
    assert verdict.decision is Decision.ACCEPT
    assert ended(verdict, CheckId.HOLDER, None) == (PASSED, Reason.OK)


def test_the_holders_key_named_by_a_did(party: SimulatedRelyingParty) -> None:
    compact = issue(party.board, licence_claims(party.board, cnf={"kid": party.nurse.method}))
    verdict = party.verify(bind(compact, party.nurse.key), HOLDER_POLICY, **ASKED)
    assert verdict.decision is Decision.ACCEPT
    refused_ = party.verify(bind(compact, key_of("thief")), HOLDER_POLICY, **ASKED)
    assert ended(refused_, CheckId.HOLDER, None) == (FAILED, Reason.SIGNATURE_INVALID)


@pytest.mark.parametrize("kid", ["key-1", "did:web:nobody.example#key-1"])
def test_a_holders_key_that_cannot_be_had(party: SimulatedRelyingParty, kid: str) -> None:
    compact = issue(party.board, licence_claims(party.board, cnf={"kid": kid}))
    verdict = party.verify(bind(compact, party.nurse.key), HOLDER_POLICY, **ASKED)
    assert check_of(verdict, CheckId.HOLDER, None).outcome is OPEN
    assert verdict.decision is Decision.INDETERMINATE


def test_without_key_binding_the_holder_is_not_proven(party: SimulatedRelyingParty, bound: str) -> None:
    assert party.verify(bound).decision is Decision.ACCEPT
    verdict = party.verify(bound, HOLDER_POLICY, **ASKED)
    assert (verdict.decision, ended(verdict, CheckId.HOLDER, None)) == (
        Decision.REJECT,
        (FAILED, Reason.HOLDER_NOT_PROVEN),
    )


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"nonce": "another"}, Reason.CHALLENGE_MISMATCH),
        ({"aud": "https://elsewhere.example"}, Reason.DOMAIN_MISMATCH),
        ({"iat": NOW - 61}, Reason.PROOF_EXPIRED),
        ({"iat": NOW + 61}, Reason.PROOF_NOT_YET_VALID),
        ({"exp": NOW - 61}, Reason.PROOF_EXPIRED),
        ({"sd_hash": "x"}, Reason.SIGNATURE_INVALID),
    ],
)
def test_key_binding_for_something_else(
    party: SimulatedRelyingParty, bound: str, claims: dict[str, Any], reason: Reason
) -> None:
    verdict = party.verify(bind(bound, party.nurse.key, **claims), **ASKED)
    assert ended(verdict, CheckId.HOLDER, None) == (FAILED, reason)
    assert verdict.decision is Decision.REJECT


@pytest.mark.parametrize(
    ("header", "claims"),
    [
        ({"typ": "JWT"}, {}),
        ({"typ": "dc+sd-jwt"}, {}),
        ({"alg": "none"}, {}),
        ({"crit": ["exp"]}, {}),
        ({}, {"nonce": None}),
        ({}, {"nonce": 7}),
        ({}, {"aud": None}),
        ({}, {"aud": ["a", DOMAIN]}),
        ({}, {"iat": None}),
        ({}, {"iat": "now"}),
        ({}, {"sd_hash": None}),
        ({}, {"sd_hash": ["x"]}),
    ],
)
def test_malformed_key_binding(
    party: SimulatedRelyingParty, bound: str, header: dict[str, Any], claims: dict[str, Any]
) -> None:
    refused(party.verify(bind(bound, party.nurse.key, header, **claims), **ASKED))


def test_key_binding_by_another_key(party: SimulatedRelyingParty, bound: str) -> None:
    thief = key_of("thief")
    for header in ({}, {"jwk": thief.public.to_jwk()}, {"kid": SimulatedWallet("thief").method}):
        verdict = party.verify(bind(bound, thief, header), **ASKED)
        assert ended(verdict, CheckId.HOLDER, None) == (FAILED, Reason.SIGNATURE_INVALID)
        assert verdict.decision is Decision.REJECT
    other = party.verify(bind(bound, key_of("thief", KeyType.P256)), **ASKED)
    assert ended(other, CheckId.HOLDER, None) == (FAILED, Reason.ALGORITHM_MISMATCH)


def test_key_binding_of_a_credential_bound_to_nobody(party: SimulatedRelyingParty) -> None:
    compact = issue(party.board, licence_claims(party.board))
    verdict = party.verify(bind(compact, party.nurse.key), **ASKED)
    assert ended(verdict, CheckId.HOLDER, None) == (FAILED, Reason.HOLDER_MISMATCH)


def test_key_binding_covers_what_is_shown(party: SimulatedRelyingParty, bound: str) -> None:
    """A thief may neither add a disclosure to what a holder signed, nor take one away."""
    signed, *texts, _ = bound.split("~")
    kept = "~".join((signed, *texts[:-1], ""))
    proof = bind(kept, party.nurse.key).rpartition("~")[2]
    verdict = party.verify(bound + proof, **ASKED)
    assert ended(verdict, CheckId.HOLDER, None) == (FAILED, Reason.SIGNATURE_INVALID)


def test_key_binding_of_another_credential(party: SimulatedRelyingParty, bound: str) -> None:
    other = issue(party.board, licence_claims(party.board, party.nurse.key, given_name="Eve"))
    proof = bind(other, party.nurse.key).rpartition("~")[2]
    verdict = party.verify(bound + proof, **ASKED)
    assert ended(verdict, CheckId.HOLDER, None) == (FAILED, Reason.SIGNATURE_INVALID)


def test_key_binding_without_a_challenge_proves_nothing(party: SimulatedRelyingParty, bound: str) -> None:
    old = bind(bound, party.nurse.key, iat=NOW - 1_000_000)
    verdict = party.verify(old)
    assert verdict.decision is Decision.ACCEPT
    assert ended(verdict, CheckId.HOLDER, None)[1] is Reason.HOLDER_NOT_PROVEN
    assert party.verify(bind(bound, party.nurse.key), HOLDER_POLICY).decision is Decision.REJECT
    assert party.verify(bind(bound, key_of("thief"))).decision is Decision.REJECT


def test_key_binding_inside_a_presentation_counts(party: SimulatedRelyingParty, bound: str) -> None:
    def presented(compact: str) -> Verdict:
        envelope = {
            "@context": VCDM_2,
            "type": "EnvelopedVerifiableCredential",
            "id": f"data:application/dc+sd-jwt,{compact}",
        }
        return party.verify(party.nurse.present(envelope, cryptosuite="eddsa-jcs-2022"), **ASKED)

    assert ended(presented(bind(bound, party.nurse.key)), CheckId.HOLDER) == (PASSED, Reason.OK)
    verdict = presented(bind(bound, key_of("thief")))
    assert ended(verdict, CheckId.HOLDER) == (FAILED, Reason.SIGNATURE_INVALID)
    assert verdict.decision is Decision.REJECT


# --- every byte


def test_no_byte_can_be_changed(party: SimulatedRelyingParty, bound: str) -> None:
    """Walks one presentation with disclosures and key binding; no change of any character is accepted."""
    shown = keeping(bound, lambda one: one[1:2] != ["family_name"])
    genuine = bind(shown, party.nurse.key)

    async def accepted() -> list[int]:
        found = []
        for position, character in enumerate(genuine):
            for other in {"A", "B", "~", "."} - {character}:
                twin = genuine[:position] + other + genuine[position + 1 :]
                verdict = await party.service.verify(twin.encode(), policy=HOLDER_POLICY, **ASKED)
                if verdict.decision is Decision.ACCEPT:
                    found.append(position)
                    break
                assert verdict.decision in {Decision.REJECT, Decision.INDETERMINATE}
            twin = genuine[:position] + genuine[position + 1 :]
            verdict = await party.service.verify(twin.encode(), policy=HOLDER_POLICY, **ASKED)
            if verdict.decision is Decision.ACCEPT:
                found.append(position)
        return found

    assert party.verify(genuine, HOLDER_POLICY, **ASKED).decision is Decision.ACCEPT
    assert asyncio.run(accepted()) == []
