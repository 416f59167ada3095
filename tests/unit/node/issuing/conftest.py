"""A board that issues, and the lists it may refer to."""

from __future__ import annotations

import pytest

from node.issuing.credentials import CredentialIssuer
from node.issuing.did_documents import OwnIdentity
from tests.simulators.status_lists import DAY, SimulatedLists
from tests.unit.node.issuing.licences import BOARD, DATA_INTEGRITY, KEY, LIST, OTHERS_LIST


@pytest.fixture
def lists() -> SimulatedLists:
    made = SimulatedLists()
    made.create(LIST, BOARD)
    made.create(OTHERS_LIST, "did:web:other.example")
    return made


@pytest.fixture
def issuer(lists: SimulatedLists) -> CredentialIssuer:
    return OwnIdentity(BOARD, KEY, DATA_INTEGRITY).issuer(lists, lambda: DAY + 0.5)
