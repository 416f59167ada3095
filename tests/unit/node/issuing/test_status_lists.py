"""Status list credentials of our own lists."""

from __future__ import annotations

import base64
import gzip
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.crypto.public_keys import KeyType
from node.crypto.signing import SigningKey
from node.did.document import VerificationMethod
from node.errors import Unavailable
from node.issuing.did_documents import OwnIdentity
from node.issuing.refusals import IssuingRefused
from node.issuing.status_lists import ListForm, StatusListCredentials, encoded_list
from node.verification.dates import written
from node.verification.packed_list import PackedList
from node.verification.proofs import jose
from node.verification.proofs.contexts import Contexts
from node.verification.proofs.data_integrity.data_integrity import DataIntegrity
from registry.events import LedgerEvent
from registry.records import NOW, AsOf, StatusPurpose
from registry.replica.replica import Replica
from tests.simulators.contracts import ContractsModel
from tests.simulators.fixture_ledger import replica_of
from tests.simulators.ledger import SimulatedLedger
from tests.simulators.status_lists import DAY, Bits, SimulatedLists
from tests.simulators.web_lists import packed

BOARD = "did:web:board.example"
LIST = "https://board.example/status-lists/nursing"
DATA_INTEGRITY = DataIntegrity(Contexts())
IDENTITY = OwnIdentity(BOARD, SigningKey.from_bytes(KeyType.ED25519, bytes(range(32))), DATA_INTEGRITY)


@pytest.fixture
def lists() -> SimulatedLists:
    made = SimulatedLists()
    made.create(LIST, BOARD)
    return made


@pytest.fixture
def credentials(lists: SimulatedLists) -> StatusListCredentials:
    return IDENTITY.status_lists(lists, lambda: DAY + 1.0)


def signed(credentials: StatusListCredentials, **asked: Any) -> dict[str, Any]:
    found = credentials.signed(LIST, **asked)
    assert found is not None
    assert isinstance(found.secured, dict)
    return found.secured


def bits_of(credential: dict[str, Any]) -> bytes:
    text = credential["credentialSubject"]["encodedList"]
    assert text[0] == "u"
    return gzip.decompress(base64.urlsafe_b64decode(text[1:] + "=" * (-len(text[1:]) % 4)))


