"""What an auditor finds of a receipt."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from node.services.receipt_audit import Finding, Holds, audit
from node.verification.receipt import Receipt, ReceiptInvalid
from registry.proofs.seals import Consensus
from tests.simulators.receipts import VERIFIER, ProvableBoard

SEALED = (Consensus.QBFT, Consensus.IBFT2, Consensus.CLIQUE)


def audited(board: ProvableBoard, receipt: Receipt, document: Any, **options: Any) -> list[Finding]:
    return audit(receipt, VERIFIER, **{"trusted": board.trusted, "document": document, **options})


def all_hold(findings: list[Finding]) -> bool:
    return all(one.holds is Holds.YES for one in findings)


def fails(findings: list[Finding]) -> bool:
    return any(one.holds is Holds.NO for one in findings)


def words(findings: list[Finding], about: str) -> str:
    return " ".join(one.words for one in findings if one.about == about)


def survives(members: dict[str, Any], judge: Callable[[Receipt], list[Finding]]) -> bool:
    try:
        return all_hold(judge(Receipt.from_json(members)))
    except ReceiptInvalid:
        return False
