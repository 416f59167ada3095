"""did:webvh over a simulated host: what is asked, what is believed, and which version is given."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any, cast

import pytest

from node.did.document import DidDocument
from node.did.resolver import Resolver
from node.fetch import Fetched, Fetcher, FetchFailed, FetchRefused
from node.verification.evidence import Unresolved
from node.verification.reasons import Reason
from registry.records import NOW, AsOf, BlockStamp, PinnedDocument
from tests.simulators.webvh_log import START, WebvhController, did_key, key, multikey, proof, stamp

WITNESSES = [{"id": did_key(key(number))} for number in (21, 22, 23)]
RULE = {"threshold": 2, "witnesses": WITNESSES}


class Host:
    """Serves what is in its table, counts, and holds to the limit it was given."""

    def __init__(self, pages: Mapping[str, bytes | Exception]) -> None:
        self.pages = dict(pages)
        self.asked: list[str] = []

    async def get(self, url: str, *, accept: str = "", max_bytes: int = 0) -> Fetched:
        self.asked.append(url)
        await asyncio.sleep(0)
        page = self.pages.get(url, FetchRefused("there is no such document (HTTP 404)"))
        if isinstance(page, Exception):
            raise page
        if len(page) > max_bytes:
            raise FetchRefused(f"the body is larger than {max_bytes} bytes")
        return Fetched(url, page, "text/jsonl")


class Moment:
    """A clock that can be set."""

    def __init__(self) -> None:
        self.now = float(START + 10**6)

    def __call__(self) -> float:
        return self.now


def resolver(host: Host, clock: Moment | None = None, **options: Any) -> Resolver:
    return Resolver(lambda did, at: None, cast(Fetcher, host), clock or Moment(), **options)


async def resolved(board: WebvhController, did: str = "", at: AsOf = NOW) -> DidDocument | Unresolved:
    return await resolver(Host(board.pages())).resolve(did or board.did, at)


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


# --- keeping


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


# --- witnesses


def witnessed() -> WebvhController:
    board = WebvhController(first={"witness": RULE})
    board.update()
    return board


async def test_enough_witnesses() -> None:
    board = witnessed()
    board.approve(board.entries[1]["versionId"], key(21), key(23))
    host = Host(board.pages())
    assert isinstance(await resolver(host).resolve(board.did), DidDocument)
    assert host.asked[1] == "https://board.example/.well-known/did-witness.json"


def _fewer(board: WebvhController) -> None:
    board.approve(board.entries[1]["versionId"], key(21))


def _one_twice(board: WebvhController) -> None:
    board.approve(board.entries[1]["versionId"], key(21), key(21))


def _a_stranger(board: WebvhController) -> None:
    board.approve(board.entries[1]["versionId"], key(21), key(66))


def _an_earlier_entry(board: WebvhController) -> None:
    board.approve(board.entries[1]["versionId"], key(21))
    board.approve(board.entries[0]["versionId"], key(22))


def _a_version_not_in_the_log(board: WebvhController) -> None:
    board.approve(board.entries[1]["versionId"], key(21))
    board.approve("3-QmUnpublished", key(22))


def _another_purpose(board: WebvhController) -> None:
    version = board.entries[1]["versionId"]
    board.approve(version, key(21))
    wrong = proof({"versionId": version}, key(22), proofPurpose="authentication")
    board.witness_file.append({"versionId": version, "proof": [wrong]})


def _a_proof_moved_to_another_version(board: WebvhController) -> None:
    board.approve(board.entries[0]["versionId"], key(21), key(22))
    board.witness_file[0]["versionId"] = board.entries[1]["versionId"]


def _nothing(board: WebvhController) -> None:
    pass


@pytest.mark.parametrize(
    "approve",
    [
        _fewer,
        _one_twice,
        _a_stranger,
        _an_earlier_entry,
        _a_version_not_in_the_log,
        _another_purpose,
        _a_proof_moved_to_another_version,
        _nothing,
    ],
)
async def test_too_few_witnesses(approve: Any) -> None:
    board = witnessed()
    approve(board)
    found = await resolved(board)
    assert isinstance(found, Unresolved)
    assert (found.definite, found.error) == (True, "INVALID_DID")
    assert "fewer than 2 of its witnesses" in found.detail


async def test_a_proof_that_is_wrong_does_not_spoil_those_that_hold() -> None:
    board = witnessed()
    version = board.entries[1]["versionId"]
    board.approve(version, key(21), key(22))
    board.witness_file.insert(
        0, {"versionId": version, "proof": [{**proof({"versionId": "x"}, key(21))}, "nonsense"]}
    )
    assert isinstance(await resolved(board), DidDocument)


@pytest.mark.parametrize("body", [b"{}", b"[7]", b"[{}]", b"not json", b"[" * 9999, b"x" * (2 << 20), None])
async def test_a_file_of_witness_proofs_that_is_none(body: bytes | None) -> None:
    board = witnessed()
    pages: dict[str, bytes] = board.pages()
    url = board.log_url.replace("did.jsonl", "did-witness.json")
    if body is None:
        del pages[url]
    else:
        pages[url] = body
    found = await resolver(Host(pages)).resolve(board.did)
    assert isinstance(found, Unresolved)
    assert found.definite


async def test_thousands_of_witness_proofs_are_bounded() -> None:
    board = witnessed()
    version = board.entries[1]["versionId"]
    vm = f"{did_key(key(21))}#{multikey(key(21))}"
    board.witness_file = [{"versionId": version, "proof": [{"verificationMethod": vm}] * 5000}]
    found = await resolved(board)
    assert isinstance(found, Unresolved)
    assert "more than 4096 witness proofs" in found.detail


async def test_witnesses_are_dismissed_by_the_witnesses() -> None:
    """The entry that ends or changes a rule is approved by those named before it; the next is not."""
    board = WebvhController(first={"witness": RULE})
    last_witnessed = board.update(witness={})
    board.update()
    found = await resolved(board)
    assert isinstance(found, Unresolved)
    board.approve(last_witnessed, key(21), key(22))
    assert isinstance(await resolved(board), DidDocument)


async def test_new_witnesses_approve_from_the_next_entry_on() -> None:
    board = WebvhController(first={"witness": RULE})
    changed = board.update(witness={"threshold": 1, "witnesses": [{"id": did_key(key(31))}]})
    board.approve(changed, key(31))
    assert isinstance(await resolved(board), Unresolved)
    board.approve(changed, key(21), key(22))
    assert isinstance(await resolved(board), DidDocument)
    later = board.update()
    assert isinstance(await resolved(board), Unresolved)
    board.approve(later, key(31))
    assert isinstance(await resolved(board), DidDocument)


async def test_the_first_witnesses_named_later_approve_at_once() -> None:
    board = WebvhController()
    named = board.update(witness=RULE)
    assert isinstance(await resolved(board), Unresolved)
    board.approve(named, key(22), key(23))
    assert isinstance(await resolved(board), DidDocument)


# --- DID URLs


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
