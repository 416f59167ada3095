"""What tells the cryptosuites apart: keys, hashes, names. No proof of one passes for a proof of another."""

from __future__ import annotations

import copy
import hashlib
from typing import Any

import pytest

from node.crypto import multibase
from node.crypto.public_keys import KeyType
from node.verification.proofs.data_integrity.cryptosuites import ED25519_2020, SUITES
from node.verification.proofs.data_integrity.data_integrity import DataIntegrity
from node.verification.reasons import Reason
from node.verification.refusals import Refused
from tests.simulators.checked import outcome
from tests.simulators.proof_oracle import prove, proved, with_2020_context
from tests.simulators.signers import NOW, VCDM_1, Signer, licence, presentation

ED25519, P256, P384 = (Signer(1, type_) for type_ in (KeyType.ED25519, KeyType.P256, KeyType.P384))
SIGNERS = (ED25519, P256, P384)
ISSUED = [
    (suite.name, signer)
    for suite in SUITES.values()
    for signer in SIGNERS
    if suite.issued and not suite.selective and signer.key.public.type in suite.key_types
]
Document = dict[str, Any]


def issued(integrity: DataIntegrity, suite: str, signer: Signer, **options: Any) -> Document:
    return integrity.sign(
        options.pop("document", licence(ED25519.did)),
        key=signer.key,
        verification_method=signer.method,
        cryptosuite=suite,
        created=NOW,
        **options,
    )


def test_what_is_issued() -> None:
    assert {(suite, signer.key.public.type) for suite, signer in ISSUED} == {
        ("eddsa-rdfc-2022", KeyType.ED25519),
        ("eddsa-jcs-2022", KeyType.ED25519),
        ("ecdsa-rdfc-2019", KeyType.P256),
        ("ecdsa-rdfc-2019", KeyType.P384),
        ("ecdsa-jcs-2019", KeyType.P256),
        ("ecdsa-jcs-2019", KeyType.P384),
    }


@pytest.mark.parametrize(("suite", "signer"), ISSUED)
def test_ours_equals_what_the_standard_spells_out(integrity: DataIntegrity, suite: str, signer: Signer) -> None:
    """Nothing is drawn: the oracle's signature is the same to the byte."""
    document = licence(ED25519.did)
    signed = issued(integrity, suite, signer)
    assert signed == proved(document, signer, suite)
    assert outcome(integrity, signed) is Reason.OK


@pytest.mark.parametrize(("suite", "signer"), ISSUED)
def test_presentations(integrity: DataIntegrity, suite: str, signer: Signer) -> None:
    asked = {"purpose": "authentication", "challenge": "c-1", "domain": "https://hospital.example"}
    held = [issued(integrity, *one) for one in ISSUED]
    held.append(proved(with_2020_context(licence(ED25519.did)), ED25519, ED25519_2020))
    signed = issued(integrity, suite, signer, document=presentation(signer.did, *held), **asked)
    assert outcome(integrity, signed, **asked) is Reason.OK
    assert outcome(integrity, signed, **{**asked, "challenge": "c-2"}) is Reason.CHALLENGE_MISMATCH
    signed["verifiableCredential"][0]["credentialSubject"]["id"] = "did:example:another"
    assert outcome(integrity, signed, **asked) is Reason.SIGNATURE_INVALID


@pytest.mark.parametrize(("suite", "signer"), ISSUED)
def test_a_proof_of_one_suite_is_none_of_another(integrity: DataIntegrity, suite: str, signer: Signer) -> None:
    signed = issued(integrity, suite, signer)
    for other in SUITES.values():
        attacked = copy.deepcopy(signed)
        if other.name == suite or other.proof_type != "DataIntegrityProof":
            continue
        if other.selective:  # whose proof values are of another form
            attacked["proof"]["cryptosuite"] = other.name
            assert outcome(integrity, attacked) in {Reason.MALFORMED_PROOF, Reason.ALGORITHM_MISMATCH}
            continue
        attacked["proof"]["cryptosuite"] = other.name
        same_keys = signer.key.public.type in other.key_types
        expected = Reason.SIGNATURE_INVALID if same_keys else Reason.ALGORITHM_MISMATCH
        assert outcome(integrity, attacked) is expected


