"""ecdsa-sd-2023 (both ways) and bbs-2023 (theirs) with @digitalbazaar's: any issuer, holder and verifier."""

from __future__ import annotations

from typing import Any

import pytest

from node.crypto import bbs
from node.crypto.public_keys import KeyType
from node.verification.proofs.contexts import Contexts
from node.verification.proofs.data_integrity.data_integrity import DataIntegrity
from node.verification.proofs.selective.ecdsa_sd_making import always_mandatory
from tests.integration.interop.test_cryptosuites import CREATED, accepted, document_of, peer_key
from tests.interop import peers
from tests.interop.tampering import tampered_credentials
from tests.simulators.signers import Signer

pytestmark = pytest.mark.usefixtures("_peers")

SD = "ecdsa-sd-2023"
SIGNER = Signer(7, KeyType.P256)
SHOWN = ["/credentialSubject/licence/licenceNumber", "/credentialSubject/givenName"]
Document = dict[str, Any]


@pytest.fixture(scope="module")
def integrity() -> DataIntegrity:
    return DataIntegrity(Contexts())


def theirs(document: Document, mechanism: str = SD, key: Document | None = None) -> Document:
    request = {
        "mechanism": mechanism,
        "document": document,
        "key": key or peer_key(SIGNER),
        "created": CREATED,
        "mandatoryPointers": list(always_mandatory(document, [])),
    }
    signed: Document = peers.sign([request])[0]
    return signed


def derived_by_them(signed: Document, mechanism: str = SD) -> Document:
    derived: Document = peers.sign([{"mechanism": mechanism, "derive": signed, "selectivePointers": SHOWN}])[0]
    return derived


def ours(integrity: DataIntegrity, document: Document) -> Document:
    return integrity.sign(
        document,
        key=SIGNER.key,
        verification_method=SIGNER.method,
        cryptosuite=SD,
        created=1_768_900_000,  # 2026-01-20
        mandatory_pointers=always_mandatory(document, []),
    )


def only_what_was_shown(derived: Document) -> bool:
    subject = derived["credentialSubject"]
    return {"licence", "givenName"} <= set(subject) <= {"id", "type", "licence", "givenName"} and set(
        subject["licence"]
    ) <= {"id", "type", "licenceNumber"}


def test_whoever_issues_and_whoever_derives_we_accept_it(integrity: DataIntegrity) -> None:
    document = document_of(SIGNER)
    for signed in (theirs(document), ours(integrity, document)):
        assert accepted(integrity, signed)
        for derived in (derived_by_them(signed), integrity.derive(signed, SHOWN)):
            assert only_what_was_shown(derived)
            assert accepted(integrity, derived)
            twins = list(tampered_credentials(derived))
            assert len(twins) >= 8
            assert [what for what, twin in twins if accepted(integrity, twin)] == []


def test_they_accept_what_we_issue_and_derive(integrity: DataIntegrity) -> None:
    document = document_of(SIGNER)
    derived = [
        integrity.derive(ours(integrity, document), SHOWN),
        derived_by_them(ours(integrity, document)),
        integrity.derive(theirs(document), SHOWN),
    ]
    answers = peers.verify([{"credential": one} for one in derived], {})
    assert [answer.error for answer in answers] == [""] * len(derived)
    twins = list(tampered_credentials(derived[0]))
    answers = peers.verify([{"credential": twin} for _, twin in twins], {})
    assert [what for (what, _), answer in zip(twins, answers, strict=True) if answer.accepted] == []


def test_the_same_statements_get_the_same_proof(integrity: DataIntegrity) -> None:
    """Nothing is drawn in deriving: both sides write the same proof value."""
    signed = ours(integrity, document_of(SIGNER))
    assert integrity.derive(signed, SHOWN)["proof"] == derived_by_them(signed)["proof"]


def test_bbs_derived_by_them_we_accept(integrity: DataIntegrity) -> None:
    try:
        bbs.check_available()
    except bbs.BbsUnavailable as missing:
        pytest.skip(str(missing))
    signed = theirs(document_of(SIGNER), "bbs-2023", {"seed": "07" * 32})
    assert not accepted(integrity, signed)
    derived = derived_by_them(signed, "bbs-2023")
    assert only_what_was_shown(derived)
    assert accepted(integrity, derived)
    twins = list(tampered_credentials(derived))
    assert [what for what, twin in twins if accepted(integrity, twin)] == []
