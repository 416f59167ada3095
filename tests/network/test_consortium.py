"""What several organisations rely on when some of their machines fail, part, or lie."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx2
import pytest

from node.services.receipt_audit import Holds, audit
from node.verification.receipt import Receipt
from node.verification.verdict import CheckId, Decision, Outcome
from registry.actions import PublishStatus
from registry.audit import AuditReport
from registry.audit import audit as audit_replica
from registry.bindings.addresses import keccak256
from registry.chain import Finality
from scripts.devnet.node import GethFailed, GethNode
from tests.network.participants import CLEAR, POLICY, REVOKED, Consortium, Participant, agree, until
from tests.simulators.receipts import VERIFIER
from tests.simulators.relying_party import check_of

pytestmark = pytest.mark.timeout(300)  # seconds: blocks take their time


async def test_what_one_publishes_another_proves(whole: Consortium, tmp_path: Path) -> None:
    """Through different followers; the receipt is then proved with no network at all."""
    first, second = whole.devnet.followers
    async with (
        whole.participant(first, tmp_path / "board") as publishing,
        whole.participant(second, tmp_path / "hospital") as relying,
    ):
        board = await publishing.found_board("alpha")
        await relying.decides(Decision.REJECT, board.licence(REVOKED))
        await relying.decides(Decision.ACCEPT, board.licence(CLEAR))
        receipts = relying.receipts()
        answers = {
            index: await receipts.verify(board.licence(index), policy=POLICY) for index in (REVOKED, CLEAR)
        }
        await agree(publishing, relying)
        report = await _audited(whole, relying)
        assert (report.differences, report.asked, report.unchecked) == ((), (), ())
        sealed, words = report.proven
        assert "of 4 validators" in sealed and "5 contracts" in words
    for index, answer in answers.items():
        assert answer.receipt is not None, answer.problem
        receipt = Receipt.from_json(json.loads(json.dumps(answer.receipt.to_json())))
        findings = audit(receipt, VERIFIER, trusted=whole.trusted, document=board.licence(index))
        assert [one.words for one in findings if one.holds is not Holds.YES] == []
        assert any("of 4 validators" in one.words for one in findings)


async def test_a_signer_is_killed_and_returns(whole: Consortium, tmp_path: Path) -> None:
    lost = whole.devnet.signers[1]
    async with whole.participant(whole.devnet.followers[0], tmp_path) as board:
        lost.kill()
        found = await board.found_board("bravo")  # three of four go on
        assert board.verify(found.licence(CLEAR)).decision is Decision.ACCEPT
        await asyncio.to_thread(lost.start)
        await asyncio.to_thread(whole.devnet.link, whole.devnet.nodes)
        await asyncio.to_thread(whole.devnet.wait_until, "its return", lambda: lost.block() >= board.head)


async def test_a_chain_that_halts_is_not_relied_on_and_recovers_by_itself(
    whole: Consortium, tmp_path: Path
) -> None:
    """Two of four dead: no block can come. What is known grows old, and is then not enough."""
    strict = replace(POLICY, max_replica_age=8)
    dead = whole.devnet.signers[2:]
    async with whole.participant(whole.devnet.followers[0], tmp_path) as relying:
        board = await relying.found_board("charlie")
        clear, revoked = board.licence(CLEAR), board.licence(REVOKED)
        await relying.decides(Decision.ACCEPT, clear, strict)
        for signer in dead:
            signer.kill()
        verdict = await relying.decides(Decision.INDETERMINATE, clear, strict)
        assert check_of(verdict, CheckId.STATUS).outcome is Outcome.INDETERMINATE
        assert relying.verify(revoked, strict).decision is Decision.REJECT  # that is final
        for signer in dead:
            await asyncio.to_thread(signer.start)
        await asyncio.to_thread(whole.devnet.link, whole.devnet.nodes)
        await relying.decides(Decision.ACCEPT, clear, strict)


async def test_a_partition_heals_with_a_reorganisation(whole: Consortium, tmp_path: Path) -> None:
    """A signer and a follower are cut off and make a block of their own, which is then replaced."""
    devnet = whole.devnet
    (*_, lone), (near, far) = devnet.signers, devnet.followers
    async with (
        whole.participant(near, tmp_path / "near") as one,
        whole.participant(far, tmp_path / "far", finality=Finality.instant()) as other,
    ):
        board = await one.found_board("delta")
        await other.decides(Decision.ACCEPT, board.licence(CLEAR))
        parted_at = await asyncio.to_thread(_cut_off, whole, lone, far)
        own = _hash(far, parted_at)
        await until(lambda: any(it.hash == own for it in other.replica.stamps(parted_at + 2, 2)))
        await one.done(PublishStatus(board.uri, ((CLEAR, 1),)))
        assert other.verify(board.licence(CLEAR)).decision is Decision.ACCEPT  # it cannot know yet
        await asyncio.to_thread(devnet.link, devnet.nodes)
        await other.decides(Decision.REJECT, board.licence(CLEAR))
        assert _hash(far, parted_at) == _hash(near, parted_at) != own
        await agree(one, other)
        report = await audit_replica(
            other.ledger, other.replica, whole.network.contracts, first_block=whole.network.first_block
        )
        assert report.differences == ()


async def _audited(whole: Consortium, one: Participant) -> AuditReport:
    """By whoever knows the validators."""
    return await audit_replica(
        one.ledger,
        one.replica,
        whole.network.contracts,
        first_block=whole.network.first_block,
        validators=whole.trusted.validators,
    )


def _hash(node: GethNode, number: int) -> bytes | None:
    block = node.ask("eth_getBlockByNumber", hex(number), False)
    return None if block is None else bytes.fromhex(block["hash"][2:])


def _cut_off(whole: Consortium, lone: GethNode, far: GethNode) -> int:
    """Until they have made a block that the others have not; its number. Whether the lone signer may seal one
    depends on whose turn it was: tried again until it was the right moment."""
    devnet = whole.devnet
    others = [node for node in devnet.nodes if node not in (lone, far)]

    def forked() -> int | None:
        common = min(far.block(), others[-1].block())
        apart = (n for n in (common - 1, common) if _hash(far, n) != _hash(others[-1], n))
        return next(apart, None)

    for _ in range(8):
        devnet.part([lone, far], others)
        with contextlib.suppress(GethFailed):
            devnet.wait_until("a fork", lambda: forked() is not None, 6)
            found = forked()
            assert found is not None
            return found
        devnet.link(devnet.nodes)
        whole.advance(2)
    raise GethFailed("the lone signer never sealed a block of its own")


async def test_a_follower_is_killed_while_it_syncs(whole: Consortium, tmp_path: Path) -> None:
    devnet = whole.devnet
    newcomer = await asyncio.to_thread(devnet.newcomer, f"newcomer-{time.monotonic_ns()}")
    try:
        async with (
            whole.participant(newcomer, tmp_path / "new") as relying,
            whole.participant(devnet.followers[0], tmp_path / "board") as publishing,
        ):
            board = await publishing.found_board("echo")
            newcomer.ask("admin_addPeer", devnet.followers[0].enode())
            await asyncio.to_thread(devnet.wait_until, "the first blocks", lambda: newcomer.peers() > 0, 60)
            newcomer.kill()
            await asyncio.sleep(2)
            await asyncio.to_thread(newcomer.start)
            newcomer.ask("admin_addPeer", devnet.followers[0].enode())
            await relying.decides(Decision.ACCEPT, board.licence(CLEAR))
            newcomer.kill()  # and once more, in full swing
            await publishing.done(PublishStatus(board.uri, ((CLEAR, 1),)))
            await asyncio.to_thread(newcomer.start)
            newcomer.ask("admin_addPeer", devnet.followers[0].enode())
            await relying.decides(Decision.REJECT, board.licence(CLEAR))
            await agree(publishing, relying)
    finally:
        newcomer.close()


# --- an RPC address that lies


class Lying(httpx2.AsyncBaseTransport):
    """Passes everything on to the ledger, and changes what it answers."""

    def __init__(self, lie: Callable[[str, Any], Any]) -> None:
        self._inner = httpx2.AsyncHTTPTransport()
        self._lie = lie
        self.told = False

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        asked = json.loads(await request.aread())
        answer = await self._inner.handle_async_request(request)
        given = json.loads(await answer.aread())
        await answer.aclose()
        pairs = zip(asked, given, strict=True) if isinstance(asked, list) else [(asked, given)]
        by_id = {one["id"]: one["method"] for one in (asked if isinstance(asked, list) else [asked])}
        for _, one in pairs:
            if "result" in one:
                changed = self._lie(by_id[one["id"]], one["result"])
                self.told |= changed != one["result"]
                one["result"] = changed
        return httpx2.Response(200, content=json.dumps(given).encode())

    async def aclose(self) -> None:
        await self._inner.aclose()


PUBLISHED = "0x" + keccak256(b"StatusPublished(bytes32,uint64,bytes32,bytes32,uint48,bytes)").hex()


def _is_update(log: Any) -> bool:
    return bool(log["topics"][0] == PUBLISHED)


def _other_delta(method: str, answer: Any) -> Any:
    """Another licence is revoked than the board revoked."""
    if method != "eth_getLogs":
        return answer
    return [
        one | {"data": one["data"][:-64] + "07" + one["data"][-62:]} if _is_update(one) else one
        for one in answer
    ]


def _no_updates(method: str, answer: Any) -> Any:
    """The revocation is passed over in silence."""
    if method != "eth_getLogs":
        return answer
    return [one for one in answer if not _is_update(one)]


def _other_head(method: str, answer: Any) -> Any:
    """Heads that follow from nothing."""
    if method != "eth_getBlockByNumber" or answer is None or answer["number"] == "0x0":
        return answer
    return answer | {"parentHash": "0x" + "ab" * 32}


def _other_proof(method: str, answer: Any) -> Any:
    if method != "eth_getProof":
        return answer
    *others, last = answer["accountProof"]
    return answer | {"accountProof": [*others, last[:-2] + ("00" if last[-2:] != "00" else "01")]}


def _other_state(method: str, answer: Any) -> Any:
    """A state root that no validator sealed."""
    if method != "eth_getBlockByHash" or answer is None:
        return answer
    return answer | {"stateRoot": "0x" + "ab" * 32}


@pytest.mark.parametrize("lie", [_other_delta, _no_updates, _other_head, _other_proof, _other_state])
async def test_a_ledger_that_lies_is_caught(
    whole: Consortium, tmp_path: Path, lie: Callable[[str, Any], Any]
) -> None:
    """Whatever it lies about, nobody gets a receipt for it; and altered logs or heads are not even believed."""
    first, second = whole.devnet.followers
    lying = Lying(lie)
    async with whole.participant(first, tmp_path / "board") as honest:
        board = await honest.found_board(f"lie{lie.__name__.replace('_', '')}")
        async with whole.participant(second, tmp_path / "fooled", transport=lying) as fooled:
            if lie is _other_head:
                await until(lambda: lying.told)
                await asyncio.sleep(2)
                assert fooled.verify(board.licence(CLEAR)).decision is not Decision.ACCEPT
                assert fooled.replica.state.issuers == {}
                return
            await until(lambda: fooled.head >= honest.head)
            verdict = fooled.verify(board.licence(REVOKED))
            if lie is _other_delta:
                assert check_of(verdict, CheckId.STATUS).outcome is Outcome.INDETERMINATE
            answer = await fooled.receipts().verify(board.licence(REVOKED), policy=POLICY)
            assert lying.told
            assert answer.receipt is None
            assert answer.problem
            assert not (await _audited(whole, fooled)).agrees
