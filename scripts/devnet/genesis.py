"""The first block of a Clique network (EIP-225). Pure."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

CHAIN_ID = 13_371
GAS_LIMIT = 60_000_000
WEALTH = 10**24  # wei for each account that will send transactions
EPOCH = 30_000  # blocks after which the signers are written into a block again
_FORKS = (
    "homesteadBlock",
    "eip150Block",
    "eip155Block",
    "eip158Block",
    "byzantiumBlock",
    "constantinopleBlock",
    "petersburgBlock",
    "istanbulBlock",
    "berlinBlock",
    "londonBlock",  # the last whose rules Clique knows
)


def clique_genesis(
    signers: Sequence[str], funded: Sequence[str], *, period: int, chain_id: int = CHAIN_ID
) -> dict[str, Any]:
    """`signers` seal the blocks, one every `period` seconds; `funded` can pay for gas."""
    ordered = "".join(sorted(address[2:].lower() for address in signers))
    return {
        "config": {
            "chainId": chain_id,
            **dict.fromkeys(_FORKS, 0),
            "clique": {"period": period, "epoch": EPOCH},
        },
        "difficulty": "0x1",
        "gasLimit": hex(GAS_LIMIT),
        "timestamp": hex(int(time.time())),
        "extraData": "0x" + "00" * 32 + ordered + "00" * 65,
        "alloc": {address[2:].lower(): {"balance": hex(WEALTH)} for address in (*signers, *funded)},
    }
