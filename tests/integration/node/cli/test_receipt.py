"""An auditor's command, on a receipt of a real node and on one of a sealed ledger."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from node.cli.main import app
from tests.simulators.fixture_ledger import FIXTURES
from tests.simulators.real_node import real_node
from tests.simulators.receipts import ProvableBoard

RUN = CliRunner()


def _run(*arguments: str | Path) -> tuple[int, str]:
    result = RUN.invoke(app, [str(one) for one in arguments])
    return result.exit_code, result.output


def _written(path: Path, value: Any) -> Path:
    path.write_text(json.dumps(value))
    return path


def test_a_real_nodes_receipt_says_that_it_is_unsealed(anvil_binary: Path, tmp_path: Path) -> None:
    licence, kept = FIXTURES / "licence.json", tmp_path / "receipt.json"
    with real_node(tmp_path / "node") as node:
        assert _run("verify", licence, "--receipt", kept, "--node", node.url)[0] == 0
    code, said = _run("receipt", "verify", kept, "--credential", licence)  # with the node gone
    assert code == 3
    assert "UNSEALED" in said
    assert "accept. Recomputed" in said
    assert _run("receipt", "verify", kept, "--credential", FIXTURES / "licence-expired.json")[0] == 1
    assert kept.stat().st_size < 6 * 1024


def test_a_receipt_of_what_was_asked_besides_the_licence(anvil_binary: Path, tmp_path: Path) -> None:
    licence, kept = FIXTURES / "licence.json", tmp_path / "receipt.json"
    asked = ("--skill", "Wound care", "--identifier", "ana@example.org")
    with real_node(tmp_path / "node") as node:
        assert _run("verify", licence, *asked, "--receipt", kept, "--node", node.url)[0] == 0
    members = json.loads(kept.read_text())
    assert (members["question"]["skills"], members["verdict"]["skills"]) == (["Wound care"], ["not_found"])
    assert "ana@example.org" not in kept.read_text()
    about = ("receipt", "verify", kept, "--credential", licence)
    assert "hand along just that" in _run(*about)[1]
    assert "accept. Recomputed" in _run(*about, "--identifier", "ana@example.org")[1]
    assert _run(*about, "--resource", "no-address")[0] == 2
    assert _run(*about, "--resource", f"https://board.example/a={tmp_path / 'none'}")[0] == 2


def test_a_sealed_one_is_proved_by_the_validators_file(tmp_path: Path) -> None:
    board = ProvableBoard()
    licence = board.licence()
    receipt = board.receipt(licence)
    files = {
        "receipt": _written(tmp_path / "receipt.json", receipt.to_json()),
        "licence": _written(tmp_path / "licence.json", licence),
        "validators": _written(
            tmp_path / "validators.json",
            {
                "consensus": "qbft",
                "validators": ["0x" + one.hex() for one in board.ledger.trusted.addresses],
                "contracts": board.trusted.contracts.to_json(),
            },
        ),
    }
    proved = ("--credential", files["licence"], "--validators", files["validators"])
    code, said = _run("receipt", "verify", files["receipt"], *proved)
    assert (code, "3 of 4 validators" in said) == (0, True), said
    assert _run("receipt", "verify", files["receipt"], *proved[2:])[0] == 3
    assert _run("receipt", "verify", files["receipt"], *proved, "--signed-by", "did:key:z6Mk")[0] == 1
    assert _run("receipt", "verify", files["licence"], *proved)[0] == 2
    assert _run("receipt", "verify", files["receipt"], "--validators", files["licence"])[0] == 2
