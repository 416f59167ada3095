"""`goodstanding serve` set up wrongly: one line that says what is wrong, no secret in it, and the end."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner

from node.cli.main import app


@pytest.mark.parametrize(
    ("arguments", "environment", "said"),
    [
        (["--log-level", "LOUD"], {}, "--log-level"),
        ([], {"GOODSTANDING_WEBHOOKS": "[hush"}, "GOODSTANDING_WEBHOOKS"),
        ([], {"GOODSTANDING_LEDGER": "external"}, "GOODSTANDING_NETWORK_FILE"),
        ([], {"GOODSTANDING_DATABASE_URL": "nonsense"}, "address of a database"),
        ([], {"GOODSTANDING_DATABASE_URL": "sqlite:///{folder}/api-key"}, "not a database"),
        ([], {"GOODSTANDING_DATABASE_URL": "sqlite:///{folder}/later.db"}, "by a later version"),
    ],
)
def test_a_node_set_up_wrongly_says_so_and_exits(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    environment: dict[str, str],
    said: str,
) -> None:
    monkeypatch.setattr("node.observability.configure_logging", lambda _: None)  # pytest's own stays
    monkeypatch.setenv("GOODSTANDING_DATA_DIR", str(tmp_path))
    with closing(sqlite3.connect(tmp_path / "later.db")) as later:
        later.execute("CREATE TABLE alembic_version AS SELECT 'unheard-of' AS version_num")
        later.commit()
    for name, value in environment.items():
        monkeypatch.setenv(name, value.format(folder=tmp_path))
    result = CliRunner().invoke(app, ["serve", "--port", "0", *arguments])
    assert isinstance(result.exception, SystemExit)
    assert result.exit_code in {1, 2}
    assert said in result.stderr
    assert "hush" not in result.stderr
