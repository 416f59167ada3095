"""Versions and parts of a did:webvh document, by DID URL."""

from __future__ import annotations

from tests.simulators.webvh_log import START, WebvhController, key, stamp
from tests.unit.node.did.webvh.hosting import RULE, Host, resolver


async def test_versions_by_url() -> None:
    board = WebvhController()
    second = board.update(state=board.document(board.did, key(8)))
    source = resolver(Host(board.pages()))
    for query, number in (
        ("", 2),
        (f"?versionId={second}", 2),
        (f"?versionId={board.entries[0]['versionId']}", 1),
        ("?versionNumber=1", 1),
        (f"?versionTime={stamp(START + 10)}", 1),
        (f"?versionTime={stamp(START + 3600).replace(':', '%3A')}", 2),
        (f"?versionNumber=1&versionTime={stamp(START + 7200)}", 1),
    ):
        result = (await source.resolution(board.did + query)).to_json()
        assert result["didDocument"] == board.entries[number - 1]["state"], query
        assert result["didDocumentMetadata"]["versionId"] == board.entries[number - 1]["versionId"]
    for query in (
        "?versionNumber=3",
        "?versionId=1-Qm",
        "?versionId=1",
        f"?versionId={second}&versionNumber=1",
        f"?versionNumber=2&versionTime={stamp(START)}",
        f"?versionTime={stamp(START - 1)}",
    ):
        result_ = await source.resolution(board.did + query)
        assert result_.status == 404, query


async def test_parts_by_url() -> None:
    board = WebvhController()
    state = board.document(
        board.did, service=[{"id": "#files", "type": "Files", "serviceEndpoint": "https://files.example/b/"}]
    )
    board.update(state=state)
    source = resolver(Host(board.pages()))
    found = (await source.resolution(board.did + "#key-1")).to_json()
    assert found["contentStream"] == state["verificationMethod"][0]
    assert found["dereferencingMetadata"]["verificationRelationships"] == ["assertionMethod"]
    assert (await source.resolution(board.did + "#files")).to_json()["contentStream"]["type"] == "Files"
    link = (await source.resolution(board.did + "?service=files&relativeRef=a%2Fb.json#c")).to_json()
    assert link["contentStream"] == "https://files.example/b/a/b.json#c"
    for rest, status in (
        ("#key-2", 404),
        ("/whois", 404),
        ("?service=other", 404),
        ("?service=files&relativeRef=%2F%2Fevil.example%2F", 404),
        ("?service=files&relativeRef=https%3A%2F%2Fevil.example", 404),
        ("?versionNumber=9#key-1", 404),
    ):
        assert (await source.resolution(board.did + rest)).status == status, rest


async def test_metadata_of_a_resolution() -> None:
    board = WebvhController(first={"witness": RULE, "watchers": ["https://watch.example"], "portable": True})
    board.update()
    board.approve(board.entries[1]["versionId"], key(21), key(22))
    metadata = (await resolver(Host(board.pages())).resolution(board.did)).to_json()["didDocumentMetadata"]
    assert metadata["created"] == stamp(START)
    assert metadata["updated"] == stamp(START + 3600)
    assert metadata["scid"] == board.scid
    assert (metadata["portable"], metadata["deactivated"], metadata["ttl"]) == (True, False, "3600")
    assert metadata["witness"]["threshold"] == "2"
    assert metadata["watchers"] == ["https://watch.example"]
