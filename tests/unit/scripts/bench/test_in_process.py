"""The bench gives no figures for a verifier that is fast because it does not look."""

from __future__ import annotations

import pytest

from scripts.bench import in_process
from scripts.bench.cases import cases
from scripts.bench.measuring import Figures
from tests.simulators.hospital import Hospital


@pytest.mark.parametrize(
    ("accepts_all", "fault"), [(True, "accepts the tampered one"), (False, "refuses the genuine one")]
)
def test_a_verifier_that_does_not_look_gets_a_fault(accepts_all: bool, fault: str) -> None:
    case = cases()[0]
    row = in_process.row(case, lambda *_: accepts_all, None, rounds=1, seconds=0.0)
    assert (row.ours, row.fault) == (None, fault)
    assert fault in in_process.line(row)


def test_ours_has_no_fault_in_any_case() -> None:
    hospital = Hospital()
    for case in cases():
        asked = {"challenge": case.challenge, "domain": case.domain}

        def accepts(_: object, presented: bytes, asked: dict[str, str | None] = asked) -> bool:
            return hospital.verdict(presented, **asked).decision.value == "accept"

        assert in_process.fault_of(accepts, case) == "", case.name


def test_figures_are_of_all_calls() -> None:
    figures = Figures.of([float(n) for n in range(101, 0, -1)])
    assert figures == Figures(median=51.0, p99=100.0, calls=101)
