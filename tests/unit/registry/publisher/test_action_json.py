"""Every action survives the outbox."""

from __future__ import annotations

import pytest

from registry.actions import (
    AccreditIssuer,
    ChangeStanding,
    ChangeTerms,
    CreateStatusList,
    LedgerAction,
    PinDidDocument,
    PublishStatus,
)
from registry.publisher.action_json import from_json, to_json
from registry.records import Standing, StatusPurpose, Terms

TERMS = Terms("Board of Nursing – Süd", ("NursingLicence",), ("US-CO", "DE"), 0, 2**40 - 1)


@pytest.mark.parametrize(
    "action",
    [
        AccreditIssuer("did:web:b", "0x" + "1" * 40, "0x" + "2" * 40, TERMS),
        ChangeTerms("did:web:b", TERMS),
        ChangeStanding("did:web:b", Standing.SUSPENDED, "unpaid"),
        PinDidDocument("did:web:b", b'{"id":"did:web:b"}\xff'),
        CreateStatusList("did:web:b", "https://b/1", 131_072, StatusPurpose.MESSAGE, 8),
        PublishStatus("https://b/1", ((0, 1), (5, 255)), 1_700_000_000),
        PublishStatus("https://b/1", ()),
    ],
    ids=lambda action: type(action).__name__,
)
def test_the_same_action_comes_back(action: LedgerAction) -> None:
    assert from_json(to_json(action)) == action
