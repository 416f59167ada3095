"""Files an operator vouches for."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from node.errors import NotConfigured
from node.pinned_files import MAX_BYTES, pin, read_pinned

URL = "https://board.example/schema.json"


def write(folder: Path, index: Any, raw: bytes = b"{}") -> Path:
    (folder / "index.json").write_text(json.dumps(index))
    (folder / "a.json").write_bytes(raw)
    return folder


def entry(raw: bytes = b"{}", **members: Any) -> dict[str, Any]:
    return {URL: {"file": "a.json", "sha256": hashlib.sha256(raw).hexdigest(), **members}}


def test_files_by_their_address(tmp_path: Path) -> None:
    assert read_pinned(write(tmp_path, entry())) == {URL: b"{}"}
    assert read_pinned(None) == {}


@pytest.mark.parametrize(
    ("index", "raw", "fault"),
    [
        (entry(b"[]"), b"{}", "not the file that was pinned"),
        (entry(file="../a.json"), b"{}", "needs `file`"),
        (entry(file="b.json"), b"{}", "cannot read"),
        (entry(sha256=7), b"{}", "needs `file`"),
        ({URL: 7}, b"{}", "needs `file`"),
        ([], b"{}", "no object"),
        (entry(bytes(MAX_BYTES + 1)), bytes(MAX_BYTES + 1), "larger"),
    ],
)
def test_what_is_not_as_pinned_stops_the_node(tmp_path: Path, index: Any, raw: bytes, fault: str) -> None:
    with pytest.raises(NotConfigured, match=fault):
        read_pinned(write(tmp_path, index, raw))


def test_a_folder_without_an_index(tmp_path: Path) -> None:
    with pytest.raises(NotConfigured, match="cannot read"):
        read_pinned(tmp_path)
    (tmp_path / "index.json").write_text("{")
    with pytest.raises(NotConfigured, match=r"index\.json"):
        read_pinned(tmp_path)


def test_what_is_pinned_is_read_and_replaced(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    other = "https://board.example/ü/../x y/"
    first = pin(folder, URL, b"{}")
    pin(folder, other, b"[]")
    assert read_pinned(folder) == {URL: b"{}", other: b"[]"}
    assert first.parent == folder
    pin(folder, URL, b"{ }")
    assert read_pinned(folder)[URL] == b"{ }"
    assert {one.parent for one in folder.iterdir()} == {folder}
    assert not list(folder.glob("*.new"))


@pytest.mark.parametrize("index", ["{", "[]"])
def test_an_index_that_cannot_be_read_is_left_alone(tmp_path: Path, index: str) -> None:
    (tmp_path / "index.json").write_text(index)
    with pytest.raises(NotConfigured):
        pin(tmp_path, URL, b"{}")
    assert (tmp_path / "index.json").read_text() == index


def test_a_folder_that_cannot_be_written_to(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(NotConfigured, match="cannot write"):
        pin(tmp_path / "file", URL, b"{}")
