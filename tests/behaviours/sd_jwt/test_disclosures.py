"""SD-JWT VCs: disclosures, by each rule of RFC 9901 §7.1."""

from __future__ import annotations

from typing import Any

import pytest

from node.crypto import base64url
from node.verification.reasons import Reason
from node.verification.verdict import Decision
from tests.simulators.issuer import STATUS_LIST
from tests.simulators.relying_party import SimulatedRelyingParty
from tests.simulators.sd_jwt import (
    NOW,
    digest,
    disclosure,
    keeping,
    licence_claims,
    refused,
    sign_payload,
    subject_of,
)


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
