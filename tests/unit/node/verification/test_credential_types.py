"""A kind of credential is called something a person understands."""

from __future__ import annotations

import pytest

from node.verification.credential_types import display_name


@pytest.mark.parametrize(
    ("type_", "name"),
    [
        ("NursingLicenceCredential", "Nursing licence"),
        ("https://board.example/vct/nursing_licence/v1", "Nursing licence"),
        ("https://board.example/vocabulary#Welder", "Welder"),
        ("urn:eudi:pid:1", "Person identification data"),
        ("urn:board:licence:1.2?x=y", "Licence"),
        ("https://board.example/identity-credential", "Identity"),
        ("1", "1"),
        ("", ""),
        ("/", ""),
    ],
)
def test_names(type_: str, name: str) -> None:
    assert display_name(type_) == name
