"""`goodstanding keys`: no secret is printed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from node.cli.main import app


def test_keys_are_shown_by_address_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOODSTANDING_DATA_DIR", str(tmp_path))
    shown = json.loads(CliRunner().invoke(app, ["keys", "show", "--json"]).stdout)
    assert set(shown) == {"admin", "operator", "issuing", "issuing-p256"}
    for path in (tmp_path / "keys").iterdir():
        assert path.read_text().strip() not in json.dumps(shown)
