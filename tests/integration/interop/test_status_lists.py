"""Status lists in both directions: jose signs the tokens, pako (as in @digitalbazaar/bitstring) inflates."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import orjson
import pytest

from node.crypto import base64url
from node.crypto.public_keys import KeyType
from node.crypto.signing import SigningKey
from node.did.parse import parse_document
from node.issuing.did_documents import OwnIdentity
from node.issuing.status_lists import ListForm, encoded_list
from node.verification.evidence import Evidence
from node.verification.fetched_list import checked, read_served
from node.verification.packed_list import bitstring
from node.verification.policy import Question
from node.verification.proof import ProofChecker
from node.verification.refusals import Refused
from tests.interop import peers
from tests.simulators.fixture_ledger import BOARD
from tests.simulators.hospital import Hospital
from tests.simulators.policies import DEFAULT_POLICY
from tests.simulators.status_lists import DAY, SimulatedLists
from tests.simulators.web_lists import NOW, WEB_LIST, packed, token_claims

Read = Callable[[str], Any]


def twins(compact: str) -> list[str]:
    """One with another list in it, one with another signature."""
    header, payload, signature = compact.split(".")
    claims = orjson.loads(base64url.decode(payload))
    claims["status_list"]["lst"] = token_claims({})["status_list"]["lst"]
    other = ("A" if signature[0] != "A" else "B") + signature[1:]
    return [f"{header}.{base64url.encode(orjson.dumps(claims))}.{signature}", f"{header}.{payload}.{other}"]


pytestmark = pytest.mark.usefixtures("_peers")


def test_we_read_the_tokens_they_sign_and_no_tampered_one(fixture: Read) -> None:
    keys, sizes = fixture("keys.json"), (1, 2, 4, 8)
    asked = [
        {
            "mechanism": "jwt",
            "header": {"alg": algorithm, "typ": "statuslist+jwt", "kid": keys[name]["verificationMethod"]},
            "payload": token_claims({7: 1, 1023: (1 << bits) - 1}, bits=bits),
            "key": keys[name]["privateKeyJwk"],
        }
        for name, algorithm in (("board", "EdDSA"), ("boardP256", "ES256"))
        for bits in sizes
    ]
    document = parse_document(fixture("did-board.json"), BOARD, source="ledger")
    hospital = Hospital()
    evidence = Evidence({BOARD: document}, hospital.replica.queries)
    question, proofs = Question(DEFAULT_POLICY, NOW), ProofChecker(hospital.data_integrity)
    for compact, bits in zip(peers.sign(asked), sizes * 2, strict=True):
        found = checked(read_served(compact.encode(), WEB_LIST, NOW), BOARD, evidence, question, proofs)
        assert [found.content.bits.value(index, bits) for index in (6, 7, 8, 1023)] == [
            0,
            1,
            0,
            (1 << bits) - 1,
        ]
        for twin in twins(compact):
            served = read_served(twin.encode(), WEB_LIST, NOW)
            with pytest.raises(Refused):
                checked(served, BOARD, evidence, question, proofs)


def test_they_verify_a_token_we_serve() -> None:
    identity = OwnIdentity(BOARD, SigningKey.from_bytes(KeyType.ED25519, bytes(range(32))))
    lists = SimulatedLists()
    lists.create(WEB_LIST, BOARD)
    found = identity.status_lists(lists, lambda: DAY).signed(WEB_LIST, ListForm.TOKEN)
    assert found is not None
    question = {"key": identity.key.public.to_jwk(), "alg": "EdDSA", "typ": "statuslist+jwt"}
    served = str(found.secured)
    genuine, *refused = peers.verify([{"jwt": one, **question} for one in [served, *twins(served)]], {})
    assert genuine.error == ""
    assert not any(answer.accepted for answer in refused)


def test_they_inflate_what_we_encode() -> None:
    bits = packed({0: 1, 77_777: 1, 131_071: 1})
    assert peers.ask("status-lists.mjs", [encoded_list(bits)]) == [hashlib.sha256(bits).hexdigest()]
    assert bitstring(encoded_list(bits)).packed == bits
