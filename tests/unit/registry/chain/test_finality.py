"""Which block is final, by the setting."""

from __future__ import annotations

from typing import Any

import pytest

from registry.chain import Finality
from tests.simulators.rpc_node import Node, block, ledger


async def test_finality() -> None:
    seen: list[str] = []

    def by_number(number: str, _: bool) -> dict[str, Any]:
        seen.append(number)
        return block({"latest": 100, "safe": 90, "finalized": 80}.get(number) or int(number, 16))

    for text, number in (("instant", 100), ("0", 100), ("12", 88), ("safe", 90), ("finalized", 80)):
        found = await ledger(Node(eth_getBlockByNumber=by_number), finality=Finality.parse(text)).final_head()
        assert found is not None
        assert found.stamp.number == number
    early = Node(eth_getBlockByNumber=lambda *_: block(5))
    assert await ledger(early, finality=Finality.confirmations(6)).final_head() is None


@pytest.mark.parametrize("text", ["", "latest", "-1", "pending", "1.5", "9999999", "٣"])
def test_other_finalities_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="finality"):
        Finality.parse(text)
