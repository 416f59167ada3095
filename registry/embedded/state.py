"""The state directory: genesis parameters, snapshot, journal and keys, for one process at a time.

genesis.json       what makes the genesis block what it is; written once
snapshot.json.gz   anvil's whole state at some block; replaced atomically
journal            every block made since (a record of a block the snapshot already holds is skipped)
governor.key       the key that deployed the contracts (hex, mode 0600)
network.json       the network file, made anew at every start
"""

from __future__ import annotations

import fcntl
import gzip
import json
import os
import secrets
import stat
import zlib
from dataclasses import asdict, dataclass
from pathlib import Path

import orjson

from registry.durable_file import sync_directory, write_durably
from registry.embedded.errors import StateDamaged, StateInUse
from registry.embedded.journal import Journal

KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class Genesis:
    """The same values give the same genesis hash, start after start."""

    chain_id: int
    timestamp: int  # Unix seconds
    gas_limit: int

    @classmethod
    def new(cls, now: int) -> Genesis:
        """A chain id of its own, so that no signature made for another ledger is good here."""
        return cls(chain_id=10_000_000 + secrets.randbelow(2**31), timestamp=now, gas_limit=100_000_000)


class StateDirectory:
    """Holds the directory's lock from construction to `close`, or to the end of the process."""

    def __init__(self, path: Path) -> None:
        """Raises StateInUse, OSError."""
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.path = path
        self._lock = os.open(path / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(self._lock)
            raise StateInUse(
                f"{path} is in use by another process: stop it, or choose another directory"
            ) from None

    def close(self) -> None:
        os.close(self._lock)

    @property
    def network_path(self) -> Path:
        return self.path / "network.json"

    @property
    def anvil_log_path(self) -> Path:
        return self.path / "anvil.log"

    def genesis(self, now: int) -> Genesis:
        """The parameters written at the first start, which this is if there are none. Raises StateDamaged."""
        path = self.path / "genesis.json"
        if not path.exists():
            if (self.path / "journal").exists() or self._snapshot_path.exists():
                raise StateDamaged(f"{path} is missing, but there are blocks")
            write_durably(path, json.dumps(asdict(Genesis.new(now))).encode())
        try:
            return Genesis(**json.loads(path.read_bytes()))
        except (ValueError, TypeError) as error:
            raise StateDamaged(f"{path} is not readable: {error}") from error

    def journal(self) -> Journal:
        return Journal(self.path / "journal")

    # --- snapshot

    @property
    def _snapshot_path(self) -> Path:
        return self.path / "snapshot.json.gz"

    def write_snapshot(self, zipped: bytes, number: int) -> None:
        """Anvil's dump at block `number`. Raises StateDamaged if it is not that; the old one then stays."""
        state = orjson.loads(gzip.decompress(zipped))
        if int(state["best_block_number"]) != number:
            raise StateDamaged(f"a snapshot of block {state['best_block_number']} is not one of {number}")
        write_durably(self._snapshot_path, zipped, mode=0o600)

    def unpacked_snapshot(self) -> Path | None:
        """The snapshot as a file that anvil loads; `discard_unpacked` when it has. Raises StateDamaged."""
        if not self._snapshot_path.exists():
            return None
        try:
            self._unpacked.write_bytes(gzip.decompress(self._snapshot_path.read_bytes()))
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise StateDamaged(f"{self._snapshot_path} is not readable: {error}") from error
        return self._unpacked

    def discard_unpacked(self) -> None:
        self._unpacked.unlink(missing_ok=True)

    @property
    def _unpacked(self) -> Path:
        return self.path / "snapshot.loading.json"

    # --- keys

    def governor_key(self) -> bytes:
        """The secret that owns the contracts, made at the first start. Raises StateDamaged."""
        path = self.path / "governor.key"
        if not path.exists():
            write_durably(path, secrets.token_bytes(KEY_BYTES).hex().encode(), mode=0o600)
            sync_directory(self.path)
        if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise StateDamaged(f"{path} can be read by others: chmod 600 it")
        try:
            key = bytes.fromhex(path.read_text().strip())
        except ValueError:
            key = b""
        if len(key) != KEY_BYTES:
            raise StateDamaged(f"{path} does not hold a key of {KEY_BYTES} bytes in hex")
        return key
