"""The relying party whose view most suites take."""

from __future__ import annotations

import pytest

from tests.simulators.relying_party import SimulatedRelyingParty


@pytest.fixture
def party() -> SimulatedRelyingParty:
    return SimulatedRelyingParty()
