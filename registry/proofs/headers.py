"""Block headers as they are hashed (Yellow Paper, 4.3), and the members a proof needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from registry.bindings.addresses import keccak256
from registry.proofs.errors import ProofInvalid
from registry.rlp import Decoded, Item, MalformedRlp, decode_list, encode, number, octets

MAX_HEADER = 16 * 1024  # bytes: a hundred validators' seals and as many addresses stay below it

# In the order in which they are hashed. Later rules of the EVM append members, and never leave a gap.
MEMBERS = (
    "parentHash",
    "sha3Uncles",
    "miner",
    "stateRoot",
    "transactionsRoot",
    "receiptsRoot",
    "logsBloom",
    "difficulty",
    "number",
    "gasLimit",
    "gasUsed",
    "timestamp",
    "extraData",
    "mixHash",
    "nonce",
    "baseFeePerGas",
    "withdrawalsRoot",
    "blobGasUsed",
    "excessBlobGas",
    "parentBeaconBlockRoot",
    "requestsHash",
)
NUMBERS = frozenset(
    {
        "difficulty",
        "number",
        "gasLimit",
        "gasUsed",
        "timestamp",
        "baseFeePerGas",
        "blobGasUsed",
        "excessBlobGas",
    }
)
FIRST_OPTIONAL = MEMBERS.index("baseFeePerGas")
EXTRA_DATA = MEMBERS.index("extraData")


@dataclass(frozen=True, slots=True)
class Header:
    """One header, whatever seals it. `members` as decoded; `raw` as encoded, seals included."""

    raw: bytes
    members: tuple[Decoded, ...]
    parent_hash: bytes  # 32 bytes
    state_root: bytes  # 32 bytes
    number: int
    time: int  # Unix seconds
    extra_data: bytes

    @classmethod
    def decode(cls, raw: bytes) -> Header:
        """Raises ProofInvalid."""
        try:
            members = decode_list(raw, MAX_HEADER)
            if not FIRST_OPTIONAL <= len(members) <= len(MEMBERS):
                raise MalformedRlp(f"{len(members)} members are no header")
            by_name = dict(zip(MEMBERS, members, strict=False))
            return cls(
                raw=raw,
                members=tuple(members),
                parent_hash=octets(by_name["parentHash"], 32),
                state_root=octets(by_name["stateRoot"], 32),
                number=number(by_name["number"], 63),
                time=number(by_name["timestamp"], 63),
                extra_data=octets(by_name["extraData"]),
            )
        except MalformedRlp as error:
            raise ProofInvalid(f"the block header cannot be read: {error}") from error

    def hash_with(self, extra_data: bytes) -> bytes:
        """The hash of the header with another `extraData`: seals are no part of what is sealed."""
        members: list[Item] = list(self.members)
        members[EXTRA_DATA] = extra_data
        return keccak256(encode(members))


def encode_header(block: Mapping[str, Any]) -> bytes:
    """The header of a block as `eth_getBlockBy…` gives it. Raises ProofInvalid."""
    members: list[Item] = []
    for place, name in enumerate(MEMBERS):
        value = block.get(name)
        if value is None:
            if place < FIRST_OPTIONAL or any(block.get(later) is not None for later in MEMBERS[place:]):
                raise ProofInvalid(f"the ledger's block header has no {name}")
            break
        try:
            if not isinstance(value, str) or not value.startswith("0x"):
                raise ValueError
            members.append(int(value, 16) if name in NUMBERS else bytes.fromhex(value[2:]))
        except ValueError as error:
            raise ProofInvalid(f"the ledger's block header has a {name} that cannot be read") from error
    return encode(members)
