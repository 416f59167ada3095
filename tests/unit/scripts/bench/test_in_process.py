"""The bench gives no figures for a verifier that is fast because it does not look."""

from __future__ import annotations

import pytest

from scripts.bench import in_process
from scripts.bench.cases import cases
from scripts.bench.measuring import Figures
from scripts.bench.node import measured_node


@pytest.mark.parametrize(
    ("accepts_all", "fault"), [(True, "accepts the tampered one"), (False, "refuses the genuine one")]
)
def test_a_verifier_that_does_not_look_gets_a_fault(accepts_all: bool, fault: str) -> None:
    case = cases()[0]
    row = in_process.row(case, lambda *_: accepts_all, [], rounds=1, seconds=0.0)
    assert (row.ours, row.fault) == (None, fault)
    assert fault in next(in_process.lines(row))


def test_ours_has_no_fault_in_any_case() -> None:
    hospital = measured_node()
    for case in cases():
        asked = {"challenge": case.challenge, "domain": case.domain}

        def accepts(_: object, presented: bytes, asked: dict[str, str | None] = asked) -> bool:
            return hospital.verdict(presented, **asked).decision.value == "accept"

        assert in_process.fault_of(accepts, case) == "", case.name


def test_figures_are_of_all_calls() -> None:
    figures = Figures.of([float(n) for n in range(101, 0, -1)])
    assert figures == Figures(median=51.0, p99=100.0, calls=101)


class Impostor:
    """Says of every case that it accepts the tampered one."""

    def __init__(self, name: str) -> None:
        self.versions = {"jose": "0"}
        self.faults = {(name, "jose"): "accepts the tampered one"}

    def timed(self, case: str, peer: str, seconds: float) -> list[float]:
        raise AssertionError("measured although it does not look")


def test_a_peer_that_does_not_look_is_not_measured() -> None:
    case = cases()[0]
    row = in_process.row(case, lambda _, raw: raw == case.genuine, [Impostor(case.name)], rounds=1, seconds=0.0)
    [line] = in_process.lines(row)
    assert "accepts the tampered one" in line
