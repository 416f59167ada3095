"""A board's register, as its own software exports it: CSV in, status values out. A slip is not published."""

from __future__ import annotations

import csv
import io
import re

from node.errors import Invalid
from registry.records import StatusPurpose

MAX_BYTES = 256 << 20
MAX_INDEX = (1 << 24) - 1  # StatusRegistry: a list has at most 2**24 entries
_SHOWN = 10  # faults that are listed in full

_REQUIRED = ("index", "status")
_IGNORED = frozenset({"licence", "license", "name"})
_VALUES = {"active": 0, "good standing": 0, "in good standing": 0, "revoked": 1, "suspended": 1}
_OF_ANOTHER_LIST = {StatusPurpose.REVOCATION: "suspended", StatusPurpose.SUSPENSION: "revoked"}
_INDEX = re.compile(r"[0-9]{1,8}", re.ASCII).fullmatch


class RegisterRefused(Invalid):
    """The register has faults; the message names the lines."""


def read_register(raw: bytes, purpose: StatusPurpose) -> tuple[tuple[int, int], ...]:
    """The (index, value) of every row, in the order of the rows.

    UTF-8 with a header row: `index`, `status`, and `licence` or `name`, which are not looked at. A status is
    "active" or "good standing" (0), "revoked" or "suspended" (1). Words of another `purpose` than the
    list's are faults: a suspension put on a revocation list could never be lifted.

    Raises RegisterRefused: nothing is taken from a register with a fault in it.
    """
    if len(raw) > MAX_BYTES:
        raise RegisterRefused(f"a register has at most {MAX_BYTES >> 20} MiB")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise RegisterRefused(f"line {line}: not UTF-8") from error
    if "\0" in text:
        raise RegisterRefused(f"line {text.count(chr(10), 0, text.index(chr(0))) + 1}: not a text")
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    entries: list[tuple[int, int]] = []
    lines: dict[int, int] = {}  # where each index stands
    faults: list[str] = []
    try:
        index_column, status_column, width = _columns(next(rows, []))
        for row in rows:
            if not row:
                continue
            try:
                if len(row) != width:
                    raise ValueError(f"{len(row)} columns, not {width}")
                index, value = _index(row[index_column]), _value(row[status_column], purpose)
                if index in lines:
                    raise ValueError(f"index {index} stands on line {lines[index]} already")
            except ValueError as fault:
                faults.append(f"line {rows.line_num}: {fault}")
                continue
            lines[index] = rows.line_num
            entries.append((index, value))
    except csv.Error as error:
        faults.append(f"line {rows.line_num}: {error}")
    if faults:
        more = f"; and {len(faults) - _SHOWN} more" if len(faults) > _SHOWN else ""
        raise RegisterRefused("; ".join(faults[:_SHOWN]) + more)
    if not entries:  # an export that broke off must not confirm the list
        raise RegisterRefused("no line names an entry; publishing without a register confirms the list")
    return tuple(entries)


def _columns(header: list[str]) -> tuple[int, int, int]:
    """Where index and status are, and how many columns there are. Raises RegisterRefused."""
    names = [name.strip().lower() for name in header]
    unknown = [name for name in names if name not in _REQUIRED and name not in _IGNORED]
    if unknown or len(set(names)) != len(names) or not set(_REQUIRED) <= set(names):
        raise RegisterRefused("line 1: the columns are index, status, and if need be licence and name")
    return names.index("index"), names.index("status"), len(names)


def _index(text: str) -> int:
    digits = text.strip()
    if not _INDEX(digits) or int(digits) > MAX_INDEX:
        raise ValueError(f"{text[:20]!r} is not an index from 0 to {MAX_INDEX}")
    return int(digits)


def _value(text: str, purpose: StatusPurpose) -> int:
    word = " ".join(text.lower().split())
    if word not in _VALUES:
        raise ValueError(f"{text[:20]!r} is not a known status")
    if word == _OF_ANOTHER_LIST.get(purpose):
        raise ValueError(f"{word!r} does not belong on a list of {purpose.label}s")
    return _VALUES[word]
