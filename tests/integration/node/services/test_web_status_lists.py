"""Status lists over real HTTP: each form by its media type, and what hosts do that they should not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from node.did.resolver import Resolver
from node.fetch import Fetcher
from node.services.verification import VerificationService
from node.services.web_status_lists import WebStatusLists
from node.verification.proof import ProofChecker
from node.verification.proofs import jose
from node.verification.reasons import Reason
from node.verification.verdict import CheckId, Outcome
from tests.simulators import sd_jwt
from tests.simulators.issuer import DATA_INTEGRITY, status_entry
from tests.simulators.loopback_host import PageHost, page_host
from tests.simulators.policies import DEFAULT_POLICY
from tests.simulators.relying_party import SimulatedRelyingParty, ended
from tests.simulators.web_lists import list_credential, list_token, served, token_claims

FETCHING = replace(DEFAULT_POLICY, fetch_status_lists=True)
REVOKED = (Outcome.FAILED, Reason.REVOKED)


@pytest.fixture
def port() -> Iterator[int]:
    with page_host() as port:
        yield port


@pytest.fixture
def party(port: int) -> SimulatedRelyingParty:
    """With a real fetcher that may visit this one host."""
    party = SimulatedRelyingParty()
    fetcher = Fetcher(allow=frozenset({("127.0.0.1", port)}), deadline=5.0)
    resolver = Resolver(party.ledger.pinned_document, None, party.clock)
    lists = WebStatusLists(fetcher, resolver, ProofChecker(DATA_INTEGRITY), party.clock)
    party.service = VerificationService(party.verifier, resolver, party.ledger, party.clock, status_lists=lists)
    return party


def status(party: SimulatedRelyingParty, presented: Any) -> tuple[Outcome, Reason]:
    return ended(party.verify(presented, FETCHING), CheckId.STATUS)


@pytest.mark.parametrize(
    "media_type", ["application/vc", "application/vc+ld+json", "application/json", "text/plain"]
)
def test_a_status_list_credential(party: SimulatedRelyingParty, port: int, media_type: str) -> None:
    uri = f"http://127.0.0.1:{port}/list"
    document = party.board.sign(list_credential(party.board, {7: 1}, id=uri), "eddsa-jcs-2022")
    PageHost.pages["/list"] = (media_type, served(document))
    assert (
        status(party, party.board.sign(party.board.licence(credentialStatus=status_entry(7, uri)))) == REVOKED
    )
    assert len(PageHost.asked) == 1
    assert "application/statuslist+jwt" in PageHost.asked[0][1]


@pytest.mark.parametrize("media_type", ["application/vc+jwt", "application/jwt", "application/vc"])
def test_a_status_list_credential_as_jwt(party: SimulatedRelyingParty, port: int, media_type: str) -> None:
    uri, board = f"http://127.0.0.1:{port}/list", party.board
    compact = jose.sign(list_credential(board, {7: 1}, id=uri), key=board.key, kid=board.method, typ="vc+jwt")
    PageHost.pages["/list"] = (media_type, compact.encode())
    assert status(party, board.sign(board.licence(credentialStatus=status_entry(7, uri)))) == REVOKED


def sd_licence(party: SimulatedRelyingParty, uri: str) -> str:
    claims = sd_jwt.licence_claims(party.board, status={"status_list": {"idx": 7, "uri": uri}})
    return sd_jwt.issue(party.board, claims)


def test_a_token_status_list(party: SimulatedRelyingParty, port: int) -> None:
    uri = f"http://127.0.0.1:{port}/list"
    PageHost.pages["/list"] = (
        "application/statuslist+jwt",
        list_token(party.board, token_claims({7: 1}, sub=uri)),
    )
    assert status(party, sd_licence(party, uri)) == REVOKED


def test_a_token_status_list_in_cbor_is_refused_clearly(party: SimulatedRelyingParty, port: int) -> None:
    uri = f"http://127.0.0.1:{port}/list"
    PageHost.pages["/list"] = ("application/statuslist+cwt", bytes.fromhex("d2845820"))
    verdict = party.verify(sd_licence(party, uri), FETCHING)
    assert ended(verdict, CheckId.STATUS) == (Outcome.INDETERMINATE, Reason.STATUS_LIST_UNREACHABLE)
    (check,) = (one for one in verdict.credentials[0].checks if one.id is CheckId.STATUS)
    assert "statuslist+cwt" in check.detail


@pytest.mark.parametrize("path", ["/gone", "/large", "/page"])
def test_what_is_no_list(party: SimulatedRelyingParty, port: int, path: str) -> None:
    PageHost.pages |= {"/large": ("application/vc", bytes(5 << 20)), "/page": ("text/html", b"<h1>list</h1>")}
    uri = f"http://127.0.0.1:{port}{path}"
    expected = (Outcome.INDETERMINATE, Reason.STATUS_LIST_UNREACHABLE)
    assert status(party, sd_licence(party, uri)) == expected


@pytest.mark.parametrize(
    "uri", ["https://127.0.0.1:1/list", "http://169.254.169.254/list", "file:///etc/passwd", "x"]
)
def test_addresses_that_are_never_visited(party: SimulatedRelyingParty, uri: str) -> None:
    expected = (Outcome.INDETERMINATE, Reason.STATUS_LIST_UNREACHABLE)
    assert status(party, sd_licence(party, uri)) == expected
    assert PageHost.asked == []
