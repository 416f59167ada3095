"""contracts/README.md names every call and every event there is, and no other."""

from __future__ import annotations

import re
from pathlib import Path

from registry.bindings.compiled import CONTRACTS, artifact
from registry.bindings.decoder import TOPICS

README = (Path(__file__).parents[4] / "contracts" / "README.md").read_text(encoding="utf-8")


def section(title: str) -> str:
    return README.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def named_in_first_column(text: str) -> set[str]:
    """What stands in code in the first column of a table, without the contract it belongs to."""
    cells = [
        line.split("|")[1] for line in text.splitlines() if line.startswith("| `") or line.startswith("| *")
    ]
    return {name.rpartition(".")[2] for cell in cells for name in re.findall(r"`([^`]+)`", cell)}


def test_who_may_call_what_is_complete() -> None:
    callable_names = {
        entry["name"]
        for contract in CONTRACTS
        for entry in artifact(contract).abi
        if entry["type"] == "function" and entry["stateMutability"] not in ("view", "pure")
    }
    assert named_in_first_column(section("Who may call what")) == callable_names


def test_events_are_complete() -> None:
    assert named_in_first_column(section("Events")) == {signature.partition("(")[0] for signature in TOPICS}
