"""Attacks on what stands beside the signature: the same for all mechanisms, and tried with all."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from node.crypto import base64url
from node.verification.proofs import jose
from node.verification.reasons import Reason
from node.verification.verdict import CheckId, Decision, Outcome, Verdict
from tests.behaviours.attack_matrix.attacks import POLICIES
from tests.behaviours.attack_matrix.changes import respell_end
from tests.behaviours.attack_matrix.presenting import Presented, held, judged
from tests.simulators.envelopes import enveloped
from tests.simulators.issuer import STATUS_LIST
from tests.simulators.mechanism import Mechanism
from tests.simulators.mechanisms import MECHANISMS
from tests.simulators.policies import DEFAULT_POLICY
from tests.simulators.relying_party import SimulatedRelyingParty
from tests.simulators.wallet import CHALLENGE, DOMAIN


@pytest.fixture(params=MECHANISMS)
def mechanism(request: pytest.FixtureRequest) -> Mechanism:
    return MECHANISMS[request.param]


def status_of(verdict: Verdict) -> tuple[Outcome, Reason]:
    check = next(one for one in verdict.credentials[0].checks if one.id is CheckId.STATUS)
    return check.outcome, check.reason


def test_fail_open_status(mechanism: Mechanism) -> None:
    """A list nobody knows, and a ledger that was lost: neither good nor revoked."""
    board = mechanism.board()
    unknown = mechanism.licence(board, uri="https://board.example/status-lists/404")
    verdict = judged(board, mechanism.secured(board, unknown), replace(DEFAULT_POLICY, allow_web=True))
    assert verdict.decision is Decision.INDETERMINATE
    assert status_of(verdict) == (Outcome.INDETERMINATE, Reason.STATUS_LIST_UNKNOWN)
    known = mechanism.secured(board)
    board.party.clock.advance(DEFAULT_POLICY.max_replica_age + 60)
    verdict = judged(board, known)
    assert verdict.decision is not Decision.ACCEPT
    assert status_of(verdict)[0] is Outcome.INDETERMINATE
    assert board.party.web.asked == []


def test_a_revoked_one(mechanism: Mechanism) -> None:
    board = mechanism.board()
    secured = mechanism.secured(board)
    assert judged(board, secured).decision is Decision.ACCEPT
    board.party.ledger.publish(STATUS_LIST, {7: 1})
    verdict = judged(board, secured)
    assert verdict.decision is Decision.REJECT
    assert status_of(verdict) == (Outcome.FAILED, Reason.REVOKED)


def test_a_status_list_of_someone_else(mechanism: Mechanism) -> None:
    board = mechanism.board()
    other = "https://other.example/status-lists/1"
    board.party.ledger.accredit("did:web:other.example")
    board.party.ledger.create_list(other, "did:web:other.example")
    verdict = judged(board, mechanism.secured(board, mechanism.licence(board, uri=other)))
    assert verdict.decision is Decision.REJECT
    assert status_of(verdict) == (Outcome.FAILED, Reason.STATUS_ISSUER_MISMATCH)


@pytest.mark.parametrize(
    "issuer", ["did:web:127.0.0.1", "did:web:169.254.169.254:latest", "did:web:localhost%3A22"]
)
def test_an_issuer_at_an_inner_address(mechanism: Mechanism, issuer: str) -> None:
    board = mechanism.board()
    document = mechanism.licence(board)
    document["issuer"] = {"id": issuer} if isinstance(document["issuer"], dict) else issuer
    board.method = f"{issuer}#0"
    board.did = issuer
    verdict = judged(board, mechanism.secured(board, document))
    assert verdict.decision is Decision.INDETERMINATE
    assert board.party.web.asked == []


def test_nothing_presented(mechanism: Mechanism) -> None:
    """An empty set is never a pass: in the kind of presentation that carries this mechanism."""
    party = mechanism.board().party
    nurse = party.nurse
    suites = ("eddsa-rdfc-2022", "eddsa-jcs-2022")
    empty: list[Presented] = [nurse.presentation(), *(nurse.present(cryptosuite=suite) for suite in suites)]
    asked = {"nonce": CHALLENGE, "aud": DOMAIN}
    empty.append(jose.sign(nurse.presentation() | asked, key=nurse.key, kid=nurse.method, typ="vp+jwt"))
    for presented in empty:
        for policy in POLICIES:
            verdict = party.verify(presented, policy, challenge=CHALLENGE, domain=DOMAIN)
            assert verdict.decision is Decision.REJECT


# What brings its holder's own signature is presented alone: sd_jwt/
@pytest.mark.parametrize("mechanism", [one.name for one in MECHANISMS.values() if not one.bound], indirect=True)
def test_one_bad_one_taints_no_other(mechanism: Mechanism) -> None:
    board = mechanism.board()
    party: SimulatedRelyingParty = board.party
    good = mechanism.secured(board)
    bad = held(mechanism, board, respell_end)
    verdict = party.verify(party.nurse.presentation(*(_carried(one) for one in (good, bad, good))))
    decisions = [one.decision for one in verdict.credentials]
    assert decisions[0] is decisions[2] is Decision.ACCEPT
    assert decisions[1] in {Decision.REJECT, Decision.INDETERMINATE}
    assert verdict.decision is decisions[1]


def _carried(secured: Presented) -> Presented:
    if isinstance(secured, dict):
        return secured
    kind = "vc+sd-jwt" if "~" in secured else "vc+jwt"
    if kind == "vc+jwt" and json.loads(base64url.decode(secured.split(".")[0])).get("typ") == "JWT":
        return secured
    return enveloped(kind, secured)
