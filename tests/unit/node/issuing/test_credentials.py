"""What is issued verifies; what would not is refused before it is signed."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.crypto.public_keys import KeyType
from node.crypto.signing import SigningKey
from node.did.document import VerificationMethod
from node.issuing.credentials import CredentialIssuer
from node.issuing.did_documents import OwnIdentity, did_document
from node.issuing.refusals import IssuingRefused
from node.verification.proofs.contexts import Contexts
from node.verification.proofs.data_integrity.data_integrity import DataIntegrity
from registry.records import StatusPurpose
from tests.simulators.status_lists import DAY, SimulatedLists

BOARD = "did:web:board.example"
LIST = "https://board.example/status-lists/nursing"
OTHERS_LIST = "https://other.example/status-lists/nursing"
DATA_INTEGRITY = DataIntegrity(Contexts())
KEY = SigningKey.from_bytes(KeyType.ED25519, bytes(range(32)))


def entry(**members: Any) -> dict[str, Any]:
    return {
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": "7",
        "statusListCredential": LIST,
    } | members


def licence(**members: Any) -> dict[str, Any]:
    return {
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            {"LicenceCredential": "https://board.example/vocabulary#LicenceCredential"},
        ],
        "id": "urn:uuid:3f2c9d8e-5b7a-4c61-9a0e-000000000011",
        "type": ["VerifiableCredential", "LicenceCredential"],
        "validFrom": "2026-01-01T00:00:00Z",
        "validUntil": "2031-01-01T00:00:00Z",
        "credentialSubject": {"id": "did:example:ada", "name": "Ada Okafor"},
        "credentialStatus": entry(),
    } | members


@pytest.fixture
def lists() -> SimulatedLists:
    made = SimulatedLists()
    made.create(LIST, BOARD)
    made.create(OTHERS_LIST, "did:web:other.example")
    return made


@pytest.fixture
def issuer(lists: SimulatedLists) -> CredentialIssuer:
    return OwnIdentity(BOARD, KEY, DATA_INTEGRITY).issuer(lists, lambda: DAY + 0.5)


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


@pytest.mark.parametrize(
    ("member", "value", "at"),
    [
        ("@context", "https://www.w3.org/ns/credentials/v2", "/@context"),
        ("@context", [], "/@context"),
        ("@context", ["https://example.org/first"], "/@context"),
        ("type", ["LicenceCredential"], "/type"),
        ("type", ["VerifiableCredential", 7], "/type"),
        ("type", None, "/type"),
        ("id", "no url", "/id"),
        ("id", 7, "/id"),
        ("issuer", "did:web:other.example", "/issuer"),
        ("issuer", {"id": "did:web:other.example"}, "/issuer"),
        ("issuer", None, "/issuer"),
        ("issuer", [BOARD], "/issuer"),
        ("credentialSubject", None, "/credentialSubject"),
        ("credentialSubject", {}, "/credentialSubject"),
        ("credentialSubject", [], "/credentialSubject"),
        ("credentialSubject", [{"id": "not a url"}], "/credentialSubject/id"),
        ("validFrom", "yesterday", "/validFrom"),
        ("validFrom", 7, "/validFrom"),
        ("validUntil", "2025-12-31T00:00:00Z", "/validUntil"),
        ("expirationDate", "2031-01-01T00:00:00Z", "/expirationDate"),
        ("issuanceDate", "2026-01-01T00:00:00Z", "/issuanceDate"),
        ("proof", {"type": "DataIntegrityProof"}, "/proof"),
        ("credentialStatus", "https://board.example/1", "/credentialStatus"),
        ("credentialStatus", [entry(), None], "/credentialStatus/1"),
        ("credentialStatus", entry(statusListCredential=OTHERS_LIST), "/credentialStatus/statusListCredential"),
        (
            "credentialStatus",
            entry(statusListCredential="https://x.example"),
            "/credentialStatus/statusListCredential",
        ),
        ("credentialStatus", entry(statusListCredential=None), "/credentialStatus/statusListCredential"),
        ("credentialStatus", entry(type="StatusList2021Entry"), "/credentialStatus/type"),
        ("credentialStatus", entry(statusListIndex=7), "/credentialStatus/statusListIndex"),
        ("credentialStatus", entry(statusListIndex="131072"), "/credentialStatus/statusListIndex"),
        ("credentialStatus", entry(statusListIndex="-1"), "/credentialStatus/statusListIndex"),
        ("credentialStatus", entry(statusPurpose="suspension"), "/credentialStatus/statusPurpose"),
        ("credentialStatus", entry(statusSize=2), "/credentialStatus/statusSize"),
    ],
)
@pytest.mark.parametrize("mechanism", ["eddsa-jcs-2022", "vc+jwt"])
def test_what_would_not_be_accepted_is_refused(
    issuer: CredentialIssuer, member: str, value: Any, at: str, mechanism: str
) -> None:
    with pytest.raises(IssuingRefused) as refused:
        issuer.issue(licence(**{member: value}), mechanism=mechanism)
    assert refused.value.member == at


@pytest.mark.parametrize("mechanism", ["eddsa-rdfc-2022", "eddsa-jcs-2022", "vc+jwt"])
@pytest.mark.parametrize(
    "members",
    [
        {"salary": 7},  # no context says what it means
        {"@context": ["https://www.w3.org/ns/credentials/v2", "https://unknown.example/context"]},
        {"@context": ["https://www.w3.org/ns/credentials/v2", {"validUntil": None}]},
    ],
)
def test_what_says_something_else_than_it_seems_to_is_refused(
    issuer: CredentialIssuer, mechanism: str, members: dict[str, Any]
) -> None:
    with pytest.raises(IssuingRefused):
        issuer.issue(licence(**members), mechanism=mechanism)


def test_a_closed_list_takes_no_new_credentials(issuer: CredentialIssuer, lists: SimulatedLists) -> None:
    lists.change(LIST, closed=True)
    with pytest.raises(IssuingRefused, match="closed"):
        issuer.issue(licence(), mechanism="eddsa-jcs-2022")


def test_a_mechanism_we_do_not_have_is_refused(issuer: CredentialIssuer) -> None:
    with pytest.raises(IssuingRefused) as refused:
        issuer.issue(licence(), mechanism="none")
    assert refused.value.member == "/mechanism"


def test_a_message_list_has_its_size(issuer: CredentialIssuer, lists: SimulatedLists) -> None:
    lists.create(LIST, BOARD, purpose=StatusPurpose.MESSAGE, bits=2)
    messages = [{"status": f"0x{n}", "message": f"message {n}"} for n in range(4)]
    good = entry(statusPurpose="message", statusSize=2, statusMessage=messages)
    assert issuer.issue(licence(credentialStatus=good), mechanism="eddsa-jcs-2022")


def test_a_document_holds_the_keys_it_is_made_of() -> None:
    p256 = SigningKey.generate(KeyType.P256).public
    document = did_document(BOARD, {"key-1": KEY.public, "key-2": p256})
    methods = document["verificationMethod"]
    assert [one["publicKeyMultibase"] for one in methods] == [KEY.public.to_multikey(), p256.to_multikey()]
    assert document["assertionMethod"] == [one["id"] for one in methods] == [f"{BOARD}#key-1", f"{BOARD}#key-2"]


@pytest.mark.parametrize("fragments", [[], [""], ["a b"], ["#"], ["x" * 65]])
def test_a_document_without_usable_keys_is_not_made(fragments: list[str]) -> None:
    with pytest.raises(ValueError, match="keys"):
        did_document(BOARD, dict.fromkeys(fragments, KEY.public))


def test_an_identity_does_not_show_its_key() -> None:
    assert KEY.to_bytes().hex() not in repr(OwnIdentity(BOARD, KEY, DATA_INTEGRITY))
    assert repr(KEY.to_bytes()) not in repr(OwnIdentity(BOARD, KEY, DATA_INTEGRITY))


_NAMES = st.sampled_from(
    [
        "@id",
        "@type",
        "@value",
        "@list",
        "@set",
        "@context",
        "@graph",
        "@reverse",
        "@language",
        "id",
        "type",
        "name",
    ]
)
_PLAIN = st.sampled_from(
    [None, True, 0, 1.5, 1e300, 2**53 + 1, "", "a", "@id", "@json", "_:b", "https://x.example/", "\0"]
)
_ODD = st.recursive(
    _PLAIN, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_NAMES, inner, max_size=3), max_leaves=6
)


@given(odd=_ODD, mechanism=st.sampled_from(["eddsa-rdfc-2022", "eddsa-jcs-2022", "vc+jwt"]))
def test_whatever_is_asked_is_issued_or_refused(odd: Any, mechanism: str) -> None:
    """Never anything else: a refusal is an answer of 4xx, the rest would be a fault of the node."""
    lists = SimulatedLists()
    lists.create(LIST, BOARD)
    issuer = CredentialIssuer(
        signing_key=KEY,
        did=BOARD,
        verification_method=f"{BOARD}#key-1",
        data_integrity=DATA_INTEGRITY,
        clock=lambda: 1_800_000_000,
        status_list=lists.status_list,
    )
    for members in (
        {"evidence": odd},
        {"name": odd},
        {"credentialSubject": odd},
        {"credentialSubject": {"id": "did:example:ada", "name": [odd, 1e300]}},
        {"@context": [*licence()["@context"], odd]},
    ):
        try:
            issuer.issue(orjson.loads(orjson.dumps(licence(**members))), mechanism=mechanism)
        except IssuingRefused as refused:
            assert str(refused)
