"""What wallets wrote before Data Integrity 1.0, on VCDM 1.1, from bytes to verdict."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from typing import Any

import pytest

from node.crypto import base64url
from node.verification.proofs.contexts import VCDM_1
from node.verification.reasons import Reason
from node.verification.verdict import CheckId, Decision, Outcome, Verdict
from tests.simulators.issuer import STATUS_LIST
from tests.simulators.legacy import SIGNERS, LegacySigner
from tests.simulators.policies import DEFAULT_POLICY
from tests.simulators.relying_party import SimulatedRelyingParty, ended
from tests.simulators.wallet import CHALLENGE, DOMAIN

HELD = (Outcome.PASSED, Reason.OK)
Document = dict[str, Any]


class Board:
    """A party whose board publishes the one key of a legacy signer."""

    def __init__(self, signer: LegacySigner) -> None:
        self.signer = signer
        self.party = SimulatedRelyingParty()
        self.did = self.party.board.did
        self.method = f"{self.did}#0"
        document = {
            "id": self.did,
            "verificationMethod": [{"id": self.method, "controller": self.did, **signer.method}],
            "assertionMethod": [self.method],
        }
        self.party.ledger.pin(self.did, json.dumps(document).encode())

    def licence(self, index: int | None = None, **members: Any) -> Document:
        licence = self.party.board.licence_1_1(self.party.nurse.did, **members)
        contexts = [VCDM_1, licence["@context"][2]]
        if self.signer.context:
            contexts.insert(1, self.signer.context)
        if index is not None:
            contexts.insert(1, "https://w3id.org/vc/status-list/2021/v1")
            licence["credentialStatus"] = {
                "id": f"{STATUS_LIST}#{index}",
                "type": "StatusList2021Entry",
                "statusPurpose": "revocation",
                "statusListIndex": str(index),
                "statusListCredential": STATUS_LIST,
            }
        return {**licence, "@context": contexts}

    def signed(self, document: Document | None = None, **options: Any) -> Document:
        return copy.deepcopy(self.signer.prove(document or self.licence(), self.method, **options))

    def reason(self, document: Document) -> Reason:
        verdict = self.party.verify(document)
        assert verdict.decision is not Decision.ACCEPT
        assert verdict.credentials[0].summary is None
        return ended(verdict, CheckId.PROOF)[1]


@pytest.fixture(params=SIGNERS)
def board(request: pytest.FixtureRequest) -> Board:
    return Board(SIGNERS[request.param])


def test_a_genuine_licence(board: Board) -> None:
    verdict = board.party.verify(board.signed(board.licence(7)))
    assert verdict.decision is Decision.ACCEPT, verdict
    assert verdict.credentials[0].mechanism == board.signer.suite
    assert ended(verdict, CheckId.PROOF) == ended(verdict, CheckId.STATUS) == HELD
    assert board.party.web.asked == []


def test_what_was_changed_since(board: Board) -> None:
    signed = board.signed(board.licence(7))
    changes: list[tuple[tuple[str, ...], Any]] = [
        (("credentialSubject", "licenceNumber"), "RN-2"),
        (("credentialSubject", "id"), "did:example:other"),
        (("expirationDate",), "2040-01-01T00:00:00Z"),
        (("credentialStatus", "statusListIndex"), "8"),
        (("type",), ["VerifiableCredential"]),
        (("proof", "created"), "2026-03-01T00:00:00Z"),
        (("proof", "domain"), "hospital.example"),
    ]
    for path, value in changes:
        changed = copy.deepcopy(signed)
        place = changed
        for name in path[:-1]:
            place = place[name]
        place[path[-1]] = value
        assert board.reason(changed) is Reason.SIGNATURE_INVALID, path


def test_dates_status_and_keys_are_judged_as_ever(board: Board) -> None:
    party = board.party
    over = board.signed({**board.licence(), "expirationDate": "2026-03-01T00:00:00Z"})
    assert ended(party.verify(over), CheckId.VALIDITY) == (Outcome.FAILED, Reason.EXPIRED)
    revoked = board.signed(board.licence(7))
    party.ledger.publish(STATUS_LIST, {7: 1})
    assert ended(party.verify(revoked), CheckId.STATUS) == (Outcome.FAILED, Reason.REVOKED)
    assert board.reason(board.signed(expires="2026-10-01T00:00:00Z")) is Reason.PROOF_EXPIRED
    assert board.reason(board.signed(proofPurpose="authentication")) is Reason.WRONG_PROOF_PURPOSE
    elsewhere = board.signer.prove(board.licence(), "did:web:other.example#0")
    assert board.reason(elsewhere) is Reason.ISSUER_MISMATCH
    unlisted = board.signer.prove(board.licence(), f"{board.did}#1")
    assert board.reason(unlisted) is Reason.KEY_NOT_FOUND


def test_our_own_context_screen_stands_before_it(board: Board) -> None:
    signed = board.signed()
    fetched = copy.deepcopy(signed)
    fetched["@context"].append("https://attacker.example/context")
    assert board.reason(fetched) is Reason.UNKNOWN_CONTEXT
    injected = copy.deepcopy(signed)
    injected["@context"].append({"licenceNumber": None})
    injected["credentialSubject"]["licenceNumber"] = "forged"
    assert board.reason(injected) is Reason.UNSAFE_CONTEXT
    added = copy.deepcopy(signed)
    added["credentialSubject"]["degree"] = "forged"
    assert board.reason(added) is Reason.UNSIGNED_CONTENT
    respelled = copy.deepcopy(signed)
    date = {
        "@type": "http://www.w3.org/2001/XMLSchema#dateTime",
        "@value": respelled.pop("expirationDate"),
    }
    respelled["https://www.w3.org/2018/credentials#expirationDate"] = date
    assert board.reason(respelled) is Reason.RESPELLED_MEMBER
    assert board.party.web.asked == []


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "{alg}", "b64": True, "crit": ["b64"]},
        {"alg": "{alg}", "b64": False},
        {"alg": "{alg}", "crit": ["b64"]},
        {"alg": "{alg}", "b64": False, "crit": ["b64", "exp"]},
        {"alg": "{alg}", "b64": False, "crit": ["b64"], "kid": "x"},
        {"alg": "{alg}", "b64": False, "crit": ["b64"], "jwk": {}},
        {"alg": "none", "b64": False, "crit": ["b64"]},
        {"alg": "HS256", "b64": False, "crit": ["b64"]},
        {"alg": ["{alg}"], "b64": False, "crit": ["b64"]},
        {"alg": "{another suite's}", "b64": False, "crit": ["b64"]},
        {"alg": "ES512", "b64": False, "crit": ["b64"]},
    ],
)
def test_headers_that_say_something_else(board: Board, header: Document) -> None:
    if header["alg"] == "{alg}":
        header = {**header, "alg": board.signer.alg}
    if header["alg"] == "{another suite's}":
        header = {**header, "alg": "ES256K" if board.signer.alg == "ES256K-R" else "ES256K-R"}
    assert board.reason(board.signed(header=header)) in (Reason.MALFORMED_PROOF, Reason.ALGORITHM_MISMATCH)


def test_signatures_of_another_form(board: Board) -> None:
    signed = board.signed()
    head, _, signature = signed["proof"]["jws"].split(".")
    attached = base64url.encode(b"{}")
    for jws in (
        None,
        7,
        "",
        signature,
        f"{head}.{signature}",
        f"{head}.{attached}.{signature}",
        f"{head}..{signature}.",
        f"{head}..{signature}=",
        f"..{signature}",
        f"{head}..",
        f"{head}..{'A' * 100_000}",
        f"{head}..{signature}\u00e9",
        f"{base64url.encode(b'[]')}..{signature}",
    ):
        signed["proof"]["jws"] = jws
        assert board.reason(signed) in (Reason.MALFORMED_PROOF, Reason.SIGNATURE_INVALID), jws
    signed["proof"]["proofValue"] = "z" + "1" * 64
    assert board.reason(signed) is Reason.MALFORMED_PROOF
    del signed["proof"]["jws"]
    assert board.reason(signed) is Reason.MALFORMED_PROOF


def test_a_suite_does_not_pass_for_another(board: Board) -> None:
    """The type of the proof is signed, and so is the context it has its meaning from."""
    for other in {one.suite for one in SIGNERS.values()} - {board.signer.suite}:
        changed = board.signed()
        changed["proof"]["type"] = other
        assert board.reason(changed) in (
            Reason.SIGNATURE_INVALID,
            Reason.ALGORITHM_MISMATCH,
            Reason.UNSIGNED_CONTENT,
            Reason.KEY_NOT_FOUND,
        )


@pytest.mark.parametrize("name", [name for name in SIGNERS if "account" not in name])
def test_a_presentation(name: str) -> None:
    """Presented with the suite itself, by whoever holds that key; judged by challenge, domain and holder."""
    board = Board(SIGNERS[name])
    party, holder = board.party, "did:web:nurse.example"
    method = f"{holder}#0"
    document = {
        "id": holder,
        "verificationMethod": [{"id": method, "controller": holder, **board.signer.method}],
        "authentication": [method],
    }
    party.ledger.pin(holder, json.dumps(document).encode())
    licence = board.licence()
    licence["credentialSubject"]["id"] = holder
    presentation: Document = {
        "@context": [VCDM_1, *([board.signer.context] if board.signer.context else [])],
        "type": ["VerifiablePresentation"],
        "holder": holder,
        "verifiableCredential": [board.signed(licence)],
    }
    asked = {"challenge": CHALLENGE, "domain": DOMAIN}
    presented = board.signer.prove(presentation, method, proofPurpose="authentication", **asked)
    strict = replace(DEFAULT_POLICY, require_holder=True)

    def judged(document: Document, **asked: str) -> Verdict:
        return party.verify(document, strict, **asked)

    assert judged(presented, **asked).decision is Decision.ACCEPT
    assert judged(presented, challenge="another").decision is Decision.REJECT
    assert judged(presented, challenge=CHALLENGE, domain="https://other.example").decision is Decision.REJECT
    swapped = copy.deepcopy(presented)
    swapped["verifiableCredential"][0]["credentialSubject"]["licenceNumber"] = "RN-2"
    assert judged(swapped, **asked).decision is Decision.REJECT


@pytest.mark.parametrize("name", ["JsonWebSignature2020 ES256", "EcdsaSecp256k1RecoverySignature2020 key"])
def test_a_proof_may_name_the_context_of_its_suite_alone(name: str) -> None:
    """As didkit writes it: the document need not name the suite's context then."""
    board = Board(replace(SIGNERS[name], context=""))
    signed = board.signed(**{"@context": [SIGNERS[name].context]})
    assert board.party.verify(signed).decision is Decision.ACCEPT
    for other in ([VCDM_1], "https://attacker.example/context", [SIGNERS[name].context, {}], None):
        assert (
            board.reason({**signed, "proof": {**signed["proof"], "@context": other}}) is Reason.MALFORMED_PROOF
        )
    del signed["proof"]["@context"]
    assert board.reason(signed) is Reason.UNSIGNED_CONTENT
