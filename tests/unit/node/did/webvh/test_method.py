"""did:webvh over a simulated host: what is asked, what is believed, and how long it is kept."""

from __future__ import annotations

import asyncio
import json
from typing import cast

import pytest

from node.did.document import DidDocument
from node.did.resolver import Resolver
from node.fetch import Fetcher, FetchFailed
from node.verification.evidence import Unresolved
from node.verification.reasons import Reason
from registry.records import AsOf, BlockStamp, PinnedDocument
from tests.simulators.webvh_log import START, WebvhController, key
from tests.unit.node.did.webvh.hosting import Host, Moment, resolved, resolver


async def test_the_document_is_the_last_version() -> None:
    board = WebvhController("board.example:boards:co")
    board.update(state=board.document(board.did, key(8)))
    host = Host(board.pages())
    found = await resolver(host).resolve(board.did)
    assert isinstance(found, DidDocument)
    assert found.methods[board.did + "#key-1"].key == key(8).public
    assert found.source == "did:webvh"
    assert host.asked == ["https://board.example/boards/co/did.jsonl"]


@pytest.mark.parametrize(
    "place",
    [
        "localhost",
        "127.0.0.1",
        "127.0.0.1%3A8080",
        "169.254.169.254",
        "2130706433",
        "0x7f000001",
        "[::1]",
        "user%40board.example",
        "board.example:..:secret",
        "board.example:%2e%2e",
        "board.example:a%2Fb",
        "board.example:a%3Fb",
        "board.example%3A",
        "board.example%3Aport",
        "board.example%3A80%40evil.example",
        "",
    ],
)
async def test_places_that_are_not_asked(place: str) -> None:
    host = Host({})
    scid = WebvhController().scid
    for did in (f"did:webvh:{scid}:{place}", f"did:webvh:{scid[:-1]}:board.example", f"did:webvh:{place}"):
        found = await resolver(host).resolve(did)
        assert isinstance(found, Unresolved)
        assert (found.definite, found.error) == (True, "INVALID_DID")
    assert host.asked == []


async def test_a_private_address_behind_a_public_name_is_refused() -> None:
    """The name passes; where it leads does not. The guard is the fetcher's own."""

    async def inside(host: str, port: int) -> list[str]:
        return ["10.0.0.7"]

    board = WebvhController("internal.example")
    source = Resolver(lambda did, at: None, Fetcher(resolve=inside), Moment())
    found = await source.resolve(board.did)
    assert isinstance(found, Unresolved)
    assert (found.definite, found.reason) == (True, Reason.DID_UNRESOLVABLE)
    assert "public internet" in found.detail


async def test_a_log_of_another_place_or_origin() -> None:
    board = WebvhController()
    elsewhere = f"did:webvh:{board.scid}:evil.example"
    found = await resolver(Host({"https://evil.example/.well-known/did.jsonl": board.log})).resolve(elsewhere)
    assert isinstance(found, Unresolved)
    assert (found.definite, found.error) == (True, "INVALID_DID")
    assert "another DID" in found.detail
    other = WebvhController(signers=[key(3)])
    found = await resolver(Host({board.log_url: other.log})).resolve(board.did)
    assert isinstance(found, Unresolved)
    assert found.error == "INVALID_DID"


async def test_a_log_that_is_too_large_or_not_there() -> None:
    board = WebvhController()
    for page, definite in ((b"x" * (3 << 20), True), (FetchFailed("too slow"), False), (None, True)):
        pages: dict[str, bytes | Exception] = {} if page is None else {board.log_url: page}
        found = await resolver(Host(pages)).resolve(board.did)
        assert isinstance(found, Unresolved)
        assert (found.reason, found.definite) == (Reason.DID_UNRESOLVABLE, definite)


async def test_deactivated_is_deactivated_but_was_not_before() -> None:
    board = WebvhController()
    board.update(deactivated=True, updateKeys=[])
    found = await resolved(board)
    assert isinstance(found, Unresolved)
    assert found.reason is Reason.DID_DEACTIVATED
    before = await resolved(board, at=AsOf(known_at=START + 1800))
    assert isinstance(before, DidDocument)
    assert not before.deactivated


