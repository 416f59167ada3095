"""Attacks by server-side request forgery."""

from __future__ import annotations

from dataclasses import replace

import pytest

from node.verification.reasons import Reason
from node.verification.verdict import CheckId, Decision, Outcome
from tests.simulators.issuer import SimulatedIssuer, status_entry
from tests.simulators.policies import DEFAULT_POLICY
from tests.simulators.relying_party import SimulatedRelyingParty, ended

PASSED, OPEN = Outcome.PASSED, Outcome.INDETERMINATE


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
