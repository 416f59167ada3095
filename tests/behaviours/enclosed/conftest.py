"""A relying party that knows who issues records and who endorses."""

from __future__ import annotations

import pytest

from registry.records import StatusPurpose
from tests.behaviours.enclosed.credentials import GUILD_LIST, TYPES
from tests.simulators.issuer import SimulatedIssuer
from tests.simulators.relying_party import SimulatedRelyingParty


@pytest.fixture
def party() -> SimulatedRelyingParty:
    """Knows a board, and a guild that endorses."""
    party = SimulatedRelyingParty()
    party.ledger.accredit(party.board.did, types=TYPES)
    guild = SimulatedIssuer("guild")
    party.ledger.accredit(guild.did, name="Example Guild", types=TYPES)
    party.ledger.pin(guild.did, guild.document_bytes())
    party.ledger.create_list(GUILD_LIST, guild.did, StatusPurpose.REVOCATION)
    return party