async def test_the_version_known_at_a_time() -> None:
    board = WebvhController()
    board.update(state=board.document(board.did, key(8)))
    for moment, signer in ((START, key(9)), (START + 3599, key(9)), (START + 3600, key(8))):
        found = await resolved(board, at=AsOf(known_at=moment))
        assert isinstance(found, DidDocument)
        assert found.methods[board.did + "#key-1"].key == signer.public
    found = await resolved(board, at=AsOf(known_at=START - 1))
    assert isinstance(found, Unresolved)
    assert found.definite


async def test_a_moved_did_answers_under_its_new_name_alone() -> None:
    board = WebvhController(first={"portable": True})
    old, new = board.did, f"did:webvh:{board.scid}:new.example"
    board.update(state=board.document(new, alsoKnownAs=[old]))
    pages = {"https://new.example/.well-known/did.jsonl": board.log, board.log_url: board.log}
    assert isinstance(await resolver(Host(pages)).resolve(new), DidDocument)
    found = await resolver(Host(pages)).resolve(old)
    assert isinstance(found, Unresolved)
    assert new in found.detail
    was = await resolver(Host(pages)).resolve(old, AsOf(known_at=START))
    assert isinstance(was, DidDocument)


async def test_what_is_pinned_wins() -> None:
    board = WebvhController()
    host = Host(board.pages())
    document = board.document(board.did, key(77))
    one = PinnedDocument(
        board.did, 1, json.dumps(document).encode(), False, bytes(32), BlockStamp(3, bytes(32), START)
    )
    found = await Resolver(lambda did, at: one, cast(Fetcher, host), Moment()).resolve(board.did)
    assert isinstance(found, DidDocument)
    assert (found.source, host.asked) == ("ledger", [])


async def test_a_stampede_makes_one_request_and_the_log_is_kept_as_its_controller_says() -> None:
    board = WebvhController(first={"ttl": 60})
    host, clock = Host(board.pages()), Moment()
    source = resolver(host, clock)
    found = await asyncio.gather(*(source.resolve(board.did) for _ in range(40)))
    assert all(isinstance(one, DidDocument) for one in found)
    assert len(host.asked) == 1
    clock.now += 59
    assert isinstance(await source.resolve(board.did), DidDocument)
    assert len(host.asked) == 1
    assert source.resolve_local(board.did) is None  # what a host said is for those who would ask it
    clock.now += 2
    await source.resolve(board.did)
    assert len(host.asked) == 2


async def test_one_log_serves_all_its_versions() -> None:
    board = WebvhController()
    board.update()
    host = Host(board.pages())
    source = resolver(host)
    await source.resolve(board.did)
    await source.resolution(board.did + "?versionNumber=1")
    await source.resolve(board.did, AsOf(known_at=START))
    assert len(host.asked) == 1


async def test_failures_are_remembered_for_a_short_while() -> None:
    board = WebvhController()
    host, clock = Host({board.log_url: b"{}"}), Moment()
    source = resolver(host, clock)
    for _ in range(3):
        assert isinstance(await source.resolve(board.did), Unresolved)
    assert len(host.asked) == 1
    host.pages[board.log_url] = board.log
    clock.now += 16
    assert isinstance(await source.resolve(board.did), DidDocument)


async def test_what_is_kept_is_bounded_by_its_size() -> None:
    boards = [WebvhController(f"b{number}.example") for number in range(6)]
    host = Host({url: page for board in boards for url, page in board.pages().items()})
    source = resolver(host, max_bytes=3 * len(boards[0].log) + 100)
    for board in boards:
        await source.resolve(board.did)
    asked = len(host.asked)
    for board in boards[3:]:
        await source.resolve(board.did)
    assert len(host.asked) == asked
    await source.resolve(boards[0].did)
    assert len(host.asked) == asked + 1
