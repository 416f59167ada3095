from __future__ import annotations

import copy
import threading
from collections.abc import Mapping
from typing import Any

import pytest

from node.crypto.public_keys import KeyType
from node.verification.proofs.contexts import Contexts
from node.verification.proofs.data_integrity.data_integrity import DataIntegrity
from node.verification.proofs.data_integrity.general import InThisProcess
from node.verification.proofs.data_integrity.statements import Quad
from node.verification.reasons import Reason
from node.verification.refusals import Refused
from tests.simulators.checked import check, reason
from tests.simulators.signers import NOW, VCDM_1, Signer, fixture, licence, only, presentation

BOARD, OTHER, NURSE = Signer(1), Signer(2), Signer(3)
SUITES = ["eddsa-rdfc-2022", "eddsa-jcs-2022"]
DOMAIN = "https://hospital.example"
Document = dict[str, Any]


def sign(integrity: DataIntegrity, document: Document, signer: Signer = BOARD, **options: Any) -> Document:
    return integrity.sign(
        document,
        key=signer.key,
        verification_method=signer.method,
        **{"cryptosuite": "eddsa-rdfc-2022", "created": NOW, **options},
    )


@pytest.mark.parametrize("suite", SUITES)
def test_round_trip(integrity: DataIntegrity, suite: str) -> None:
    document = licence(BOARD.did)
    before = copy.deepcopy(document)
    signed = sign(integrity, document, cryptosuite=suite)
    result = check(integrity, signed)
    assert document == before
    assert signed["proof"]["created"] == "2027-01-15T08:00:00Z"
    assert (result.method.id, result.cryptosuite, result.created) == (BOARD.method, suite, NOW)
    assert result.proof == signed["proof"]


@pytest.mark.parametrize(
    "name", ["licence.json", "licence-jcs.json", "licence-vcdm11.json", "welding-certificate.json"]
)
def test_what_another_implementation_signed(integrity: DataIntegrity, name: str) -> None:
    check(integrity, fixture(name))


@pytest.mark.parametrize("suite", SUITES)
def test_presentations_answer_a_challenge(integrity: DataIntegrity, suite: str) -> None:
    held = sign(integrity, licence(BOARD.did), cryptosuite=suite)
    asked = {"purpose": "authentication", "challenge": "c-1", "domain": DOMAIN}
    signed = sign(integrity, presentation(NURSE.did, held), NURSE, cryptosuite=suite, **asked)
    check(integrity, signed, **asked)
    check(integrity, signed, purpose="authentication")
    assert reason(integrity, signed) is Reason.WRONG_PROOF_PURPOSE
    assert reason(integrity, signed, **{**asked, "challenge": "c-2"}) is Reason.CHALLENGE_MISMATCH
    assert reason(integrity, signed, **{**asked, "domain": "https://x.example"}) is Reason.DOMAIN_MISMATCH
    silent = sign(integrity, presentation(NURSE.did, held), NURSE, cryptosuite=suite, purpose="authentication")
    assert reason(integrity, silent, **{**asked, "domain": None}) is Reason.CHALLENGE_MISMATCH
    assert reason(integrity, silent, **{**asked, "challenge": None}) is Reason.DOMAIN_MISMATCH
    signed["proof"]["challenge"] = "c-2"
    assert reason(integrity, signed, **{**asked, "challenge": "c-2"}) is Reason.SIGNATURE_INVALID


def test_dates_of_the_proof(integrity: DataIntegrity) -> None:
    signed = sign(integrity, licence(BOARD.did))
    assert reason(integrity, signed, now=NOW - 61, skew=60) is Reason.PROOF_NOT_YET_VALID
    check(integrity, signed, now=NOW - 60, skew=60)
    signed["proof"]["expires"] = "2027-01-15T07:00:00Z"
    assert reason(integrity, signed) is Reason.PROOF_EXPIRED
    signed["proof"]["expires"] = "soon"
    assert reason(integrity, signed) is Reason.MALFORMED_DATE


def test_an_expiry_cannot_be_hidden(integrity: DataIntegrity) -> None:
    """`expires` respelled inside the proof would leave its quads as they are."""
    signed = sign(integrity, licence(BOARD.did))
    signed["proof"]["https://w3id.org/security#expiration"] = {
        "@type": "http://www.w3.org/2001/XMLSchema#dateTime",
        "@value": "2027-01-15T09:00:00Z",
    }
    assert reason(integrity, signed) is Reason.MALFORMED_PROOF