@pytest.mark.parametrize(("suite", "signer"), ISSUED)
def test_the_key_decides_the_curve(integrity: DataIntegrity, suite: str, signer: Signer) -> None:
    signed = issued(integrity, suite, signer)
    secp256k1 = "did:key:zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme"
    others = [(one.method, one.key.public.type) for one in SIGNERS if one is not signer]
    for method, type_ in [*others, (f"{secp256k1}#{secp256k1[8:]}", KeyType.SECP256K1)]:
        attacked = copy.deepcopy(signed)
        attacked["proof"]["verificationMethod"] = method
        # Of the other NIST curve, a signature has another length.
        admitted = type_ in SUITES[suite].key_types
        expected = Reason.MALFORMED_PROOF if admitted else Reason.ALGORITHM_MISMATCH
        assert outcome(integrity, attacked) is expected


@pytest.mark.parametrize("suite", ["ecdsa-rdfc-2019", "ecdsa-jcs-2019"])
def test_each_curve_has_its_hash(integrity: DataIntegrity, suite: str) -> None:
    """One implementation in use hashes with SHA-256 for P-384, which vc-di-ecdsa forbids."""
    document = licence(ED25519.did)
    for signer, wrong in ((P384, hashlib.sha256), (P256, hashlib.sha384)):
        signed = {**document, "proof": prove(document, signer, suite, hash_=wrong)}
        assert outcome(integrity, signed) is Reason.SIGNATURE_INVALID


@pytest.mark.parametrize("signer", [P256, P384])
@pytest.mark.parametrize("suite", ["ecdsa-rdfc-2019", "ecdsa-jcs-2019"])
def test_signatures_of_zeros_and_in_der(integrity: DataIntegrity, suite: str, signer: Signer) -> None:
    signed = issued(integrity, suite, signer)
    genuine = multibase.decode(signed["proof"]["proofValue"])
    half = len(genuine) // 2
    forged = {
        bytes(2 * half): Reason.SIGNATURE_INVALID,
        genuine[:half] + bytes(half): Reason.SIGNATURE_INVALID,
        bytes(half) + genuine[half:]: Reason.SIGNATURE_INVALID,
        b"\xff" * 2 * half: Reason.SIGNATURE_INVALID,
        genuine[half:] + genuine[:half]: Reason.SIGNATURE_INVALID,
        b"\0" + genuine: Reason.MALFORMED_PROOF,
        genuine + b"\0": Reason.MALFORMED_PROOF,
        b"\x30\x44\x02\x20" + genuine[:32] + b"\x02\x20" + genuine[32:64]: Reason.MALFORMED_PROOF,
    }
    for value, expected in forged.items():
        signed["proof"]["proofValue"] = multibase.encode(value)
        assert outcome(integrity, signed) is expected, value.hex()


def licence_1_1() -> Document:
    return with_2020_context(
        {
            "@context": [VCDM_1],
            "type": ["VerifiableCredential"],
            "issuer": ED25519.did,
            "issuanceDate": "2026-01-15T00:00:00Z",
            "credentialSubject": {"id": "did:example:nurse"},
        }
    )


