"""Every action survives the outbox."""

from __future__ import annotations

import pytest

from registry.actions import (
    AccreditIssuer,
    ApproveProposal,
    ApproveSigned,
    CancelProposal,
    ChangeStanding,
    ChangeTerms,
    CloseStatusList,
    CreateStatusList,
    ExecuteProposal,
    LedgerAction,
    PinDidDocument,
    ProposeCall,
    PublishStatus,
    RotateOperator,
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
        RotateOperator("did:web:b", "0x" + "1" * 40, "0x" + "2" * 40),
        CloseStatusList("https://b/1"),
        ProposeCall("0x" + "1" * 40, b"\xff\0"),
        ApproveProposal("0x" + "1" * 40, b"\xff\0", bytes(32), 2**48 - 1, 3),
        ApproveSigned(
            "0x" + "1" * 40, b"\xff\0", bytes(32), 2**48 - 1, 3, 2**48 - 1, ("0x" + "2" * 40,), (bytes(65),)
        ),
        ExecuteProposal("0x" + "1" * 40, b"\xff\0", bytes(32), 2**48 - 1, 3),
        CancelProposal(bytes(range(32))),
    ],
    ids=lambda action: type(action).__name__,
)
def test_the_same_action_comes_back(action: LedgerAction) -> None:
    assert from_json(to_json(action)) == action
