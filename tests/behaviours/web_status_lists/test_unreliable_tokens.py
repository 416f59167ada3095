"""Token status lists that are wrong: the status is not known."""

from __future__ import annotations

import zlib
from typing import Any

import pytest

from node.crypto import base64url
from node.verification.reasons import Reason
from tests.behaviours.web_status_lists.asking import FAILED, INVALID, OPEN, STALE, found, sd_licence, status
from tests.simulators.relying_party import SimulatedRelyingParty
from tests.simulators.web_lists import NOW, WEB_LIST, list_token, token_claims


@pytest.mark.parametrize(
    ("claims", "header", "reason"),
    [
        ({"sub": "https://lists.example/status/2"}, {}, INVALID),
        ({"sub": None}, {}, INVALID),
        ({"iss": "did:web:other.example"}, {}, INVALID),
        ({"iss": 7}, {}, INVALID),
        ({"iat": None}, {}, INVALID),
        ({"iat": NOW + 61}, {}, STALE),
        ({"exp": NOW - 60}, {}, STALE),
        ({"exp": "soon"}, {}, INVALID),
        ({"status_list": None}, {}, INVALID),
        ({"status_list": {"bits": 3, "lst": ""}}, {}, INVALID),
        ({"status_list": {"bits": True, "lst": ""}}, {}, INVALID),
        ({"status_list": {"bits": 1, "lst": "AAAA"}}, {}, INVALID),
        ({"status_list": {"bits": 1, "lst": 7}}, {}, INVALID),
        (
            {"status_list": {"bits": 1, "lst": base64url.encode(zlib.compress(b""))}},
            {},
            Reason.STATUS_INDEX_OUT_OF_RANGE,
        ),
        ({}, {"typ": "JWT"}, INVALID),
        ({}, {"alg": "none"}, INVALID),
        ({}, {"alg": "ES256"}, INVALID),
        ({}, {"kid": "did:web:board.example#key-2"}, INVALID),
        ({}, {"kid": "did:web:other.example#key-1"}, INVALID),
        ({}, {"crit": ["x"]}, INVALID),
    ],
)
def test_a_token_list_that_cannot_be_relied_on(
    party: SimulatedRelyingParty, claims: dict[str, Any], header: dict[str, Any], reason: Reason
) -> None:
    party.web.pages[WEB_LIST] = list_token(party.board, token_claims({7: 1}, **claims), **header)
    assert found(status(party, sd_licence(party))) == (OPEN, reason)


def test_no_byte_of_a_token_list_can_be_another(party: SimulatedRelyingParty) -> None:
    """Whichever is changed: the status is not known, and never read from what was not signed."""
    genuine = list_token(party.board, token_claims({7: 1}))
    presented = sd_licence(party)
    for place in range(0, len(genuine), 3):
        changed = bytearray(genuine)
        changed[place] = ord("A") if changed[place] != ord("A") else ord("B")
        party.web.pages[WEB_LIST] = bytes(changed)
        party.clock.advance(16)
        party.ledger.block()
        assert status(party, presented).outcome is OPEN, place
    party.web.pages[WEB_LIST] = genuine
    party.clock.advance(16)
    assert found(status(party, presented)) == (FAILED, Reason.REVOKED)
