"""How a check of a document ends, and what a refusal gives as its reason."""

from __future__ import annotations

from typing import Any

import pytest

from node.verification.proofs.data_integrity.data_integrity import DataIntegrity
from node.verification.proofs.data_integrity.one_proof import ProofResult
from node.verification.reasons import Reason
from node.verification.refusals import Refused
from tests.simulators.signers import NOW, resolve_did_key


def check(integrity: DataIntegrity, document: dict[str, Any], **options: Any) -> ProofResult:
    given = {"purpose": "assertionMethod", "resolve_method": resolve_did_key, "now": NOW, "skew": 0}
    return integrity.check(document, **{**given, **options})


def reason(integrity: DataIntegrity, document: dict[str, Any], **options: Any) -> Reason:
    with pytest.raises(Refused) as refused:
        check(integrity, document, **options)
    return refused.value.reason


def outcome(integrity: DataIntegrity, document: dict[str, Any], **options: Any) -> Reason:
    """OK where it holds."""
    try:
        check(integrity, document, **options)
    except Refused as refused:
        return refused.reason
    return Reason.OK
