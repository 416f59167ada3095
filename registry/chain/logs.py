"""The logs of an answer: those that were asked for, and in order."""

from __future__ import annotations

from collections.abc import Sequence

from registry.chain import values
from registry.chain.values import RawLog


def logs_of(answer: object, addresses: Sequence[str]) -> list[RawLog]:
    """All of them by these contracts, in order. Raises LedgerError. What else they say is not looked at."""
    if not isinstance(answer, list):
        raise values.malformed("a list of logs")
    wanted = {address.lower() for address in addresses}
    hashes: set[str] = set()  # found to be hashes: many logs share one
    for log in answer:
        found = values.members(log, "a log")
        if str(found.get("address")).lower() not in wanted or found.get("removed") is True:
            raise values.malformed("the logs asked for")
        for name in ("blockHash", "transactionHash"):
            text = found.get(name)
            if type(text) is not str or text not in hashes:
                values.data(text, 32)
                hashes.add(str(text))
    return sorted(answer, key=_Positions())


def position(log: RawLog) -> tuple[int, int]:
    """Block number, and place in the block."""
    bits = values.NUMBER_BITS
    return values.quantity(log.get("blockNumber"), bits), values.quantity(log.get("logIndex"), bits)


class _Positions:
    """`position` of many logs, of which those of one block stand together."""

    def __init__(self) -> None:
        self._text: object = None
        self._number = 0

    def __call__(self, log: RawLog) -> tuple[int, int]:
        text = log.get("blockNumber")
        if text != self._text:
            self._number = values.quantity(text, values.NUMBER_BITS)
            self._text = text
        return self._number, values.quantity(log.get("logIndex"), values.NUMBER_BITS)
