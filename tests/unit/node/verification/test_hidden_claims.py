"""Claims that are never shown."""

from __future__ import annotations

import pytest

from node.verification.hidden_claims import NEEDED, HiddenClaims

DOCUMENT = {
    "issuer": "did:web:board.example",
    "credentialSubject": [
        {
            "id": "urn:x",
            "birthDate": "1990-01-01",
            "birth_date": "1990-01-01",
            "person": {"Gender": "f", "name": "Ada"},
            "identifier": [
                {"type": "IdentityObject", "identityType": "ext:birthDate", "identityHash": "1990-01-01"},
                {"type": "IdentityObject", "identityType": "name", "identityHash": "Ada"},
            ],
        }
    ],
}


def test_they_are_taken_out_at_any_depth_however_they_are_spelled() -> None:
    hidden = HiddenClaims({"birthDate", "gender"})
    assert hidden.taken_out(DOCUMENT) == {
        "issuer": "did:web:board.example",
        "credentialSubject": [
            {
                "id": "urn:x",
                "person": {"name": "Ada"},
                "identifier": [{"type": "IdentityObject", "identityType": "name", "identityHash": "Ada"}],
            }
        ],
    }
    assert "1990" not in str(hidden.taken_out(DOCUMENT))


def test_where_nothing_is_hidden_nothing_is_copied() -> None:
    assert HiddenClaims().taken_out(DOCUMENT) is DOCUMENT


@pytest.mark.parametrize("name", sorted(NEEDED))
def test_what_a_credential_needs_cannot_be_hidden(name: str) -> None:
    with pytest.raises(ValueError, match="cannot be hidden"):
        HiddenClaims({name})
