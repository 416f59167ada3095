"""The three contracts whose storage a proof is about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from registry.bindings.addresses import ContractAddresses, checksummed, parsed


@dataclass(frozen=True, slots=True)
class Registries:
    """Their addresses, checksummed. Raises ValueError for anything else."""

    issuer_registry: str
    did_registry: str
    status_registry: str

    def __post_init__(self) -> None:
        for field in fields(self):
            object.__setattr__(self, field.name, checksummed(parsed(getattr(self, field.name))))

    @classmethod
    def of(cls, contracts: ContractAddresses) -> Registries:
        return cls(contracts.issuer_registry, contracts.did_registry, contracts.status_registry)

    @classmethod
    def from_json(cls, members: Mapping[str, Any]) -> Registries:
        """From the names that a network file uses. Raises ValueError, KeyError, TypeError, AttributeError."""
        return cls(members["issuerRegistry"], members["didRegistry"], members["statusRegistry"])

    def to_json(self) -> dict[str, str]:
        return {
            "issuerRegistry": self.issuer_registry,
            "didRegistry": self.did_registry,
            "statusRegistry": self.status_registry,
        }