def test_a_list_is_told_as_the_specification_asks(
    credentials: StatusListCredentials, lists: SimulatedLists
) -> None:
    lists.revoke(LIST, 7)
    found = signed(credentials)
    assert found["type"] == ["VerifiableCredential", "BitstringStatusListCredential"]
    assert (found["id"], found["issuer"], found["validFrom"]) == (LIST, BOARD, "2026-01-01T00:01:00Z")
    subject = found["credentialSubject"]
    assert (subject["type"], subject["statusPurpose"]) == ("BitstringStatusList", "revocation")
    assert subject["ttl"] == 300_000
    assert bits_of(found) == b"\x01" + bytes(131_072 // 8 - 1)


@pytest.mark.parametrize("mechanism", ["eddsa-rdfc-2022", "eddsa-jcs-2022"])
def test_it_verifies(lists: SimulatedLists, mechanism: str) -> None:
    issuer = IDENTITY.issuer(lists, lambda: DAY)
    credentials = StatusListCredentials(lists, issuer, lambda: DAY, mechanism=mechanism)
    method = VerificationMethod(f"{BOARD}#key-1", BOARD, IDENTITY.key.public)
    result = DATA_INTEGRITY.check(
        signed(credentials), purpose="assertionMethod", resolve_method=lambda _: method, now=DAY, skew=0
    )
    assert result.cryptosuite == mechanism


def test_it_may_be_enveloped(lists: SimulatedLists) -> None:
    found = IDENTITY.status_lists(lists, lambda: DAY).signed(LIST, ListForm.ENVELOPED)
    assert found is not None
    assert isinstance(found.secured, str)
    jose.check(jose.peek(found.secured), IDENTITY.key.public, now=DAY, skew=0)


def test_it_is_signed_once_for_every_change(credentials: StatusListCredentials, lists: SimulatedLists) -> None:
    first = signed(credentials)
    assert signed(credentials) is first
    lists.revoke(LIST, 9)
    second = signed(credentials)
    assert second is not first
    assert bits_of(second)[1] == 0x40
    assert signed(credentials) is second


def test_lists_of_others_and_unknown_ones_are_not_signed(
    credentials: StatusListCredentials, lists: SimulatedLists
) -> None:
    lists.create("https://other.example/list", "did:web:other.example")
    assert credentials.signed("https://other.example/list") is None
    assert credentials.signed("https://board.example/no-such-list") is None
    credentials.signed(LIST)
    lists.change(LIST, issuer_did="did:web:other.example")  # moved to another issuer
    assert credentials.signed(LIST) is None


def test_a_list_too_short_to_hide_in_is_refused(lists: SimulatedLists) -> None:
    lists.create(LIST, BOARD, size=131_072 - 256)
    with pytest.raises(IssuingRefused, match="131072"):
        IDENTITY.status_lists(lists, lambda: DAY).signed(LIST)


def test_a_list_that_does_not_match_its_record_is_not_signed(
    credentials: StatusListCredentials, lists: SimulatedLists
) -> None:
    credentials.signed(LIST)
    lists.change(LIST, intact=False)
    with pytest.raises(Unavailable):
        credentials.signed(LIST)


def test_record_and_bits_are_of_one_state(lists: SimulatedLists) -> None:
    """An update arrives between the two questions; the bits of the one are not signed as of the other."""

    class Moving(SimulatedLists):
        moved = False

        def bits(self, uri: str, at: AsOf = NOW) -> Bits | None:
            if not self.moved:
                self.moved = True
                self.revoke(uri, 7)
            return super().bits(uri)

    moving = Moving(lists.records, lists.packed)
    found = signed(IDENTITY.status_lists(moving, lambda: DAY))
    assert found["validFrom"] == "2026-01-01T00:01:00Z"
    assert bits_of(found)[0] == 0x01


def test_entries_of_several_bits_are_told_as_they_are(lists: SimulatedLists) -> None:
    lists.create(LIST, BOARD, purpose=StatusPurpose.MESSAGE, bits=2)
    found = signed(IDENTITY.status_lists(lists, lambda: DAY))
    assert found["credentialSubject"]["statusPurpose"] == "message"
    assert len(bits_of(found)) == 131_072 * 2 // 8


@given(st.binary(min_size=1, max_size=4096))
def test_the_same_bits_give_the_same_text_and_come_back(packed: bytes) -> None:
    text = encoded_list(packed)
    assert text == encoded_list(packed)
    assert "=" not in text
    assert gzip.decompress(base64.urlsafe_b64decode(text[1:] + "=" * (-len(text[1:]) % 4))) == packed


# --- as a token


def token(lists: SimulatedLists, now: int, **asked: Any) -> dict[str, Any]:
    found = IDENTITY.status_lists(lists, lambda: now).signed(LIST, ListForm.TOKEN, **asked)
    assert found is not None
    assert isinstance(found.secured, str)
    jws = jose.split(found.secured)
    jose.check_signature(jws, IDENTITY.key.public)
    assert (jws.header["typ"], jws.header["kid"]) == ("statuslist+jwt", f"{BOARD}#key-1")
    return jose.claims_of(jws)


def test_a_token_says_when_it_was_issued_and_does_not_hold_for_long(lists: SimulatedLists) -> None:
    lists.reaches = DAY + 1000
    claims = token(lists, DAY + 1010)
    assert (claims["iss"], claims["sub"], claims["ttl"]) == (BOARD, LIST, 300)
    assert (claims["iat"], claims["exp"]) == (DAY + 900, DAY + 900 + 86_400)


def test_a_token_grows_old_while_the_ledger_is_out_of_reach(lists: SimulatedLists) -> None:
    lists.reaches = DAY + 1000
    assert token(lists, DAY + 500_000)["exp"] == DAY + 900 + 86_400


def test_a_token_is_not_older_than_what_it_says(lists: SimulatedLists) -> None:
    lists.revoke(LIST, 7)
    lists.reaches = DAY + 61
    assert token(lists, DAY + 61)["iat"] == DAY + 60


@pytest.mark.parametrize(
    ("purpose", "bits", "values", "token_bits", "expected"),
    [
        (StatusPurpose.REVOCATION, 1, {0: 1, 9: 1, 131_071: 1}, 1, {0: 1, 9: 1, 131_071: 1}),
        (StatusPurpose.SUSPENSION, 1, {0: 1, 9: 1, 131_071: 1}, 2, {0: 2, 9: 2, 131_071: 2}),
        (StatusPurpose.MESSAGE, 2, {0: 1, 9: 3, 131_071: 2}, 2, {0: 1, 9: 3, 131_071: 2}),
        (StatusPurpose.MESSAGE, 4, {0: 1, 9: 15, 131_071: 2}, 4, {0: 1, 9: 15, 131_071: 2}),
        (StatusPurpose.MESSAGE, 8, {0: 1, 9: 200, 131_071: 2}, 8, {0: 1, 9: 200, 131_071: 2}),
    ],
)
def test_a_token_has_the_values_of_the_ledger_in_the_order_of_a_token(
    lists: SimulatedLists,
    purpose: StatusPurpose,
    bits: int,
    values: dict[int, int],
    token_bits: int,
    expected: dict[int, int],
) -> None:
    lists.create(LIST, BOARD, purpose=purpose, bits=bits)
    lists.packed[LIST][:] = packed(values, bits=bits)
    stated = token(lists, DAY)["status_list"]
    assert stated["bits"] == token_bits
    whole = packed(expected, bits=token_bits, token=True)
    assert zlib.decompress(base64.urlsafe_b64decode(stated["lst"] + "=" * (-len(stated["lst"]) % 4))) == whole


def test_a_list_of_newer_versions_is_no_token(lists: SimulatedLists) -> None:
    lists.create(LIST, BOARD, purpose=StatusPurpose.REFRESH)
    with pytest.raises(IssuingRefused, match="refresh"):
        token(lists, DAY)


# --- of the past, from a replica


def history(*calls: Callable[[ContractsModel], list[LedgerEvent]]) -> tuple[Replica, list[int]]:
    """A replica of a ledger with one call in each block, and the times of the blocks."""
    ledger = SimulatedLedger(genesis_time=DAY)
    ledger.mine(lambda it: it.accredit(BOARD))
    times = [ledger.mine(call).time for call in calls]
    replica = replica_of(ledger)
    replica.confirm(ledger.time)
    return replica, times


def nothing(_: ContractsModel) -> list[LedgerEvent]:
    return []


def test_a_list_as_it_was_recorded_then() -> None:
    replica, (created, first, between, second, head) = history(
        lambda it: it.create(1, LIST, 131_072),
        lambda it: it.publish(LIST, [7], DAY),
        nothing,
        lambda it: it.publish(LIST, [9], DAY),  # in effect long before it was recorded
        nothing,
    )
    credentials = IDENTITY.status_lists(replica.queries, lambda: head + 5.0)

    def then(moment: int | None) -> tuple[bytes, str, str | None]:
        found = signed(credentials, moment=moment)
        return bits_of(found)[:2], found["validFrom"], found.get("validUntil")

    assert then(created) == (b"\0\0", written(created), written(first - 1))
    assert then(first - 1) == then(created)
    assert then(first) == (b"\1\0", written(first), written(second - 1))
    assert then(between) == then(second - 1) == then(first)
    assert then(second) == then(head) == then(head + 5) == then(None) == (b"\1\x40", written(second), None)
    assert credentials.signed(LIST, moment=created - 1) is None
    assert credentials.signed(LIST, moment=head + 6) is None, "still to come"
    token = credentials.signed(LIST, ListForm.TOKEN, moment=between)
    assert token is not None
    claims = jose.claims_of(jose.split(str(token.secured)))
    assert (claims["iat"], claims["exp"]) == (first, second)


def test_every_past_state_of_a_list_whose_bits_flip() -> None:
    replica, times = history(
        lambda it: it.create(1, LIST, 131_072, StatusPurpose.MESSAGE, 2),
        lambda it: it.publish(LIST, [3, 8], DAY),
        lambda it: it.publish(LIST, [3], DAY),
        lambda it: it.publish(LIST, [8, 9], DAY),
        lambda it: it.publish(LIST, [0, 3, 9], DAY),
    )
    for seq, time in enumerate(times):
        then = AsOf(known_at=time)
        found = replica.queries.bits(LIST, then)
        assert found is not None
        assert found.seq == seq
        entries = PackedList(found.packed, 7)
        values = [replica.queries.status(LIST, index, then).value for index in range(8)]
        assert [entries.value(index, 2) for index in range(8)] == values
