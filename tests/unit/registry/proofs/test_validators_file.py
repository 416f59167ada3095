"""The one file an auditor trusts is read strictly."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from registry.proofs.seals import Consensus
from registry.proofs.validators_file import MAX_BYTES, TrustedLedger, ValidatorsFileInvalid

GOOD: dict[str, Any] = {
    "consensus": "qbft",
    "validators": [f"0x{n:040x}" for n in range(1, 5)],
    "contracts": {
        "issuerRegistry": f"0x{11:040x}",
        "didRegistry": f"0x{12:040x}",
        "statusRegistry": f"0x{13:040x}",
    },
}


def _written(folder: Path, members: Any) -> Path:
    path = folder / "validators.json"
    path.write_text(json.dumps(members))
    return path


def test_it_is_read(tmp_path: Path) -> None:
    found = TrustedLedger.load(_written(tmp_path, {**GOOD, "chainId": 7}))
    assert found.validators.consensus is Consensus.QBFT
    assert len(found.validators.addresses) == 4
    assert int(found.contracts.status_registry, 16) == 13


@pytest.mark.parametrize(
    "change",
    [
        {"consensus": "unsealed", "validators": []},
        {"consensus": "proof of work"},
        {"consensus": None},
        {"validators": []},
        {"validators": "0x"},
        {"validators": ["0x12"]},
        {"validators": ["0xFFfFfFffFFfffFFfFFfFFFFFffFFFffffFfFFFfF".lower().replace("f", "g")]},
        {"contracts": {}},
        {"contracts": None},
    ],
)
def test_anything_else_is_refused(tmp_path: Path, change: dict[str, Any]) -> None:
    with pytest.raises(ValidatorsFileInvalid):
        TrustedLedger.load(_written(tmp_path, GOOD | change))


def test_so_are_other_shapes_and_sizes(tmp_path: Path) -> None:
    for members in ([], None, "qbft", {"padding": "x" * MAX_BYTES}):
        with pytest.raises(ValidatorsFileInvalid):
            TrustedLedger.load(_written(tmp_path, members))
    with pytest.raises(OSError):
        TrustedLedger.load(tmp_path / "none.json")
