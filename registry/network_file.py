"""The network file: what a participant is handed so that its node joins the right ledger. Holds no secret."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from registry.bindings.addresses import ContractAddresses
from registry.durable_file import write_durably

FORMAT = 2
MAX_BYTES = 64 * 1024

_CONTRACTS = {
    "council": "council",
    "issuerRegistry": "issuer_registry",
    "didRegistry": "did_registry",
    "statusRegistry": "status_registry",
    "ethrDidRegistry": "ethr_did_registry",
    "directory": "directory",
}
"""As the file names them → as ContractAddresses does."""


class NetworkFileInvalid(ValueError):
    """Not a network file, or not of a format we know."""


@dataclass(frozen=True, slots=True)
class NetworkFile:
    """Which ledger, where to reach it, and where its contracts were when it began."""

    chain_id: int
    genesis_hash: bytes  # 32 bytes
    rpc_urls: tuple[str, ...]
    contracts: ContractAddresses
    first_block: int  # no event of ours lies before it
    ws_urls: tuple[str, ...] = ()

    @classmethod
    def load(cls, path: Path) -> NetworkFile:
        """Raises OSError, NetworkFileInvalid."""
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
        if len(raw) > MAX_BYTES:
            raise NetworkFileInvalid(f"{path.name} is larger than {MAX_BYTES} bytes")
        try:
            return cls._from_json(json.loads(raw))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise NetworkFileInvalid(f"{path.name} is not a network file: {error!r}") from error

    def save(self, path: Path) -> None:
        """Atomically: a reader sees the old file or the new one."""
        members = {
            "format": FORMAT,
            "chainId": self.chain_id,
            "genesisHash": "0x" + self.genesis_hash.hex(),
            "rpcUrls": list(self.rpc_urls),
            "wsUrls": list(self.ws_urls),
            "contracts": {name: getattr(self.contracts, member) for name, member in _CONTRACTS.items()},
            "firstBlock": self.first_block,
        }
        write_durably(path, json.dumps(members, indent=2).encode() + b"\n")

    @classmethod
    def _from_json(cls, members: dict[str, Any]) -> NetworkFile:
        if members["format"] == 1:
            raise ValueError("it is of a ledger without a council, by an earlier version: start a new ledger")
        if members["format"] != FORMAT:
            raise ValueError(f"format {members['format']!r} is not {FORMAT}")
        genesis_hash = bytes.fromhex(members["genesisHash"].removeprefix("0x"))
        if len(genesis_hash) != 32:
            raise ValueError("genesisHash is not 32 bytes")
        contracts = members["contracts"]
        return cls(
            chain_id=int(members["chainId"]),
            genesis_hash=genesis_hash,
            rpc_urls=tuple(str(url) for url in members["rpcUrls"]),
            contracts=ContractAddresses(
                **{member: str(contracts[name]) for name, member in _CONTRACTS.items()}
            ),
            first_block=int(members["firstBlock"]),
            ws_urls=tuple(str(url) for url in members.get("wsUrls", ())),
        )
