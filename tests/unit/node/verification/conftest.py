"""A ledger with a list on it."""

from __future__ import annotations

import pytest

from tests.simulators.clock import SimulatedClock
from tests.simulators.ledger_view import LedgerViewSimulator
from tests.unit.node.verification.statuses import BOARD, LIST, OTHER


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock()


@pytest.fixture
def ledger(clock: SimulatedClock) -> LedgerViewSimulator:
    ledger = LedgerViewSimulator(clock)
    ledger.accredit(BOARD)
    ledger.accredit(OTHER)
    ledger.create_list(LIST, BOARD)
    return ledger
