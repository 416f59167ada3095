"""What is issued verifies."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable

import pytest

from node.crypto.public_keys import KeyType
from node.crypto.signing import SigningKey
from node.did.document import VerificationMethod
from node.issuing.credentials import CredentialIssuer
from node.issuing.did_documents import OwnIdentity
from node.issuing.refusals import IssuingRefused
from registry.records import StatusPurpose
from tests.simulators.status_lists import DAY, SimulatedLists
from tests.unit.node.issuing.licences import BOARD, DATA_INTEGRITY, KEY, LIST, entry, licence


def method_of(key: SigningKey, fragment: str = "key-1") -> Callable[[str], VerificationMethod]:
    def resolve(url: str) -> VerificationMethod:
        assert url == f"{BOARD}#{fragment}"
        return VerificationMethod(url, BOARD, key.public)

    return resolve


@pytest.mark.parametrize("suite", ["eddsa-rdfc-2022", "eddsa-jcs-2022"])
def test_what_is_issued_verifies(issuer: CredentialIssuer, suite: str) -> None:
    secured = issuer.issue(licence(), mechanism=suite)
    assert isinstance(secured, dict)
    assert secured["issuer"] == BOARD
    result = DATA_INTEGRITY.check(
        secured, purpose="assertionMethod", resolve_method=method_of(KEY), now=DAY, skew=0
    )
    assert (result.cryptosuite, result.created) == (suite, DAY)


def test_an_enveloped_credential_is_the_payload_of_a_jws(issuer: CredentialIssuer) -> None:
    compact = issuer.issue(licence(), mechanism="vc+jwt")
    assert isinstance(compact, str)
    head, payload, signature = (
        base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)) for part in compact.split(".")
    )
    assert json.loads(payload) == licence(issuer=BOARD)
    header = json.loads(head)
    assert (header["alg"], header["kid"], header["typ"]) == ("EdDSA", f"{BOARD}#key-1", "vc+jwt")
    KEY.public.verify(signature, compact.rpartition(".")[0].encode())


@pytest.mark.parametrize(("type_", "alg"), [(KeyType.P256, "ES256"), (KeyType.P384, "ES384")])
def test_a_key_of_a_nist_curve_issues_what_fits_it(lists: SimulatedLists, type_: KeyType, alg: str) -> None:
    key = SigningKey.generate(type_)
    issuer = OwnIdentity(BOARD, key, DATA_INTEGRITY).issuer(lists, lambda: DAY)
    compact = issuer.issue(licence(), mechanism="vc+jwt")
    assert isinstance(compact, str)
    assert json.loads(base64.urlsafe_b64decode(compact.partition(".")[0] + "=="))["alg"] == alg
    for suite in ("ecdsa-rdfc-2019", "ecdsa-jcs-2019"):
        secured = issuer.issue(licence(), mechanism=suite)
        assert isinstance(secured, dict)
        result = DATA_INTEGRITY.check(
            secured, purpose="assertionMethod", resolve_method=method_of(key), now=DAY, skew=0
        )
        assert result.cryptosuite == suite
        with pytest.raises(IssuingRefused):
            issuer.issue(licence(undefined="x"), mechanism=suite)
    for suite in ("eddsa-rdfc-2022", "eddsa-jcs-2022", "Ed25519Signature2020"):
        with pytest.raises(IssuingRefused) as refused:
            issuer.issue(licence(), mechanism=suite)
        assert refused.value.member == "/mechanism"


def test_a_second_key_issues_what_the_first_cannot(lists: SimulatedLists) -> None:
    second = SigningKey.generate(KeyType.P256)
    identity = OwnIdentity(BOARD, KEY, DATA_INTEGRITY, second)
    methods = [one["publicKeyMultibase"] for one in identity.document()["verificationMethod"]]
    assert methods == [KEY.public.to_multikey(), second.public.to_multikey()]
    issuer = identity.issuer(lists, lambda: DAY)
    for suite, key, fragment in (
        ("eddsa-rdfc-2022", KEY, "key-1"),
        ("ecdsa-rdfc-2019", second, "key-2"),
        ("ecdsa-sd-2023", second, "key-2"),
    ):
        secured = issuer.issue(licence(), mechanism=suite)
        assert isinstance(secured, dict)
        DATA_INTEGRITY.check(
            secured, purpose="assertionMethod", resolve_method=method_of(key, fragment), now=DAY, skew=0
        )


def test_what_decides_is_always_shown(lists: SimulatedLists) -> None:
    issuer = OwnIdentity(BOARD, KEY, DATA_INTEGRITY, SigningKey.generate(KeyType.P256)).issuer(
        lists, lambda: DAY
    )
    for mandatory in ([], ["/credentialSubject/name"], ["/issuer"], [""]):
        secured = issuer.issue(licence(), mechanism="ecdsa-sd-2023", mandatory=mandatory)
        assert isinstance(secured, dict)
        derived = DATA_INTEGRITY.derive(secured, ["/credentialSubject/id"])
        decides = {"type", "issuer", "validFrom", "validUntil", "credentialStatus"}
        assert {name: secured[name] for name in decides} == {name: derived[name] for name in decides}
    for pointer in ("/nothing", "issuer", "/credentialSubject/name/0"):
        with pytest.raises(IssuingRefused, match="pointer") as refused:
            issuer.issue(licence(), mechanism="ecdsa-sd-2023", mandatory=[pointer])
        assert refused.value.member == "/mandatoryPointers"
    for mechanism in ("eddsa-rdfc-2022", "vc+jwt", "dc+sd-jwt"):
        with pytest.raises(IssuingRefused) as refused:
            issuer.issue(licence(), mechanism=mechanism, mandatory=["/issuer"])
        assert refused.value.member == "/mandatoryPointers"


def test_the_older_data_model_is_issued_too(issuer: CredentialIssuer) -> None:
    old = {
        "@context": [
            "https://www.w3.org/2018/credentials/v1",
            "https://w3id.org/security/data-integrity/v2",
            {"name": "https://schema.org/name"},
        ],
        "type": ["VerifiableCredential"],
        "issuer": {"id": BOARD},
        "issuanceDate": "2026-01-01T00:00:00Z",
        "expirationDate": "2031-01-01T00:00:00Z",
        "credentialSubject": {"name": "Ada Okafor"},
    }
    assert issuer.issue(old, mechanism="eddsa-rdfc-2022")
    with pytest.raises(IssuingRefused):
        issuer.issue(old, mechanism="vc+jwt")
    del old["issuanceDate"]
    with pytest.raises(IssuingRefused) as refused:
        issuer.issue(old, mechanism="eddsa-rdfc-2022")
    assert refused.value.member == "/issuanceDate"


def test_what_was_given_is_left_as_it_was(issuer: CredentialIssuer) -> None:
    given = licence()
    issuer.issue(given, mechanism="eddsa-jcs-2022")
    assert given == licence()


def test_an_issuer_with_a_name_keeps_it(issuer: CredentialIssuer) -> None:
    secured = issuer.issue(licence(issuer={"id": BOARD, "name": "Board"}), mechanism="eddsa-jcs-2022")
    assert isinstance(secured, dict)
    assert secured["issuer"] == {"id": BOARD, "name": "Board"}


def test_a_message_list_has_its_size(issuer: CredentialIssuer, lists: SimulatedLists) -> None:
    lists.create(LIST, BOARD, purpose=StatusPurpose.MESSAGE, bits=2)
    messages = [{"status": f"0x{n}", "message": f"message {n}"} for n in range(4)]
    good = entry(statusPurpose="message", statusSize=2, statusMessage=messages)
    assert issuer.issue(licence(credentialStatus=good), mechanism="eddsa-jcs-2022")
