"""The state directory: one process, stable genesis, secrets kept from others."""

from __future__ import annotations

import gzip
import stat
from pathlib import Path

import pytest

from registry.embedded.errors import StateDamaged, StateInUse
from registry.embedded.state import StateDirectory


def test_a_second_opening_is_refused_and_says_which_directory(tmp_path: Path) -> None:
    first = StateDirectory(tmp_path)
    with pytest.raises(StateInUse, match=str(tmp_path)):
        StateDirectory(tmp_path)
    first.close()
    StateDirectory(tmp_path).close()


def test_genesis_and_key_are_made_once(tmp_path: Path) -> None:
    state = StateDirectory(tmp_path)
    genesis, key = state.genesis(1_000), state.governor_key()
    assert (state.genesis(2_000), state.governor_key()) == (genesis, key)
    assert genesis.timestamp == 1_000
    assert stat.S_IMODE((tmp_path / "governor.key").stat().st_mode) == 0o600


def test_a_lost_genesis_is_not_replaced_under_existing_blocks(tmp_path: Path) -> None:
    state = StateDirectory(tmp_path)
    state.genesis(1_000)
    state.journal().close()
    (tmp_path / "genesis.json").unlink()
    with pytest.raises(StateDamaged, match=r"genesis\.json"):
        state.genesis(1_000)


def test_a_snapshot_of_another_block_is_refused_and_the_old_one_stays(tmp_path: Path) -> None:
    state = StateDirectory(tmp_path)
    state.write_snapshot(gzip.compress(b'{"best_block_number": 7}'), 7)
    with pytest.raises(StateDamaged):
        state.write_snapshot(gzip.compress(b'{"best_block_number": 8}'), 9)
    unpacked = state.unpacked_snapshot()
    assert unpacked is not None
    assert unpacked.read_bytes() == b'{"best_block_number": 7}'
    state.discard_unpacked()
    assert not unpacked.exists()


def test_a_torn_snapshot_is_reported(tmp_path: Path) -> None:
    state = StateDirectory(tmp_path)
    state.write_snapshot(gzip.compress(b'{"best_block_number": 7}' * 1), 7)
    path = tmp_path / "snapshot.json.gz"
    path.write_bytes(path.read_bytes()[:-5])
    with pytest.raises(StateDamaged, match="snapshot"):
        state.unpacked_snapshot()


@pytest.mark.parametrize("content", ["", "zz", "00" * 31])
def test_an_unreadable_key_is_reported_not_replaced(tmp_path: Path, content: str) -> None:
    (tmp_path / "governor.key").write_text(content)
    with pytest.raises(StateDamaged, match=r"governor\.key"):
        StateDirectory(tmp_path).governor_key()


def test_a_governors_key_others_can_read_is_refused(tmp_path: Path) -> None:
    state = StateDirectory(tmp_path)
    state.governor_key()
    (tmp_path / "governor.key").chmod(0o644)
    with pytest.raises(StateDamaged, match="chmod 600"):
        state.governor_key()
