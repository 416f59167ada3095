"""Which of a ledger's addresses is asked, and that it is of the ledger meant."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from registry.chain import Ledger, LedgerUnavailable, WrongLedger
from tests.simulators.rpc_node import ADDRESS, Node, ledger


async def test_another_chain_is_refused_before_anything_is_answered() -> None:
    with pytest.raises(WrongLedger, match="chain 31337, not 1"):
        await ledger(Node(), chain_id=1).nonce(ADDRESS)
    with pytest.raises(WrongLedger, match="began with block"):
        await ledger(Node(), genesis_hash=bytes(32)).nonce(ADDRESS)


async def test_identity_is_checked_again_after_an_outage() -> None:
    node = Node(eth_getTransactionCount="0x5")
    found = ledger(node)
    assert await found.nonce(ADDRESS) == 5
    node.answers["eth_getTransactionCount"] = httpx2.ConnectError("down")
    with pytest.raises(LedgerUnavailable):
        await found.nonce(ADDRESS)
    node.answers |= {"eth_getTransactionCount": "0x5", "eth_chainId": "0x1"}
    with pytest.raises(WrongLedger):
        await found.nonce(ADDRESS)


def several(nodes: dict[str, Node], **options: Any) -> Ledger:
    transport = httpx2.MockTransport(lambda request: nodes[request.url.host](request))
    return Ledger(*[f"http://{host}:1/secret" for host in nodes], transport=transport, **options)


async def test_the_next_address_takes_over_when_one_fails(caplog: pytest.LogCaptureFixture) -> None:
    first, second = (Node(eth_getTransactionCount=count) for count in ("0x1", "0x2"))
    found = several({"first": first, "second": second})
    assert (await found.nonce(ADDRESS), found.name, second.requests) == (1, "first:1", 0)
    down = httpx2.ConnectError("down")
    first.answers |= {"eth_getTransactionCount": down, "eth_chainId": down}
    with pytest.raises(LedgerUnavailable):  # whatever was being read ends here: it is begun anew
        await found.nonce(ADDRESS)
    assert (await found.nonce(ADDRESS), found.name, found.turns) == (2, "second:1", 1)
    assert "now asked at second:1" in caplog.text and "secret" not in caplog.text
    second.answers |= {"eth_getTransactionCount": down, "eth_chainId": down}
    for _ in range(2):  # all down
        with pytest.raises(LedgerUnavailable):
            await found.nonce(ADDRESS)
    first.answers |= {"eth_getTransactionCount": "0x1", "eth_chainId": "0x7a69"}
    assert (await found.nonce(ADDRESS), found.name, found.turns) == (1, "first:1", 2)


async def test_an_address_of_another_chain_is_passed_over() -> None:
    wrong, right = Node(eth_chainId="0x1"), Node(eth_getTransactionCount="0x2")
    found = several({"wrong": wrong, "right": right}, chain_id=31337)
    assert (await found.nonce(ADDRESS), found.name) == (2, "right:1")
    assert wrong.requests == 1
    with pytest.raises(WrongLedger):
        await several({"wrong": wrong, "other": wrong}, chain_id=31337).nonce(ADDRESS)
    right.answers["eth_chainId"] = httpx2.ConnectError("down")
    with pytest.raises(LedgerUnavailable):  # it may come back: nothing to halt for
        await several({"wrong": wrong, "right": right}, chain_id=31337).nonce(ADDRESS)
