"""The validators file: all that an auditor has to trust. Who the validators are, and which contracts count.

`{"consensus": "qbft" | "ibft2" | "clique", "validators": ["0x…", …], "contracts": {"issuerRegistry": "0x…",
"didRegistry": "0x…", "statusRegistry": "0x…"}}`. Other members are of no interest here, so that a network
file to which these were added will do.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from registry.bindings.addresses import parsed
from registry.proofs.registries import Registries
from registry.proofs.seals import Consensus, Validators

MAX_BYTES = 64 * 1024


class ValidatorsFileInvalid(ValueError):
    """Not a validators file."""


@dataclass(frozen=True, slots=True)
class TrustedLedger:
    """Whose seals count, on what."""

    validators: Validators
    contracts: Registries

    @classmethod
    def load(cls, path: Path) -> TrustedLedger:
        """Raises OSError, ValidatorsFileInvalid."""
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
        try:
            if len(raw) > MAX_BYTES:
                raise ValueError(f"more than {MAX_BYTES} bytes")
            members = json.loads(raw)
            consensus = Consensus(members["consensus"])
            if consensus is Consensus.UNSEALED:
                raise ValueError("the consensus is qbft, ibft2 or clique")
            return cls(
                Validators(consensus, frozenset(parsed(address) for address in members["validators"])),
                Registries.from_json(members["contracts"]),
            )
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise ValidatorsFileInvalid(f"{path.name} is not a validators file: {error!r}") from error
