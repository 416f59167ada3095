"""SD-JWT VCs: who signed them, and claims that name an issuer or a type."""

from __future__ import annotations

import json
from typing import Any

import pytest

from node.crypto import base64url
from node.did.jwk import document_of
from node.verification.reasons import Reason
from node.verification.verdict import CheckId, Decision, Outcome
from tests.simulators import sd_jwt
from tests.simulators.issuer import STATUS_LIST, SimulatedIssuer
from tests.simulators.policies import ANY_ISSUER_POLICY, DEFAULT_POLICY
from tests.simulators.relying_party import SimulatedRelyingParty, check_of, ended
from tests.simulators.sd_jwt import (
    licence_claims,
    refused,
    sign_payload,
)

FAILED, OPEN = Outcome.FAILED, Outcome.INDETERMINATE


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
