"""The journal drops a torn end, and nothing else."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from registry.embedded.errors import StateDamaged
from registry.embedded.journal import BlockRecord, Journal

RECORDS = [BlockRecord(n, 1_700_000_000 + n, "0x" + "ab" * 32, ("0x02aa",) * n) for n in range(1, 6)]


def journal_of(path: Path, records: list[BlockRecord]) -> Path:
    journal = Journal(path)
    for record in records:
        journal.append(record)
    journal.close()
    return path


def records_of(path: Path) -> list[BlockRecord]:
    with closing(Journal(path)) as journal:
        assert journal.size == path.stat().st_size
        return list(journal)


def test_reads_what_was_appended(tmp_path: Path) -> None:
    path = journal_of(tmp_path / "journal", RECORDS)
    with closing(Journal(path)) as journal:
        assert list(journal) == RECORDS
        assert journal.records == len(RECORDS)


def test_clearing_starts_anew(tmp_path: Path) -> None:
    path = journal_of(tmp_path / "journal", RECORDS)
    with closing(Journal(path)) as journal:
        journal.clear()
        journal.append(RECORDS[0])
        assert (journal.records, list(journal)) == (1, RECORDS[:1])
    assert records_of(path) == RECORDS[:1]


def test_a_journal_cut_anywhere_keeps_its_whole_records(tmp_path: Path) -> None:
    whole = journal_of(tmp_path / "journal", RECORDS).read_bytes()
    ends = [sum(len(record.to_bytes()) for record in RECORDS[:n]) for n in range(len(RECORDS) + 1)]
    for cut in range(len(whole) + 1):
        torn = tmp_path / "torn"
        torn.write_bytes(whole[:cut])
        kept = sum(end <= cut for end in ends) - 1
        with closing(Journal(torn)) as journal:
            assert list(journal) == RECORDS[:kept]
            journal.append(RECORDS[0])  # and goes on from there
        assert records_of(torn) == [*RECORDS[:kept], RECORDS[0]]


@settings(deadline=None)  # a busy machine is no fault
@given(zeros=st.integers(1, 5000), kept=st.integers(0, 5))
@example(zeros=8, kept=2)  # as long as what stands before a record, and the checksum of no bytes at all
def test_an_end_that_was_allocated_but_never_written_is_dropped(
    tmp_path_factory: pytest.TempPathFactory, zeros: int, kept: int
) -> None:
    path = journal_of(tmp_path_factory.mktemp("journal") / "journal", RECORDS[:kept])
    path.write_bytes(path.read_bytes() + bytes(zeros))
    assert records_of(path) == RECORDS[:kept]


def test_damage_before_the_last_record_is_reported(tmp_path: Path) -> None:
    path = journal_of(tmp_path / "journal", RECORDS)
    content = bytearray(path.read_bytes())
    content[20] ^= 1
    path.write_bytes(content)
    with pytest.raises(StateDamaged, match="byte 0"):
        Journal(path)


@pytest.mark.parametrize("at", range(4))  # the bytes of a record's length
@pytest.mark.parametrize("place", range(len(RECORDS) - 1))
def test_a_damaged_length_is_no_torn_end_while_records_follow(tmp_path: Path, at: int, place: int) -> None:
    """What was reported as done would be lost without a word."""
    path = journal_of(tmp_path / "journal", RECORDS)
    content = bytearray(path.read_bytes())
    start = sum(len(record.to_bytes()) for record in RECORDS[:place])
    content[start + at] ^= 0x40
    path.write_bytes(content)
    with pytest.raises(StateDamaged, match=f"byte {start}"):
        Journal(path)
    assert path.read_bytes() == content  # left as it was, for whoever mends it


@pytest.mark.parametrize("length", [0, 1, 50, 2**31, 2**32 - 1])
def test_any_other_length_is_no_torn_end_either(tmp_path: Path, length: int) -> None:
    path = journal_of(tmp_path / "journal", RECORDS)
    content = bytearray(path.read_bytes())
    content[:4] = length.to_bytes(4, "big")
    path.write_bytes(content)
    with pytest.raises(StateDamaged, match="byte 0"):
        Journal(path)


def test_nor_is_the_last_record_torn_if_only_its_length_is_wrong(tmp_path: Path) -> None:
    path = journal_of(tmp_path / "journal", RECORDS[:1])
    content = bytearray(path.read_bytes())
    content[3] += 1
    path.write_bytes(content)
    with pytest.raises(StateDamaged, match="byte 0"):
        Journal(path)


def test_a_tail_longer_than_any_record_is_not_torn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("registry.embedded.journal.MAX_RECORD", 1000)
    path = journal_of(tmp_path / "journal", RECORDS[:1])
    kept = path.read_bytes()
    path.write_bytes(kept + bytes.fromhex("00001000") + b"\1" * 996)  # as long as a torn one may be
    assert records_of(path) == RECORDS[:1]
    path.write_bytes(kept + bytes.fromhex("00001000") + b"\1" * 997)
    with pytest.raises(StateDamaged, match=f"byte {len(kept)}"):
        Journal(path)
