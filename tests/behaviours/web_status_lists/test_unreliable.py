"""What is served is wrong: the credential is neither revoked nor fine."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable
from typing import Any

import pytest

from node.crypto import base64url
from node.verification.packed_list import MAX_BYTES
from node.verification.reasons import Reason
from node.verification.verdict import CheckId, Decision
from tests.behaviours.web_status_lists.asking import (
    FETCHING,
    INVALID,
    LENGTH,
    OPEN,
    STALE,
    found,
    licence,
    sd_licence,
    serve,
    status,
)
from tests.simulators.issuer import SimulatedIssuer, status_entry
from tests.simulators.relying_party import SimulatedRelyingParty, ended
from tests.simulators.web_lists import (
    WEB_LIST,
    encoded,
    list_credential,
    list_token,
    packed,
    served,
    token_claims,
)


def _signed_by(name: str) -> Callable[[SimulatedRelyingParty], bytes]:
    def made(party: SimulatedRelyingParty) -> bytes:
        other = SimulatedIssuer(name)
        return served(other.sign(list_credential(other, {7: 1}), "eddsa-jcs-2022"))

    return made


def _tampered(party: SimulatedRelyingParty) -> bytes:
    document = party.board.sign(list_credential(party.board, {7: 1}), "eddsa-jcs-2022")
    document["credentialSubject"]["encodedList"] = encoded(packed({}))
    return served(document)


def _with(**members: Any) -> Callable[[SimulatedRelyingParty], bytes]:
    return lambda party: served(
        party.board.sign(list_credential(party.board, {7: 1}, **members), "eddsa-jcs-2022")
    )


UNREACHABLE = Reason.STATUS_LIST_UNREACHABLE
BAD = [
    ("nobody answers", None, UNREACHABLE),
    ("nothing", lambda _: b"", INVALID),
    ("not JSON", lambda _: b"<html>404</html>", INVALID),
    ("CBOR", lambda _: bytes.fromhex("d2845820a2012610781a"), INVALID),
    ("a licence", lambda party: served(party.board.sign(party.board.licence())), INVALID),
    ("unsigned", lambda party: served(list_credential(party.board, {7: 1})), INVALID),
    ("tampered with", _tampered, INVALID),
    ("signed by a stranger in its own name", _signed_by("stranger"), INVALID),
    ("of another address", _with(id="https://lists.example/status/2", _id=None), INVALID),
    ("of no address", _with(id=None, _id=None), INVALID),
    ("its address on the subject alone", _with(id=None, _id="https://evil.example/1#list"), INVALID),
    ("no list by its type", _with(type=["VerifiableCredential"]), INVALID),
    ("no list by its subject's type", _with(_type="Other"), INVALID),
    ("of another purpose", _with(_statusPurpose="suspension"), Reason.STATUS_PURPOSE_MISMATCH),
    ("of no purpose", _with(_statusPurpose=None), INVALID),
    ("of many purposes", _with(_statusPurpose=["revocation"] * 17), INVALID),
    ("expired", _with(validUntil="2026-02-01T00:00:00Z"), STALE),
    ("of the future", _with(validFrom="2027-02-01T00:00:00Z"), STALE),
    ("with a date that is none", _with(validUntil="soon"), STALE),
    ("too short", _with(_encodedList=encoded(packed({7: 1}, entries=131_064))), LENGTH),
    ("too long", _with(_encodedList=encoded(bytes(MAX_BYTES + 1))), LENGTH),
    ("not multibase", _with(_encodedList=encoded(packed({}))[1:]), INVALID),
    ("not base64url", _with(_encodedList="u====="), INVALID),
    ("not GZIP", _with(_encodedList="u" + base64url.encode(zlib.compress(packed({})))), INVALID),
    ("cut off", _with(_encodedList="u" + base64url.encode(gzip.compress(packed({}))[:-9])), INVALID),
    ("something after it", _with(_encodedList="u" + base64url.encode(gzip.compress(packed({})) * 2)), INVALID),
    ("no list in it", _with(_encodedList=None), INVALID),
    ("a size of its own", _with(_statusSize=2), INVALID),
]


@pytest.mark.parametrize(("page", "reason"), [pytest.param(*rest, id=name) for name, *rest in BAD])
def test_a_list_that_cannot_be_relied_on(
    party: SimulatedRelyingParty, page: Callable[[SimulatedRelyingParty], bytes] | None, reason: Reason
) -> None:
    if page is not None:
        party.web.pages[WEB_LIST] = page(party)
    verdict = party.verify(licence(party), FETCHING)
    assert ended(verdict, CheckId.STATUS) == (OPEN, reason)
    assert verdict.decision is Decision.INDETERMINATE


def test_a_bomb_is_not_inflated(party: SimulatedRelyingParty) -> None:
    megabytes = zlib.compressobj(1, wbits=16 + zlib.MAX_WBITS)
    bomb = b"".join(megabytes.compress(bytes(1 << 20)) for _ in range(200)) + megabytes.flush()
    serve(party, list_credential(party.board, _encodedList="u" + base64url.encode(bomb)))
    assert found(status(party)) == (OPEN, LENGTH)


def test_a_list_of_another_kind_than_the_entry(party: SimulatedRelyingParty) -> None:
    party.web.pages[WEB_LIST] = list_token(party.board, token_claims({7: 1}))
    assert found(status(party)) == (OPEN, INVALID)
    party.clock.advance(301)
    serve(party, list_credential(party.board, {7: 1}))
    party.ledger.block()
    assert found(status(party, sd_licence(party))) == (OPEN, INVALID)


def test_an_index_beyond_the_list(party: SimulatedRelyingParty) -> None:
    serve(party, list_credential(party.board))
    beyond = status(party, licence(party, status_entry(131_072, WEB_LIST)))
    assert found(beyond) == (OPEN, Reason.STATUS_INDEX_OUT_OF_RANGE)


def test_another_issuers_genuine_list_says_nothing(party: SimulatedRelyingParty) -> None:
    other = SimulatedIssuer("other")
    party.ledger.accredit(other.did)
    party.ledger.pin(other.did, other.document_bytes())
    party.web.pages[WEB_LIST] = served(other.sign(list_credential(other, {7: 1}), "eddsa-jcs-2022"))
    assert found(status(party)) == (OPEN, Reason.STATUS_ISSUER_MISMATCH)
