"""Status list credentials of our own lists."""

from __future__ import annotations

import base64
import gzip
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
from node.issuing.status_lists import StatusListCredentials, encoded_list
from node.verification.proofs.contexts import Contexts
from node.verification.proofs.data_integrity.data_integrity import DataIntegrity
from registry.records import StatusPurpose
from tests.simulators.status_lists import DAY, Bits, SimulatedLists

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


def signed(credentials: StatusListCredentials) -> dict[str, Any]:
    found = credentials.credential(LIST)
    assert isinstance(found, dict)
    return found


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
    credentials = StatusListCredentials(lists, IDENTITY.issuer(lists, lambda: DAY), mechanism=mechanism)
    method = VerificationMethod(f"{BOARD}#key-1", BOARD, IDENTITY.key.public)
    result = DATA_INTEGRITY.check(
        signed(credentials), purpose="assertionMethod", resolve_method=lambda _: method, now=DAY, skew=0
    )
    assert result.cryptosuite == mechanism


def test_it_may_be_enveloped(lists: SimulatedLists) -> None:
    credentials = StatusListCredentials(lists, IDENTITY.issuer(lists, lambda: DAY), mechanism="vc+jwt")
    assert isinstance(credentials.credential(LIST), str)


def test_it_is_signed_once_for_every_change(credentials: StatusListCredentials, lists: SimulatedLists) -> None:
    first = credentials.credential(LIST)
    assert credentials.credential(LIST) is first
    lists.revoke(LIST, 9)
    second = signed(credentials)
    assert second is not first
    assert bits_of(second)[1] == 0x40
    assert credentials.credential(LIST) is second


def test_lists_of_others_and_unknown_ones_are_not_signed(
    credentials: StatusListCredentials, lists: SimulatedLists
) -> None:
    lists.create("https://other.example/list", "did:web:other.example")
    assert credentials.credential("https://other.example/list") is None
    assert credentials.credential("https://board.example/no-such-list") is None
    credentials.credential(LIST)
    lists.change(LIST, issuer_did="did:web:other.example")  # moved to another issuer
    assert credentials.credential(LIST) is None


def test_a_list_too_short_to_hide_in_is_refused(lists: SimulatedLists) -> None:
    lists.create(LIST, BOARD, size=131_072 - 256)
    with pytest.raises(IssuingRefused, match="131072"):
        IDENTITY.status_lists(lists, lambda: DAY).credential(LIST)


def test_a_list_that_does_not_match_its_record_is_not_signed(
    credentials: StatusListCredentials, lists: SimulatedLists
) -> None:
    credentials.credential(LIST)
    lists.change(LIST, intact=False)
    with pytest.raises(Unavailable):
        credentials.credential(LIST)


def test_record_and_bits_are_of_one_state(lists: SimulatedLists) -> None:
    """An update arrives between the two questions; the bits of the one are not signed as of the other."""

    class Moving(SimulatedLists):
        moved = False

        def bits(self, uri: str) -> Bits | None:
            if not self.moved:
                self.moved = True
                self.revoke(uri, 7)
            return super().bits(uri)

    moving = Moving(lists.records, lists.packed)
    found = IDENTITY.status_lists(moving, lambda: DAY).credential(LIST)
    assert isinstance(found, dict)
    assert found["validFrom"] == "2026-01-01T00:01:00Z"
    assert bits_of(found)[0] == 0x01


def test_entries_of_several_bits_are_told_as_they_are(lists: SimulatedLists) -> None:
    lists.create(LIST, BOARD, purpose=StatusPurpose.MESSAGE, bits=2)
    found = IDENTITY.status_lists(lists, lambda: DAY).credential(LIST)
    assert isinstance(found, dict)
    assert found["credentialSubject"]["statusPurpose"] == "message"
    assert len(bits_of(found)) == 131_072 * 2 // 8


@given(st.binary(min_size=1, max_size=4096))
def test_the_same_bits_give_the_same_text_and_come_back(packed: bytes) -> None:
    text = encoded_list(packed)
    assert text == encoded_list(packed)
    assert "=" not in text
    assert gzip.decompress(base64.urlsafe_b64decode(text[1:] + "=" * (-len(text[1:]) % 4))) == packed
