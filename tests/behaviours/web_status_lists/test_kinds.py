"""Every kind of status list on the web, read as it is meant."""

from __future__ import annotations

import json

import pytest

from node.verification.proofs import jose
from node.verification.reasons import Reason
from node.verification.verdict import Decision, Outcome
from tests.behaviours.web_status_lists.asking import (
    ENTRY,
    FAILED,
    FETCHING,
    OPEN,
    PASSED,
    found,
    licence,
    sd_licence,
    serve,
    status,
)
from tests.simulators.envelopes import enveloped
from tests.simulators.issuer import SimulatedIssuer, status_entry
from tests.simulators.relying_party import SimulatedRelyingParty
from tests.simulators.web_lists import (
    NOW,
    WEB_LIST,
    list_credential,
    list_credential_2021,
    list_token,
    served,
    token_claims,
)


@pytest.mark.parametrize("suite", ["eddsa-jcs-2022", "eddsa-rdfc-2022"])
@pytest.mark.parametrize(("value", "expected"), [(0, (PASSED, Reason.OK)), (1, (FAILED, Reason.REVOKED))])
def test_a_bitstring_list(
    party: SimulatedRelyingParty, suite: str, value: int, expected: tuple[Outcome, Reason]
) -> None:
    serve(party, list_credential(party.board, {6: 1, 7: value, 8: 1}), suite)
    check = status(party)
    assert found(check) == expected
    assert "list of 1 January 2026" in check.detail
    assert "fetched 18 November 2026" in check.detail
    source = check.source
    assert source is not None
    assert (source.kind, source.ref, source.fetched_at, len(source.digest)) == ("web", WEB_LIST, NOW, 64)
    assert source.issued_at == 1_767_225_600


def test_a_list_as_jwt_and_enveloped(party: SimulatedRelyingParty) -> None:
    board = party.board
    jwt = jose.sign(list_credential(board, {7: 1}), key=board.key, kid=board.method, typ="vc+jwt")
    party.web.pages[WEB_LIST] = jwt.encode()
    assert found(status(party)) == (FAILED, Reason.REVOKED)
    party.clock.advance(301)
    party.ledger.block()
    party.web.pages[WEB_LIST] = served(enveloped("vc+jwt", jwt))
    assert found(status(party)) == (FAILED, Reason.REVOKED)


def test_a_list_of_2021(party: SimulatedRelyingParty) -> None:
    serve(party, list_credential_2021(party.board, {7: 1}), "eddsa-rdfc-2022")
    entry = ENTRY | {"type": "StatusList2021Entry"}
    assert found(status(party, licence(party, entry))) == (FAILED, Reason.REVOKED)
    assert found(status(party, licence(party, entry | {"statusListIndex": "8"}))) == (PASSED, Reason.OK)


@pytest.mark.parametrize("bits", range(1, 9))
def test_messages_of_every_size(party: SimulatedRelyingParty, bits: int) -> None:
    value, index = (1 << bits) - 2 if bits > 1 else 1, 131_000
    document = list_credential(party.board, {index: value}, bits=bits, _statusPurpose=["message", "refresh"])
    serve(party, document)
    entry = status_entry(index, WEB_LIST, "message") | {
        "statusSize": bits,
        "statusMessage": [{"status": hex(value), "message": "under supervision"}],
    }
    check = status(party, licence(party, entry))
    assert found(check) == (PASSED, Reason.STATUS_MESSAGE)
    assert check.detail.startswith("The issuer notes: under supervision, by its issuer's own list")
    neighbour = status(party, licence(party, entry | {"statusListIndex": str(index + 1)}))
    assert found(neighbour) == (PASSED, Reason.OK)


@pytest.mark.parametrize(
    ("purpose", "expected"),
    [
        ("revocation", (FAILED, Reason.REVOKED)),
        ("suspension", (FAILED, Reason.SUSPENDED)),
        ("refresh", (PASSED, Reason.STATUS_REFRESH)),
    ],
)
def test_every_purpose(party: SimulatedRelyingParty, purpose: str, expected: tuple[Outcome, Reason]) -> None:
    serve(party, list_credential(party.board, {7: 1}, _statusPurpose=purpose))
    assert found(status(party, licence(party, status_entry(7, WEB_LIST, purpose)))) == expected


TOKEN_VALUES = {
    0: (PASSED, Reason.OK),
    1: (FAILED, Reason.REVOKED),
    2: (FAILED, Reason.SUSPENDED),
    3: (PASSED, Reason.STATUS_MESSAGE),
}


@pytest.mark.parametrize(
    ("bits", "value", "expected"),
    [(bits, value, end) for bits in (1, 2, 4, 8) for value, end in TOKEN_VALUES.items() if not value >> bits],
)
def test_a_token_status_list(
    party: SimulatedRelyingParty, bits: int, value: int, expected: tuple[Outcome, Reason]
) -> None:
    claims = token_claims({6: 1, 7: value, 8: 1}, bits=bits, iss=party.board.did, ttl=43200)
    party.web.pages[WEB_LIST] = list_token(party.board, claims)
    assert found(status(party, sd_licence(party))) == expected


def test_a_list_signed_by_whom_the_issuer_names_on_the_ledger(party: SimulatedRelyingParty) -> None:
    provider = SimulatedIssuer("provider")
    party.ledger.pin(provider.did, provider.document_bytes())
    document = provider.sign(list_credential(provider, {7: 1}), "eddsa-jcs-2022")
    party.web.pages[WEB_LIST] = served(document)
    assert found(status(party)) == (OPEN, Reason.STATUS_ISSUER_MISMATCH)
    party.clock.advance(16)
    named = party.board.document() | {"assertionMethod": [party.board.method, provider.method]}
    party.ledger.pin(party.board.did, json.dumps(named).encode())
    assert found(status(party)) == (FAILED, Reason.REVOKED)
    assert party.verify(provider.sign(party.board.licence()), FETCHING).decision is Decision.REJECT, (
        "it may keep the lists, and issues nothing in the board's name"
    )
    party.ledger.pin(party.board.did, party.board.document_bytes())  # no longer
    assert found(status(party)) == (OPEN, Reason.STATUS_ISSUER_MISMATCH)
