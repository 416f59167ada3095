"""DID URLs: read without surprises, whatever is written in them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.did.dereference import NotFound, joined
from node.did.resolver import Resolver
from node.did.url import InvalidDidUrl, InvalidOption, parse, written
from node.did.versions import Version

DID = "did:web:board.example"


def test_parts() -> None:
    found = parse(f"{DID}/a/b?versionId=3&versionTime=2026-03-01T00:00:00Z&service=files#key-1")
    assert (found.did, found.path, found.fragment) == (DID, "/a/b", "key-1")
    assert found.version() == Version("3", None, 1772323200)
    assert parse(DID).is_did
    assert parse(DID + "?versionId=1").is_did
    assert not parse(DID + "#k").is_did


@pytest.mark.parametrize("rest", ["#", "?x", "?versionId=1&versionId=1", "?" + "&" * 40, "?a=" + "b" * 4000])
def test_what_is_no_did_url(rest: str) -> None:
    with pytest.raises((InvalidDidUrl, InvalidOption)):
        parse(DID + rest)


@pytest.mark.parametrize(
    "rest", ["?versionTime=soon", "?versionNumber=-1", "?versionNumber=1e9", "?hl=x", "?x=1"]
)
def test_options_that_are_not_supported(rest: str) -> None:
    with pytest.raises(InvalidOption):
        parse(DID + rest).version()


@given(version=st.text(min_size=1, max_size=20))
def test_what_is_written_is_read(version: str) -> None:
    assert parse(written(DID, versionId=version, versionTime=None)).version() == Version(version)


@given(st.text(max_size=60))
async def test_any_text_has_an_answer(text: str) -> None:
    result = await Resolver(lambda did, at: None, None, lambda: 0.0).resolution(text)
    assert result.status in {400, 404, 501, 503}
    result = await Resolver(lambda did, at: None, None, lambda: 0.0).resolution(DID + text)
    assert result.status in {400, 404, 501, 503}


@pytest.mark.parametrize(
    "reference",
    ["//evil.example/", "https://evil.example", "\\\\evil.example", "javascript:alert(1)", "https:evil"],
)
def test_a_reference_stays_with_its_service(reference: str) -> None:
    try:
        address = joined("https://files.example/b/", reference, None)
    except NotFound:
        return
    assert address.startswith("https://files.example/")
