"""Functions and errors of a contract by the Contract ABI: selector, arguments, results."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Literal

from registry.bindings.addresses import keccak256

BlockTag = int | Literal["latest", "safe", "finalized"]
Call = Callable[[str, bytes, BlockTag], Awaitable[bytes]]
"""Asks a contract: (address, call data, block) → returned bytes. `Ledger.call` is one."""


class AbiMismatch(ValueError):
    """The bytes a contract returned are not of the types it declares: not our contract, or not our ledger."""


def signature(name: str, types: tuple[str, ...]) -> str:
    """As it is hashed: `name(type,type)`."""
    return f"{name}({','.join(types)})"


def encoded(types: tuple[str, ...], values: tuple[Any, ...]) -> bytes:
    """abi.encode(values). Raises an EncodingError (eth_abi) for a value out of its type's range."""
    from eth_abi.abi import encode  # noqa: PLC0415 - takes long to import, and reading events needs none of it

    return encode(types, values)


def decoded(types: tuple[str, ...], data: bytes) -> tuple[Any, ...]:
    """The values of abi.encode(values). Raises AbiMismatch."""
    from eth_abi.abi import decode  # noqa: PLC0415 - see encoded()
    from eth_abi.exceptions import DecodingError  # noqa: PLC0415

    try:
        return decode(types, data)
    except (DecodingError, UnicodeDecodeError, OverflowError) as error:
        raise AbiMismatch(f"not ({','.join(types)}): {error}") from error


class Function:
    """One function of a contract; called with its arguments, gives the call data."""

    def __init__(self, name: str, *inputs: str, returns: tuple[str, ...] = ()) -> None:
        self.signature = signature(name, inputs)
        self.selector = keccak256(self.signature.encode())[:4]
        self.inputs = inputs
        self._outputs = returns

    def __call__(self, *arguments: Any) -> bytes:
        """The call data. Raises an EncodingError (eth_abi) for an argument out of its type's range."""
        return self.selector + encoded(self.inputs, arguments)

    async def read(self, call: Call, address: str, block: BlockTag, *arguments: Any) -> tuple[Any, ...]:
        """What the view function returns at `block`. Raises AbiMismatch, and whatever `call` raises."""
        return decoded(self._outputs, await call(address, self(*arguments), block))
