"""A JSON-RPC ledger as this process sees it: identity checked, finality named, answers bounded and parsed."""

from registry.chain.addresses import AddressInUse
from registry.chain.errors import LedgerError, LedgerUnavailable, RangeTooLarge, UnknownBlock, WrongLedger
from registry.chain.finality import Finality
from registry.chain.ledger import BlockTag, Ledger
from registry.chain.values import BlockHeader, RawLog, Receipt

__all__ = [
    "AddressInUse",
    "BlockHeader",
    "BlockTag",
    "Finality",
    "Ledger",
    "LedgerError",
    "LedgerUnavailable",
    "RangeTooLarge",
    "RawLog",
    "Receipt",
    "UnknownBlock",
    "WrongLedger",
]
