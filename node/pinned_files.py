"""Files an operator vouches for: contexts and JSON Schemas, each by its address and the hash of its bytes.

A folder of them holds `index.json`:

    {"https://board.example/schemas/licence.json": {"file": "licence.json", "sha256": "<64 hex digits>"}}

Whoever can change a file but not the index gains nothing: the node does not start.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import orjson

from node.errors import NotConfigured
from node.verification.proofs import strict_json
from node.verification.refusals import Refused

MAX_FILES = 256
MAX_BYTES = 1 << 20  # of one file


def read_pinned(folder: Path | None) -> dict[str, bytes]:
    """By address; of no folder: none. Raises NotConfigured."""
    if folder is None:
        return {}
    try:
        index = strict_json.parse(_read(folder / "index.json"))
    except Refused as refused:
        raise NotConfigured(f"{folder / 'index.json'}: {refused.detail}") from refused
    if not isinstance(index, dict) or len(index) > MAX_FILES:
        raise NotConfigured(f"{folder / 'index.json'} is no object, or names more than {MAX_FILES} files")
    return {url: _pinned(folder, url, entry) for url, entry in index.items()}


def pin(folder: Path, url: str, raw: bytes) -> Path:
    """Put a file among them, in the place of what was pinned under that address. Raises NotConfigured.

    The index names it last: whoever reads in between finds what was there before.
    """
    index = folder / "index.json"
    digest = hashlib.sha256(raw).hexdigest()
    name = f"{digest[:16]}-{re.sub('[^A-Za-z0-9._-]', '-', url.rpartition('/')[2])[:64] or 'file'}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        known = strict_json.parse(_read(index)) if index.exists() else {}
        if not isinstance(known, dict):
            raise NotConfigured(f"{index} is no object")
        _write(folder / name, raw)
        _write(
            index, orjson.dumps({**known, url: {"file": name, "sha256": digest}}, option=orjson.OPT_INDENT_2)
        )
    except Refused as refused:
        raise NotConfigured(f"{index}: {refused.detail}") from refused
    except OSError as error:
        raise NotConfigured(f"cannot write to {folder}: {error.strerror}") from error
    return folder / name


def _write(path: Path, raw: bytes) -> None:
    """All of it or nothing."""
    beside = path.with_name(path.name + ".new")
    beside.write_bytes(raw)
    beside.replace(path)


def _pinned(folder: Path, url: str, entry: object) -> bytes:
    stated = entry if isinstance(entry, dict) else {}
    name, digest = stated.get("file"), stated.get("sha256")
    if not isinstance(name, str) or not isinstance(digest, str) or not name or Path(name).name != name:
        raise NotConfigured(f"{folder / 'index.json'}: {url} needs `file`, a name in this folder, and `sha256`")
    raw = _read(folder / name)
    if hashlib.sha256(raw).hexdigest() != digest.lower():
        raise NotConfigured(f"{folder / name} is not the file that was pinned: its SHA-256 is another")
    return raw


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise NotConfigured(f"cannot read {path}: {error.strerror}") from error
    if len(raw) > MAX_BYTES:
        raise NotConfigured(f"{path} is larger than {MAX_BYTES} bytes")
    return raw