@pytest.mark.parametrize("document", [licence_1_1(), with_2020_context(licence(ED25519.did))])
def test_ed25519_signature_2020(integrity: DataIntegrity, document: Document) -> None:
    signed = proved(document, ED25519, ED25519_2020)
    assert outcome(integrity, signed) is Reason.OK
    for members, expected in (
        ({"created": "2026-01-15T08:00:00Z"}, Reason.SIGNATURE_INVALID),
        ({"created": "2027-01-15T08:00:01Z"}, Reason.PROOF_NOT_YET_VALID),
        ({"expires": "2027-01-15T07:00:00Z"}, Reason.PROOF_EXPIRED),
        ({"expires": "2029-01-15T07:00:00Z"}, Reason.SIGNATURE_INVALID),
        ({"proofPurpose": "authentication"}, Reason.WRONG_PROOF_PURPOSE),
        ({"cryptosuite": "eddsa-rdfc-2022"}, Reason.UNKNOWN_CRYPTOSUITE),
        ({"cryptosuite": ED25519_2020}, Reason.UNKNOWN_CRYPTOSUITE),
        ({"type": "DataIntegrityProof", "cryptosuite": ED25519_2020}, Reason.UNKNOWN_CRYPTOSUITE),
        ({"type": "Ed25519Signature2016"}, Reason.UNKNOWN_CRYPTOSUITE),
        ({"type": [ED25519_2020]}, Reason.UNKNOWN_CRYPTOSUITE),
        ({"type": "eddsa-rdfc-2022"}, Reason.UNKNOWN_CRYPTOSUITE),
        ({"https://w3id.org/security#expiration": "2029-01-15T07:00:00Z"}, Reason.MALFORMED_PROOF),
        ({"jws": "x"}, Reason.MALFORMED_PROOF),
        ({"verificationMethod": P256.method}, Reason.ALGORITHM_MISMATCH),
    ):
        attacked = {**signed, "proof": {**signed["proof"], **members}}
        assert outcome(integrity, attacked) is expected, members


def test_ed25519_signature_2020_answers_a_challenge(integrity: DataIntegrity) -> None:
    asked = {"challenge": "c-1", "domain": "https://hospital.example"}
    document = with_2020_context(presentation(ED25519.did, licence_1_1()))
    signed = proved(document, ED25519, ED25519_2020, proofPurpose="authentication", **asked)
    assert outcome(integrity, signed, purpose="authentication", **asked) is Reason.OK
    signed["proof"]["challenge"] = "c-2"
    asked["challenge"] = "c-2"
    assert outcome(integrity, signed, purpose="authentication", **asked) is Reason.SIGNATURE_INVALID


def test_without_its_context_it_has_no_meaning(integrity: DataIntegrity) -> None:
    signed = proved(with_2020_context(licence(ED25519.did)), ED25519, ED25519_2020)
    signed["@context"].remove(SUITES[ED25519_2020].own_context)
    assert outcome(integrity, signed) is Reason.UNSIGNED_CONTENT


@pytest.mark.parametrize("own", [SUITES[ED25519_2020].own_context, [SUITES[ED25519_2020].own_context]])
def test_the_context_of_the_suite_may_stand_in_the_proof(integrity: DataIntegrity, own: Any) -> None:
    """As wallets wrote it into credentials whose contexts do not know the suite."""
    document = licence(ED25519.did)
    proof = prove(document, ED25519, ED25519_2020, **{"@context": own})
    assert outcome(integrity, {**document, "proof": proof}) is Reason.OK
    held = presentation(ED25519.did, {**document, "proof": proof})
    signed = issued(integrity, "eddsa-rdfc-2022", ED25519, document=held, purpose="authentication")
    assert outcome(integrity, signed, purpose="authentication") is Reason.OK
    for other in (
        [VCDM_1, own],
        {"@vocab": "urn:x:"},
        [own, {}],
        None,
        [],
        [[own]],
    ):
        attacked = {**document, "proof": {**proof, "@context": other}}
        assert outcome(integrity, attacked) is Reason.MALFORMED_PROOF
    modern = issued(integrity, "eddsa-rdfc-2022", ED25519)
    modern["proof"]["@context"] = own
    assert outcome(integrity, modern) is Reason.MALFORMED_PROOF


def test_it_is_not_issued_any_more(integrity: DataIntegrity) -> None:
    with pytest.raises((Refused, ValueError)):
        issued(integrity, ED25519_2020, ED25519, document=with_2020_context(licence(ED25519.did)))


@pytest.mark.parametrize(
    ("suite", "signer"),
    [("eddsa-jcs-2022", P256), ("ecdsa-rdfc-2019", ED25519), ("ecdsa-jcs-2019", ED25519)],
)
def test_a_key_that_does_not_fit_does_not_sign(integrity: DataIntegrity, suite: str, signer: Signer) -> None:
    with pytest.raises(ValueError, match="does not take"):
        issued(integrity, suite, signer)
