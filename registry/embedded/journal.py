"""The journal: every block we are about to make, on the disk before it is made.

A record is 4 bytes of length, 4 bytes of CRC-32 (both big-endian), and a JSON object. Appending syncs. A crash
can tear the last record only; its block was never made, so it is dropped. Damage anywhere else is reported,
that of a length too: whole records after it were told as done, and are never dropped without a word.
"""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import orjson

from registry.durable_file import write_durably
from registry.embedded.errors import StateDamaged

_FRAME = struct.Struct(">II")
_PAYLOAD_BEGINS = b'{"number":'  # as `BlockRecord` is written: where a record may be looked for

MAX_RECORD = 256 * 2**20  # bytes: no block comes near, so what is longer is not the torn end of one


@dataclass(frozen=True, slots=True)
class BlockRecord:
    """Enough to make the block again, with the same hash."""

    number: int
    time: int  # Unix seconds
    parent_hash: str  # "0x…", to notice a replay that went another way
    transactions: tuple[str, ...]  # raw and signed, "0x…", in the order the pool took them

    def to_bytes(self) -> bytes:
        payload = orjson.dumps(self)
        return _FRAME.pack(len(payload), zlib.crc32(payload)) + payload

    @classmethod
    def from_payload(cls, payload: bytes) -> BlockRecord:
        members = orjson.loads(payload)
        return cls(**(members | {"transactions": tuple(members["transactions"])}))


class Journal:
    """An append-only file of block records since the last snapshot."""

    def __init__(self, path: Path) -> None:
        """Opens it (creating it if need be) and drops a torn last record. Raises OSError, StateDamaged.

        It is written anew: of a record whose sync failed, nobody can tell what the disk holds.
        """
        self._path = path
        self.size, self.records = _measure(path) if path.exists() else (0, 0)
        write_durably(path, path.read_bytes()[: self.size] if self.size else b"")
        self._file = path.open("ab")

    def append(self, record: BlockRecord) -> None:
        """Returns once the record is on the disk. After an OSError the journal must be opened anew."""
        framed = record.to_bytes()
        self._file.write(framed)
        self._file.flush()
        os.fsync(self._file.fileno())
        self.size += len(framed)
        self.records += 1

    def __iter__(self) -> Iterator[BlockRecord]:
        for payload in _payloads(self._path):
            yield BlockRecord.from_payload(payload)

    def clear(self) -> None:
        """Start an empty journal: a snapshot now holds every block of this one."""
        self._file.close()
        write_durably(self._path, b"")
        self._file = self._path.open("ab")
        self.size = self.records = 0

    def close(self) -> None:
        self._file.close()


def _measure(path: Path) -> tuple[int, int]:
    """Bytes and number of whole records."""
    sizes = [_FRAME.size + len(payload) for payload in _payloads(path)]
    return sum(sizes), len(sizes)


def _payloads(path: Path) -> Iterator[bytes]:
    """The whole records; ends before a torn one. Raises StateDamaged for damage that is not a torn end."""
    with path.open("rb") as file:
        end = file.seek(0, os.SEEK_END)
        file.seek(0)
        while (start := file.tell()) < end:
            frame = file.read(_FRAME.size)
            if len(frame) < _FRAME.size:
                return
            length, checksum = _FRAME.unpack(frame)
            payload = file.read(length) if length <= end - start else b""
            if len(payload) == length and length and zlib.crc32(payload) == checksum:
                yield payload
                continue
            file.seek(start)
            if not _torn(file.read(MAX_RECORD + 1)):
                raise StateDamaged(f"{path.name} is damaged at byte {start}, before its last record")
            return


def _torn(tail: bytes) -> bool:
    """Whether a crash may have left this: nothing but the beginning of one record, or space never written.

    The length itself may be what is damaged, so it is not believed when it says that nothing follows.
    """
    if len(tail) > MAX_RECORD:
        return False
    if not tail.strip(b"\0"):
        return True
    length, checksum = _FRAME.unpack_from(tail)
    if _FRAME.size + length < len(tail):
        return False
    if zlib.crc32(tail[_FRAME.size :]) == checksum:
        return False  # it is whole, and its length is wrong
    at = tail.find(_PAYLOAD_BEGINS, _FRAME.size + 1)
    while at >= 0:
        length, checksum = _FRAME.unpack_from(tail, at - _FRAME.size)
        if zlib.crc32(tail[at : at + length]) == checksum:
            return False
        at = tail.find(_PAYLOAD_BEGINS, at + 1)
    return True
