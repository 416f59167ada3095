"""What would not verify, or says something else than it seems to, is refused before it is signed."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.issuing.credentials import CredentialIssuer
from node.issuing.refusals import IssuingRefused
from tests.simulators.status_lists import SimulatedLists
from tests.unit.node.issuing.licences import BOARD, DATA_INTEGRITY, KEY, LIST, OTHERS_LIST, entry, licence


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
