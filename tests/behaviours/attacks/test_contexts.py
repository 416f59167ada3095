"""Attacks by contexts: injected ones, and terms that drop out of what is signed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from node.verification.reasons import Reason
from node.verification.verdict import CheckId, Outcome
from tests.simulators.policies import DEFAULT_POLICY
from tests.simulators.relying_party import SimulatedRelyingParty, ended, refused_at_the_proof

FAILED = Outcome.FAILED
CREDENTIALS = "https://www.w3.org/2018/credentials#"
SUITES = ["eddsa-rdfc-2022", "eddsa-jcs-2022"]


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
