"""The compiled contracts that come with the package (made by scripts/build_artifacts.py)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

CONTRACTS = ("Council", "IssuerRegistry", "DidRegistry", "StatusRegistry", "Directory")
"""Ours."""
ERC_1056 = "EthereumDIDRegistry"
"""As published (npm `ethr-did-registry`, Apache-2.0), compiled with ours."""


@dataclass(frozen=True, slots=True)
class Artifact:
    """One compiled contract."""

    abi: tuple[dict[str, Any], ...]
    bytecode: bytes  # that creates it; constructor arguments follow


@cache
def artifact(name: str) -> Artifact:
    """The artifact of one of CONTRACTS, or of ERC_1056."""
    if name not in (*CONTRACTS, ERC_1056):
        raise ValueError(f"no contract {name}")
    content = json.loads(files("registry.bindings").joinpath("artifacts", f"{name}.json").read_bytes())
    return Artifact(tuple(content["abi"]), bytes.fromhex(content["bytecode"].removeprefix("0x")))
