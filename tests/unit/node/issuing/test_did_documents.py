"""The document of an issuer's own DID, and the keys behind it."""

from __future__ import annotations

import pytest

from node.crypto.public_keys import KeyType
from node.crypto.signing import SigningKey
from node.issuing.did_documents import OwnIdentity, did_document
from tests.unit.node.issuing.licences import BOARD, DATA_INTEGRITY, KEY


def test_a_document_holds_the_keys_it_is_made_of() -> None:
    p256 = SigningKey.generate(KeyType.P256).public
    document = did_document(BOARD, {"key-1": KEY.public, "key-2": p256})
    methods = document["verificationMethod"]
    assert [one["publicKeyMultibase"] for one in methods] == [KEY.public.to_multikey(), p256.to_multikey()]
    assert document["assertionMethod"] == [one["id"] for one in methods] == [f"{BOARD}#key-1", f"{BOARD}#key-2"]


@pytest.mark.parametrize("fragments", [[], [""], ["a b"], ["#"], ["x" * 65]])
def test_a_document_without_usable_keys_is_not_made(fragments: list[str]) -> None:
    with pytest.raises(ValueError, match="keys"):
        did_document(BOARD, dict.fromkeys(fragments, KEY.public))


def test_an_identity_does_not_show_its_key() -> None:
    assert KEY.to_bytes().hex() not in repr(OwnIdentity(BOARD, KEY, DATA_INTEGRITY))
    assert repr(KEY.to_bytes()) not in repr(OwnIdentity(BOARD, KEY, DATA_INTEGRITY))
