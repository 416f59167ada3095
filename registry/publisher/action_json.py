"""Actions as JSON, for the outbox: what was asked for is stored before anything is done about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson

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
from registry.records import Standing, StatusPurpose, Terms


def to_json(action: LedgerAction) -> bytes:
    """Members as in `registry.actions`; bytes as hexadecimal text."""
    return orjson.dumps({"kind": type(action).__name__, "action": action}, default=bytes.hex)


def from_json(raw: bytes) -> LedgerAction:
    """The inverse. Raises ValueError, KeyError or TypeError for anything else."""
    stored = orjson.loads(raw)
    return _READ[stored["kind"]](stored["action"])


def _terms(members: dict[str, Any]) -> Terms:
    return Terms(
        name=members["name"],
        credential_types=tuple(members["credential_types"]),
        jurisdictions=tuple(members["jurisdictions"]),
        valid_from=members["valid_from"],
        valid_until=members["valid_until"],
    )


def _proposal(members: dict[str, Any]) -> dict[str, Any]:
    return members | {name: bytes.fromhex(members[name]) for name in ("data", "salt")}


def _signed(members: dict[str, Any]) -> dict[str, Any]:
    signatures = tuple(bytes.fromhex(one) for one in members["signatures"])
    return _proposal(members) | {"signers": tuple(members["signers"]), "signatures": signatures}


_READ: dict[str, Callable[[dict[str, Any]], LedgerAction]] = {
    "AccreditIssuer": lambda m: AccreditIssuer(**(m | {"terms": _terms(m["terms"])})),
    "ChangeTerms": lambda m: ChangeTerms(m["did"], _terms(m["terms"])),
    "ChangeStanding": lambda m: ChangeStanding(m["did"], Standing(m["standing"]), m["reason"]),
    "PinDidDocument": lambda m: PinDidDocument(m["did"], bytes.fromhex(m["document"])),
    "RotateOperator": lambda m: RotateOperator(**m),
    "CloseStatusList": lambda m: CloseStatusList(**m),
    "ProposeCall": lambda m: ProposeCall(m["target"], bytes.fromhex(m["data"])),
    "ApproveProposal": lambda m: ApproveProposal(**_proposal(m)),
    "ApproveSigned": lambda m: ApproveSigned(**_signed(m)),
    "ExecuteProposal": lambda m: ExecuteProposal(**_proposal(m)),
    "CancelProposal": lambda m: CancelProposal(bytes.fromhex(m["proposal_id"])),
    "CreateStatusList": lambda m: CreateStatusList(**(m | {"purpose": StatusPurpose(m["purpose"])})),
    "PublishStatus": lambda m: PublishStatus(
        m["uri"], tuple((index, value) for index, value in m["entries"]), m["effective_at"]
    ),
}
