"""Where credentials stand inside a credential."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from node.verification.enclosed import Relation, encloses_any, places
from node.verification.ler_rs import MAX_DEPTH

NAMES = [
    "endorsement",
    "endorsementJwt",
    "verifiableCredential",
    "verifications",
    "issuer",
    "credentialSubject",
    "achievement",
    "creator",
    "source",
    "employmentHistories",
    "licenses",
    "lerrsType",
    "type",
    "id",
]
TEXTS = st.sampled_from(["urn:x", "LERRS", "https://x.example/LER-RSType.json", ""])
VALUES = st.recursive(
    TEXTS | st.none() | st.integers(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4),
    max_leaves=20,
)
DOCUMENTS = st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=6)


@given(DOCUMENTS)
def test_nothing_enclosed_is_overlooked(document: dict[str, Any]) -> None:
    assert encloses_any(document) or not list(places(document))


@given(DOCUMENTS)
def test_every_place_is_where_its_pointer_leads(document: dict[str, Any]) -> None:
    for place in places(document):
        value: Any = document
        for step in place.member.split("/")[1:]:
            value = value[int(step)] if isinstance(value, list) else value[step]
        assert value is place.value


def test_each_kind_and_what_it_may_be_about() -> None:
    document = {
        "id": "urn:badge",
        "issuer": {"id": "urn:board", "endorsement": ["i"]},
        "endorsement": "e",
        "credentialSubject": {
            "id": "urn:nurse",
            "source": {"id": "urn:source", "endorsement": [1]},
            "achievement": [{"id": "urn:a", "creator": {"id": "urn:c", "endorsementJwt": ["c"]}}],
            "verifiableCredential": ["v"],
            "licenses": [{"verifications": ["x"]}],
        },
    }
    found = [(place.relation, place.value, place.about) for place in places(document)]
    assert found == [
        (
            Relation.ENDORSEMENT,
            "e",
            {"urn:badge", "urn:board", "urn:source", "urn:a", "urn:c"},
        ),
        (Relation.ENDORSEMENT, "i", {"urn:board"}),
        (Relation.ENDORSEMENT, 1, {"urn:source"}),
        (Relation.ENDORSEMENT, "c", {"urn:c"}),
        (Relation.CONTAINED, "v", {"urn:nurse"}),
    ]  # `licenses` say nothing in a credential that is no résumé


def test_a_resume_is_searched_only_so_deep() -> None:
    part: dict[str, Any] = {"verifications": ["deep"]}
    for _ in range(MAX_DEPTH + 1):
        part = {"part": part}
    document = {"credentialSubject": {"type": "LERRS", "licenses": [part, {"verifications": "x"}]}}
    assert [place.value for place in places(document)] == ["x"]