MALFORMED: list[tuple[str, Any, Reason]] = [
    ("type", "Ed25519Signature2020", Reason.UNKNOWN_CRYPTOSUITE),
    ("type", ["DataIntegrityProof"], Reason.UNKNOWN_CRYPTOSUITE),
    ("cryptosuite", "bbs-termwise-2021", Reason.UNKNOWN_CRYPTOSUITE),
    ("cryptosuite", ["eddsa-rdfc-2022"], Reason.UNKNOWN_CRYPTOSUITE),
    ("cryptosuite", None, Reason.UNKNOWN_CRYPTOSUITE),
    ("proofPurpose", ["assertionMethod"], Reason.WRONG_PROOF_PURPOSE),
    ("proofPurpose", "https://w3id.org/security#assertionMethod", Reason.WRONG_PROOF_PURPOSE),
    ("verificationMethod", {"id": "did:example:1#k"}, Reason.MALFORMED_PROOF),
    ("verificationMethod", "", Reason.MALFORMED_PROOF),
    ("verificationMethod", "d" * 3000, Reason.MALFORMED_PROOF),
    ("created", 5, Reason.MALFORMED_PROOF),
    ("created", ["2027-01-15T08:00:00Z"], Reason.MALFORMED_PROOF),
    ("nonce", {}, Reason.MALFORMED_PROOF),
    ("domain", [7], Reason.MALFORMED_PROOF),
    ("capability", "x", Reason.MALFORMED_PROOF),
    ("previousProof", "urn:uuid:1", Reason.MALFORMED_PROOF),
    ("@context", ["https://www.w3.org/ns/credentials/v2"], Reason.MALFORMED_PROOF),
    ("proofValue", None, Reason.MALFORMED_PROOF),
    ("proofValue", 5, Reason.MALFORMED_PROOF),
    ("proofValue", "z", Reason.MALFORMED_PROOF),
    ("proofValue", "z" + "2" * 200_000, Reason.MALFORMED_PROOF),
    ("proofValue", "u" + "A" * 86, Reason.MALFORMED_PROOF),
    ("proofValue", "z" + "1" * 64, Reason.SIGNATURE_INVALID),
]


@pytest.mark.parametrize(("member", "value", "expected"), MALFORMED, ids=range(len(MALFORMED)))
@pytest.mark.parametrize("suite", SUITES)
def test_malformed_proofs(
    integrity: DataIntegrity, suite: str, member: str, value: Any, expected: Reason
) -> None:
    signed = sign(integrity, licence(BOARD.did), cryptosuite=suite)
    signed["proof"][member] = value
    assert reason(integrity, signed) is expected


@pytest.mark.parametrize("proof", [5, "x", [5], [{}] * 9])
def test_proofs_that_are_none(integrity: DataIntegrity, proof: Any) -> None:
    assert reason(integrity, licence(BOARD.did, proof=proof)) is Reason.MALFORMED_PROOF


@pytest.mark.parametrize("proof", [None, []])
def test_no_proof(integrity: DataIntegrity, proof: Any) -> None:
    assert reason(integrity, licence(BOARD.did)) is Reason.NO_PROOF
    assert reason(integrity, licence(BOARD.did, proof=proof)) is Reason.NO_PROOF


def test_a_signature_that_begins_with_a_zero_byte(integrity: DataIntegrity) -> None:
    """One in 256 does; py-multibase alone would lose the byte."""
    for number in range(2_000):
        signed = sign(integrity, licence(BOARD.did, id=f"urn:example:{number}"), cryptosuite="eddsa-jcs-2022")
        if signed["proof"]["proofValue"][1] == "1":
            check(integrity, signed)
            return
    pytest.fail("no such signature in 2,000")


def proof_set(integrity: DataIntegrity, *signers: Signer) -> Document:
    document = licence(BOARD.did)
    return {**document, "proof": [sign(integrity, document, signer)["proof"] for signer in signers]}


