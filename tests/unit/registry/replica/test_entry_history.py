"""A history answers as a plain list of (sequence number, position) would, settled or not, copied or not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.replica import entry_history
from registry.replica.entry_history import EntryHistory

Naming = tuple[int, int]
updates = st.lists(
    st.tuples(st.sets(st.integers(0, 40), max_size=20), st.sampled_from(["go on", "settle", "copy"])),
    max_size=30,
)


def agree(history: EntryHistory, model: list[Naming]) -> None:
    assert history.all() == sorted((position, seq) for seq, position in model)
    for first in range(0, 41, 4):
        assert history.of(first, 4) == sorted(it for it in model if first <= it[1] < first + 4)


@given(updates, st.integers(0, 30))
def test_it_answers_as_a_plain_list_would(made: list[tuple[set[int], str]], last_seq: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(entry_history, "MERGE_AT_LEAST", 10)
        patch.setattr(entry_history, "MERGE_AT_MOST", 25)
        patch.setattr(entry_history, "FEW", 3)
        history, model = EntryHistory(), list[Naming]()
        left_behind: list[tuple[EntryHistory, list[Naming]]] = []
        for seq, (positions, then) in enumerate(made, 1):
            history.add(sorted(positions), seq)
            model += [(seq, position) for position in sorted(positions)]
            if then == "settle":
                history.settle()
            elif then == "copy":
                left_behind.append((history, model[:]))
                history = history.copy()
    for it, held in [*left_behind, (history, model)]:
        agree(it, held)
        kept, dropped = it.truncated(last_seq)
        agree(kept, [naming for naming in held if naming[0] <= last_seq])
        assert sorted(dropped) == sorted(naming for naming in held if naming[0] > last_seq)
