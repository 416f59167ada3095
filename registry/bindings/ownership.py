"""Who owns a contract: the same functions on all three (contracts/src/Governed.sol)."""

from __future__ import annotations

from registry.bindings.abi import BlockTag, Call, Function
from registry.bindings.addresses import checksummed, parsed

TRANSFER = Function("transferOwnership", "address")
ACCEPT = Function("acceptOwnership")
_OWNER = Function("owner", returns=("address",))


def transfer_ownership(owner: str) -> bytes:
    """Call data: offers ownership, by the owner. Nothing changes until it is accepted."""
    return TRANSFER(parsed(owner))


def accept_ownership() -> bytes:
    """Call data: by the account ownership was offered to."""
    return ACCEPT()


async def owner_of(contract: str, call: Call, block: BlockTag) -> str:
    """The owner's checksummed address."""
    (owner,) = await _OWNER.read(call, contract, block)
    return checksummed(parsed(owner))
