"""The weights that are promised of a receipt's proof, at the sizes they are promised for."""

from __future__ import annotations

import pytest

from registry.proofs.seals import Consensus
from tests.simulators.issuer import STATUS_LIST
from tests.simulators.receipts import CLEAR, ProvableBoard

PROMISED = 5 * 1024  # bytes


@pytest.mark.parametrize("consensus", [Consensus.QBFT, Consensus.IBFT2, Consensus.CLIQUE])
def test_all_that_a_verdict_rests_on_in_a_small_consortium(consensus: Consensus) -> None:
    board = ProvableBoard(consensus, bystanders=30, others=4)
    assert len(board.receipt(board.licence()).packed_proof) <= PROMISED


@pytest.mark.parametrize("consensus", [Consensus.QBFT, Consensus.IBFT2, Consensus.CLIQUE])
def test_one_bit_in_a_large_one(consensus: Consensus) -> None:
    board = ProvableBoard(consensus, bystanders=1000, others=150)
    assert len(board.ledger.proof([], [], [(STATUS_LIST, CLEAR)]).packed()) <= PROMISED
