"""A registrar of an accredited board with one list."""

from __future__ import annotations

import pytest

from node.services.registrar import Registrar
from registry.records import Accreditation, Standing, StatusListRecord, StatusPurpose, Terms
from tests.unit.node.services.registering import (
    ADDRESS,
    DID,
    FIRST_REGISTRY,
    LIST,
    NOW,
    SIZE,
    STAMP,
    Known,
    Recorder,
    make,
)


@pytest.fixture
def ledger() -> Known:
    terms = Terms("Board", ("Licence",), (), 0, NOW * 2)
    board = Accreditation(1, DID, terms, Standing.ACTIVE, ADDRESS, frozenset(), STAMP)
    known = StatusListRecord(
        bytes(32),
        LIST,
        1,
        DID,
        SIZE,
        StatusPurpose.REVOCATION,
        1,
        3,
        bytes(32),
        bytes(32),
        False,
        True,
        NOW,
        STAMP,
        FIRST_REGISTRY,
    )
    return Known({DID: board}, {LIST: known}, frozenset({5}))


@pytest.fixture
def sent() -> Recorder:
    return Recorder()


@pytest.fixture
def registrar(ledger: Known, sent: Recorder) -> Registrar:
    return make(ledger, sent)
