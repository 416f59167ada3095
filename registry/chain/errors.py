"""What can go wrong between us and a ledger."""

from __future__ import annotations


class LedgerUnavailable(Exception):
    """No usable answer: unreachable, too slow, or not speaking JSON-RPC. Worth trying again later."""


class WrongLedger(Exception):
    """The address leads to another ledger than the one configured. Never worth trying again as it is."""


class LedgerError(Exception):
    """The ledger answered with a JSON-RPC error, or with something that is not what was asked for.

    `code` and `message` are the ledger's own (code 0: its answer was malformed); `revert_data` is what a
    contract reverted with (selector and arguments of a custom error), if the ledger passed it on.
    """

    def __init__(self, code: int, message: str, revert_data: bytes | None = None) -> None:
        super().__init__(f"{message} ({code})" if code else message)
        self.code = code
        self.message = message
        self.revert_data = revert_data


class RangeTooLarge(LedgerError):
    """More blocks, or more logs, than the ledger gives in one answer: ask for fewer."""


class UnknownBlock(LedgerError):
    """The ledger does not (or no longer) know the block asked about: it was replaced by another."""
