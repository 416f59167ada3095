"""JSON pointers, and what they select."""

from __future__ import annotations

from typing import Any

import pytest

from node.verification.proofs.selective.selection import BadPointer, select, tokens

DOCUMENT: dict[str, Any] = {
    "@context": ["https://www.w3.org/ns/credentials/v2"],
    "id": "urn:x:1",
    "type": ["VerifiableCredential"],
    "issuer": "did:example:board",
    "a/b": {"~": 1},
    "credentialSubject": {
        "id": "did:example:nurse",
        "type": "Person",
        "name": "Ada",
        "boards": [{"year": 2022, "brand": "x"}, {"year": 2023, "brand": "y"}, {"type": "Third", "year": 2024}],
        "tags": ["a", "b", "c"],
    },
}
ALWAYS = {name: DOCUMENT[name] for name in ("@context", "id", "type")}
SUBJECT = {"id": "did:example:nurse", "type": "Person"}


def selected(*pointers: str) -> Any:
    selection = select(DOCUMENT, pointers)
    assert selection is not None
    return selection.document


@pytest.mark.parametrize(
    ("pointers", "rest"),
    [
        (["/issuer"], {"issuer": "did:example:board"}),
        (["/a~1b/~0"], {"a/b": {"~": 1}}),
        (["/credentialSubject/name"], {"credentialSubject": SUBJECT | {"name": "Ada"}}),
        (["/credentialSubject/boards/1/year"], {"credentialSubject": SUBJECT | {"boards": [{"year": 2023}]}}),
        (
            ["/credentialSubject/boards/2/year", "/credentialSubject/boards/0"],
            {
                "credentialSubject": SUBJECT
                | {"boards": [{"year": 2022, "brand": "x"}, {"type": "Third", "year": 2024}]}
            },
        ),
        (
            ["/credentialSubject/tags/2", "/credentialSubject/tags/0"],
            {"credentialSubject": SUBJECT | {"tags": ["a", "c"]}},
        ),
        (
            ["/credentialSubject", "/credentialSubject/name"],
            {"credentialSubject": DOCUMENT["credentialSubject"]},
        ),
        (["/id", "/type"], {}),
    ],
)
def test_what_is_selected(pointers: list[str], rest: dict[str, Any]) -> None:
    assert selected(*pointers) == ALWAYS | rest


def test_everything_and_nothing() -> None:
    assert selected("") == DOCUMENT
    assert select(DOCUMENT, []) is None


def test_the_selection_shares_nothing_with_the_document() -> None:
    selected("")["credentialSubject"]["tags"].append("d")
    assert DOCUMENT["credentialSubject"]["tags"] == ["a", "b", "c"]


@pytest.mark.parametrize(
    "pointer",
    [
        "issuer",
        "/nothing",
        "/issuer/id",
        "/credentialSubject/boards/3",
        "/credentialSubject/boards/01",
        "/credentialSubject/boards/-",
        "/credentialSubject/boards/-1",
        "/credentialSubject/boards/year",
        "/credentialSubject/boards/1e0",
        "/credentialSubject/boards/" + "9" * 500,
        "/a~1b/~",
        "/a~2b",
        "/" + "x" * 2_000,
        "/x" * 60,
    ],
)
def test_pointers_to_nothing(pointer: str) -> None:
    with pytest.raises(BadPointer) as error:
        select(DOCUMENT, ["/issuer", pointer])
    assert error.value.pointer == pointer
    assert len(str(error.value)) < 300


def test_too_many_pointers() -> None:
    with pytest.raises(BadPointer):
        select(DOCUMENT, ["/issuer"] * 257)


def test_tokens() -> None:
    assert tokens("") == []
    assert tokens("/") == [""]
    assert tokens("/a~1b/m~0n/~01") == ["a/b", "m~n", "~1"]
