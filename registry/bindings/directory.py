"""Directory: where the contracts of this network are (contracts/src/Directory.sol)."""

from __future__ import annotations

from dataclasses import dataclass

from registry.bindings.abi import BlockTag, Call, Function
from registry.bindings.addresses import checksummed, parsed

CONSTRUCTOR = ("address", "string[]", "address[]")  # owner, names, targets
MAX_NAME = 64  # characters

SET = Function("set", "string", "address")
_ENTRY = Function("entry", "string", returns=("address", "uint32"))


def set_entry(name: str, target: str) -> bytes:
    """Call data: gives a name another address, by the owner."""
    return SET(name, parsed(target))


@dataclass(frozen=True, slots=True)
class Directory:
    """Reads of a deployed directory. Every read names its block. Raises AbiMismatch, and what `call` raises."""

    address: str
    call: Call

    async def entry(self, name: str, block: BlockTag) -> tuple[str, int] | None:
        """The address that has this name, and how many have had it; None: there is no such name."""
        target, version = await _ENTRY.read(self.call, self.address, block, name)
        return (checksummed(parsed(target)), version) if version else None
