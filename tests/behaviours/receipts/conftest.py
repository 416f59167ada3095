"""A board on a ledger that can be proved, a licence of its, and a receipt for it."""

from __future__ import annotations

from typing import Any

import pytest

from node.verification.receipt import Receipt
from tests.simulators.receipts import ProvableBoard


@pytest.fixture(scope="module")
def board() -> ProvableBoard:
    return ProvableBoard()


@pytest.fixture(scope="module")
def licence(board: ProvableBoard) -> dict[str, Any]:
    return board.licence()


@pytest.fixture(scope="module")
def receipt(board: ProvableBoard, licence: dict[str, Any]) -> Receipt:
    return board.receipt(licence)
