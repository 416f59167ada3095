"""A status list that is not on the ledger: fetched where the policy says so, believed if every rule holds."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from node.crypto import base64url
from node.verification.dates import written
from node.verification.packed_list import MAX_BYTES
from node.verification.policy import DEFAULT_POLICY
from node.verification.proofs import jose
from node.verification.reasons import Reason
from node.verification.verdict import Check, CheckId, Decision, Outcome
from registry.records import AsOf, StatusPurpose
from tests.simulators import sd_jwt
from tests.simulators.issuer import SimulatedIssuer, status_entry
from tests.simulators.relying_party import SimulatedRelyingParty, check_of, ended
from tests.simulators.web_lists import (
    NOW,
    WEB_LIST,
    encoded,
    list_credential,
    list_credential_2021,
    list_token,
    packed,
    served,
    token_claims,
)

FETCHING = replace(DEFAULT_POLICY, fetch_status_lists=True)
FAILED, PASSED, OPEN = Outcome.FAILED, Outcome.PASSED, Outcome.INDETERMINATE
ENTRY = status_entry(7, WEB_LIST)


def licence(party: SimulatedRelyingParty, *entries: dict[str, Any]) -> dict[str, Any]:
    stated = list(entries) if len(entries) > 1 else entries[0] if entries else ENTRY
    return party.board.sign(party.board.licence(credentialStatus=stated), "eddsa-jcs-2022")


def sd_licence(party: SimulatedRelyingParty, index: int = 7) -> str:
    status = {"status_list": {"idx": index, "uri": WEB_LIST}}
    return sd_jwt.issue(party.board, sd_jwt.licence_claims(party.board, status=status))


def serve(party: SimulatedRelyingParty, document: dict[str, Any], suite: str = "eddsa-jcs-2022") -> None:
    party.web.pages[WEB_LIST] = served(party.board.sign(document, suite))


def status(party: SimulatedRelyingParty, presented: Any = None, **options: Any) -> Check:
    presented = licence(party) if presented is None else presented
    return check_of(party.verify(presented, options.pop("policy", FETCHING), **options), CheckId.STATUS)


def found(check: Check) -> tuple[Outcome, Reason]:
    assert check.detail.endswith(".")
    return check.outcome, check.reason


# --- whether anything is asked of anyone


def test_nothing_is_fetched_unless_the_policy_says_so(party: SimulatedRelyingParty) -> None:
    serve(party, list_credential(party.board))
    assert found(status(party, policy=DEFAULT_POLICY)) == (OPEN, Reason.STATUS_LIST_UNKNOWN)
    assert party.web.asked == []
    assert found(status(party)) == (PASSED, Reason.OK)
    assert party.web.asked == [WEB_LIST]
    assert found(status(party, policy=DEFAULT_POLICY)) == (OPEN, Reason.STATUS_LIST_UNKNOWN), (
        "nor is what others had fetched used for whoever does not want it"
    )


def test_a_list_on_the_ledger_is_never_fetched(party: SimulatedRelyingParty) -> None:
    party.ledger.create_list(WEB_LIST, party.board.did)
    serve(party, list_credential(party.board, {7: 1}))
    assert found(status(party)) == (PASSED, Reason.OK)
    party.ledger.corrupt(WEB_LIST)
    assert found(status(party)) == (OPEN, Reason.STATUS_LIST_CORRUPT)
    assert party.web.asked == []


def test_no_list_is_fetched_while_the_replica_may_only_have_missed_it(party: SimulatedRelyingParty) -> None:
    serve(party, list_credential(party.board))
    party.ledger.go_down()
    party.clock.advance(1000)
    assert found(status(party)) == (OPEN, Reason.REPLICA_STALE)
    assert party.web.asked == []


def test_nothing_is_fetched_for_what_nobody_signed_or_nobody_would_accept(party: SimulatedRelyingParty) -> None:
    forged = licence(party) | {"name": "Doctor of everything"}
    assert party.verify(forged, FETCHING).decision is Decision.REJECT
    stranger = SimulatedIssuer.self_made("stranger")
    other = stranger.sign(stranger.licence(credentialStatus=ENTRY), "eddsa-jcs-2022")
    assert party.verify(other, FETCHING).decision is Decision.REJECT
    expired = party.board.licence(credentialStatus=ENTRY, validUntil="2026-01-02T00:00:00Z")
    assert party.verify(party.board.sign(expired), FETCHING).decision is Decision.REJECT
    assert party.web.asked == []


def test_a_list_on_the_web_tells_nothing_of_the_past(party: SimulatedRelyingParty) -> None:
    serve(party, list_credential(party.board))
    party.clock.advance(10)
    party.ledger.block()
    for at in (AsOf(valid_at=NOW + 5), AsOf(known_at=NOW + 5)):
        assert found(status(party, at=at)) == (OPEN, Reason.STATUS_LIST_UNKNOWN)
    assert party.web.asked == []


def test_one_presentation_cannot_have_a_hundred_hosts_asked(party: SimulatedRelyingParty) -> None:
    entries = [status_entry(7, f"https://lists.example/{i}") for i in range(12)]
    verdict = party.verify(licence(party, *entries), FETCHING)
    assert len(party.web.asked) == 8
    reasons = {check.reason for check in verdict.credentials[0].checks if check.id is CheckId.STATUS}
    assert reasons == {Reason.STATUS_LIST_UNREACHABLE}


# --- every kind of list


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
    envelope = {"type": "EnvelopedVerifiableCredential", "id": f"data:application/vc+jwt,{jwt}"}
    party.ledger.block()
    party.web.pages[WEB_LIST] = served({"@context": "https://www.w3.org/ns/credentials/v2"} | envelope)
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


# --- what is served is wrong: the credential is neither revoked nor fine


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


INVALID, LENGTH, STALE = Reason.STATUS_LIST_INVALID, Reason.STATUS_LIST_LENGTH, Reason.STATUS_STALE
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


# --- how long it is kept


def fetched_after(party: SimulatedRelyingParty, *waits: int) -> list[int]:
    """How often the list had been fetched after each wait."""
    counts = []
    for wait in waits:
        party.clock.advance(wait)
        party.ledger.block()
        status(party)
        counts.append(len(party.web.asked))
    return counts


@pytest.mark.parametrize(
    ("members", "kept"),
    [
        ({}, 300),
        ({"_ttl": 60_000}, 60),
        ({"_ttl": 0}, 5),
        ({"_ttl": -1}, 5),
        ({"_ttl": "300000"}, 5),
        ({"_ttl": 10**12}, 3600),
        ({"_ttl": 900_000, "validUntil": "2026-11-18T18:18:20Z"}, 100),
    ],
)
def test_it_is_kept_as_its_issuer_says_within_bounds(
    party: SimulatedRelyingParty, members: dict[str, Any], kept: int
) -> None:
    if "validUntil" in members:
        members = members | {"validUntil": written(NOW + kept)}
    serve(party, list_credential(party.board, **members))
    assert fetched_after(party, 0, kept - 1, 1) == [1, 1, 2]


def test_a_failure_is_kept_for_a_short_while(party: SimulatedRelyingParty) -> None:
    assert fetched_after(party, 0, 14) == [1, 1]
    serve(party, list_credential(party.board))
    party.clock.advance(1)
    assert found(status(party)) == (PASSED, Reason.OK)
    assert len(party.web.asked) == 2


def test_it_is_fetched_anew_once_its_issuer_has_other_keys(party: SimulatedRelyingParty) -> None:
    serve(party, list_credential(party.board))
    assert found(status(party)) == (PASSED, Reason.OK)
    presented = licence(party)
    party.ledger.pin(party.board.did, json.dumps(party.board.document() | {"service": []}).encode())
    assert found(status(party, presented)) == (PASSED, Reason.OK)
    assert len(party.web.asked) == 2


def test_a_policy_may_ask_for_a_younger_list(party: SimulatedRelyingParty) -> None:
    serve(party, list_credential(party.board))
    strict = replace(FETCHING, max_list_age=3600)
    assert found(status(party, policy=strict)) == (OPEN, Reason.STATUS_STALE)
    party.clock.advance(301)
    party.ledger.block()
    serve(party, list_credential(party.board, validFrom=written(party.clock.now - 3600)))
    assert found(status(party, policy=strict)) == (PASSED, Reason.OK)


def test_lists_of_both_worlds_side_by_side(party: SimulatedRelyingParty) -> None:
    party.ledger.create_list("https://board.example/s", party.board.did, StatusPurpose.SUSPENSION)
    serve(party, list_credential(party.board))
    both = licence(party, ENTRY, status_entry(7, "https://board.example/s", "suspension"))
    assert party.verify(both, FETCHING).decision is Decision.ACCEPT
    party.ledger.publish("https://board.example/s", {7: 1})
    assert party.verify(both, FETCHING).decision is Decision.REJECT


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
