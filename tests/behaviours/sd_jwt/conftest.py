"""What most of these suites present."""

from __future__ import annotations

import pytest

from tests.simulators.relying_party import SimulatedRelyingParty
from tests.simulators.sd_jwt import issue, licence_claims


@pytest.fixture
def bound(party: SimulatedRelyingParty) -> str:
    """A licence with all disclosures, bound to the nurse's key."""
    return issue(party.board, licence_claims(party.board, party.nurse.key))
