"""The ledger the fixtures suppose: their issuers accredited, the board's document pinned, its list created."""

from __future__ import annotations

import json
from pathlib import Path

from registry.records import Terms
from registry.replica.replica import Replica
from tests.simulators.database import database_in_memory
from tests.simulators.ledger import SimulatedLedger

FIXTURES = Path(__file__).parents[1] / "fixtures"
NOW = 1_770_000_000  # Unix seconds, February 2026: the fixtures are valid
BOARD = "did:web:board.example"
STATUS_LIST = "https://board.example/status-lists/1"
LIST_SIZE = 131_072

ACCREDITED = {
    "board": ("Example State Board of Nursing", "NursingLicenceCredential"),
    "weldingInstitute": ("Example Welding Institute", "OpenBadgeCredential"),
    "university": ("Example University", "UniversityDegreeCredential"),
}


def fixture_ledger() -> SimulatedLedger:
    """One block: accreditations, the pinned document and the empty list."""
    keys = json.loads((FIXTURES / "keys.json").read_text(encoding="utf-8"))
    board_document = (FIXTURES / "did-board.json").read_bytes()
    terms = {
        keys[name]["did"]: Terms(legal_name, (credential_type,), ("US",), 0, 4_000_000_000)
        for name, (legal_name, credential_type) in ACCREDITED.items()
    }
    ledger = SimulatedLedger(genesis_time=NOW - 60)  # its last block is a minute old at most
    ledger.mine(
        *(lambda it, did=did: it.accredit(did, terms[did]) for did in terms),
        lambda it: it.pin(BOARD, board_document),
        lambda it: it.create(1, STATUS_LIST, LIST_SIZE),
    )
    return ledger


def replica_of(ledger: SimulatedLedger) -> Replica:
    """A replica that has just caught up, on a database in memory."""
    replica = Replica(database_in_memory())
    replica.load()
    replica.apply(ledger.batches())
    replica.confirm(NOW)
    return replica
