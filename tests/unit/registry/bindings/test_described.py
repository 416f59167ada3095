"""Calls in words: each that a council makes is said, and what cannot be read is said to be so."""

from __future__ import annotations

import pytest

from registry import status_delta
from registry.bindings import council, did_registry, directory, issuer_registry, ownership, status_registry
from registry.bindings.council import Rule
from registry.bindings.described import described
from registry.bindings.status_registry import StatusUpdate, list_id_of
from registry.records import Standing, Terms
from tests.simulators.ledger import CONTRACTS

BOARD, LIST = "did:web:board.example", "https://board.example/lists/1"
FIRST, SECOND = "0x" + "11" * 20, "0x" + "22" * 20
TERMS = Terms("Board", ("NursingLicence",), ("US-CO",), 0, 86_400)
UPDATE = StatusUpdate(list_id_of(LIST), 4, bytes(32), 0, status_delta.encode([7, 9]))


def said(contract: str, data: bytes) -> str:
    return described(
        getattr(CONTRACTS, contract, contract),
        data,
        CONTRACTS,
        {1: BOARD}.__getitem__,
        {list_id_of(LIST): LIST}.get,
    )


@pytest.mark.parametrize(
    ("contract", "data", "words"),
    [
        (
            "issuer_registry",
            issuer_registry.accredit(BOARD, FIRST, SECOND, TERMS),
            f"accredit {BOARD} as 'Board' for NursingLicence in US-CO, from 1970-01-01 00:00 UTC until "
            f"1970-01-02 00:00 UTC; admin {FIRST}, operator {SECOND}",
        ),
        (
            "issuer_registry",
            issuer_registry.change_standing(1, Standing.WITHDRAWN, "merged"),
            f"withdraw for good the accreditation of {BOARD}, because: merged",
        ),
        (
            "issuer_registry",
            issuer_registry.change_standing(9, Standing.ACTIVE, ""),
            "reinstate issuer 9, whom nobody accredited, because: no reason given",
        ),
        (
            "issuer_registry",
            issuer_registry.recover_admin(1, FIRST),
            f"replace the admin key of {BOARD} by {FIRST}",
        ),
        ("did_registry", did_registry.deactivate(BOARD, 3), f"end {BOARD} for good, as version 3"),
        ("status_registry", status_registry.move(list_id_of(LIST), 1), f"give {LIST} to {BOARD}"),
        (
            "status_registry",
            status_registry.publish_emergency(UPDATE),
            f"revoke in an emergency, as update 4 of {LIST}, 2 entries (7, 9) from 1970-01-01 00:00 UTC on",
        ),
        (
            "council",
            council.set_members([SECOND, FIRST], 2),
            f"replace the council's members: 2 of {FIRST}, {SECOND}",
        ),
        (
            "council",
            council.set_rule(Rule(CONTRACTS.issuer_registry, issuer_registry.SUSPENDING.selector, 2, 0)),
            "make it a rule for IssuerRegistry.suspend: 2 approvals, at once",
        ),
        (
            "council",
            council.set_rule(Rule(CONTRACTS.directory, council.ANY_FUNCTION, 0, 172_800)),
            "make it a rule for Directory, all functions: the council's quorum, then 2 days",
        ),
        (
            "directory",
            directory.set_entry("StatusRegistry", FIRST),
            f"name {FIRST} the network's StatusRegistry from now on",
        ),
        (
            "directory",
            ownership.transfer_ownership(SECOND),
            f"offer the contract to another owner, {SECOND}",
        ),
    ],
)
def test_in_words(contract: str, data: bytes, words: str) -> None:
    assert said(contract, data) == words


def test_what_cannot_be_read_is_said_to_be_so() -> None:
    suspend = issuer_registry.change_standing(1, Standing.SUSPENDED, "x")
    assert "no contract of this network" in said(
        FIRST, suspend
    )  # the words would be a lie about another contract
    assert "cannot be read here" in said("issuer_registry", b"\1\2\3\4")
    assert "cannot be read here" in said("council", suspend)
    assert "cannot be read here" in said("council", b"")
    assert "with arguments that are none" in said("issuer_registry", suspend[:40])