def test_sets_of_proofs(integrity: DataIntegrity) -> None:
    document = proof_set(integrity, OTHER, BOARD)
    assert check(integrity, document, resolve_method=only(BOARD)).method.id == BOARD.method
    assert reason(integrity, document, resolve_method=only(NURSE)) is Reason.ISSUER_MISMATCH
    strange = {"type": "DataIntegrityProof", "cryptosuite": "bbs-termwise-2021"}
    check(integrity, {**document, "proof": [strange, *document["proof"]]}, resolve_method=only(BOARD))
    assert reason(integrity, {**document, "proof": [strange]}) is Reason.UNKNOWN_CRYPTOSUITE


def test_a_wrong_proof_spoils_its_set(integrity: DataIntegrity) -> None:
    document = proof_set(integrity, BOARD, OTHER)
    document["proof"][1]["proofValue"] = document["proof"][0]["proofValue"]
    assert reason(integrity, document) is Reason.SIGNATURE_INVALID
    assert check(integrity, document, resolve_method=only(BOARD)), (
        "a key that is not the issuer's is not judged"
    )
    document["proof"][1]["proofValue"] = "z"
    assert reason(integrity, document) is Reason.MALFORMED_PROOF


def test_suite_and_key_go_together(integrity: DataIntegrity) -> None:
    p256 = Signer(5, KeyType.P256)
    signed = sign(integrity, licence(BOARD.did))
    signed["proof"]["verificationMethod"] = p256.method
    assert reason(integrity, signed) is Reason.ALGORITHM_MISMATCH
    with pytest.raises(ValueError, match="does not take"):
        sign(integrity, licence(BOARD.did), p256)


def test_signing_refuses_what_checking_would(integrity: DataIntegrity) -> None:
    signed = sign(integrity, licence(BOARD.did))
    with pytest.raises(Refused):
        sign(integrity, signed)
    with pytest.raises(Refused):
        sign(integrity, licence(BOARD.did), cryptosuite="bbs-termwise-2021")
    with pytest.raises(Refused):
        sign(integrity, licence(BOARD.did, undefined="x"))
    deep: Any = "x"
    for _ in range(60):
        deep = [deep]
    with pytest.raises(Refused) as refused:
        sign(integrity, licence(BOARD.did, evidence=deep))
    assert refused.value.reason is Reason.TOO_DEEP


def test_vcdm_1_1_needs_the_security_context(integrity: DataIntegrity) -> None:
    document = {
        "@context": [VCDM_1],
        "type": ["VerifiableCredential"],
        "issuer": BOARD.did,
        "issuanceDate": "2026-01-15T00:00:00Z",
        "credentialSubject": {"id": NURSE.did},
    }
    with pytest.raises(Refused) as refused:
        sign(integrity, document)
    assert refused.value.reason is Reason.UNSIGNED_CONTENT
    document["@context"] = [VCDM_1, "https://w3id.org/security/data-integrity/v2"]
    check(integrity, sign(integrity, document))


def test_values_left_to_the_general_processor(integrity: DataIntegrity) -> None:
    left_over: list[str] = []

    class Noting(InThisProcess):
        def quads(self, document: Mapping[str, Any], why: str) -> list[Quad]:
            left_over.append(why)
            return super().quads(document, why)

    own = DataIntegrity(Contexts(), Noting(Contexts()))
    document = licence(BOARD.did)
    signed = sign(own, document)
    assert left_over == []
    document["credentialSubject"]["licence"]["hours"] = 2**60
    signed = sign(own, document)
    assert left_over == ["number"]
    check(own, signed)
    signed["credentialSubject"]["licence"]["hours"] = 2**60 + 256
    assert reason(own, signed) is Reason.SIGNATURE_INVALID
    document["credentialSubject"]["licence"]["specialties"] = ["x" * 5] * 3_000
    with pytest.raises(Refused) as refused:
        sign(own, document)
    assert refused.value.reason is Reason.TOO_MANY_VALUES


def test_threads_share_one_instance() -> None:
    own = DataIntegrity(Contexts())
    names = ["licence.json", "welding-certificate.json", "licence-vcdm11.json", "licence-jcs.json"]
    documents = [fixture(name) for name in names]
    failures: list[BaseException] = []

    def work(start: int) -> None:
        try:
            for turn in range(12):
                check(own, documents[(start + turn) % len(documents)])
        except BaseException as error:  # noqa: BLE001 - a thread's failure is the test's
            failures.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
