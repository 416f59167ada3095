"""The weights that are promised of a receipt's proof, at the sizes they are promised for."""

from __future__ import annotations

import pytest

from registry.proofs.packing import packed
from registry.proofs.seals import Consensus
from tests.simulators.issuer import STATUS_LIST
from tests.simulators.receipts import CLEAR, ProvableBoard

PROMISED = 5 * 1024  # bytes
SEALED = (Consensus.QBFT, Consensus.IBFT2, Consensus.CLIQUE)


@pytest.mark.parametrize("consensus", SEALED)
def test_all_that_a_verdict_rests_on_with_thirty_boards(consensus: Consensus) -> None:
    board = ProvableBoard(consensus, bystanders=200, others=29)
    assert len(board.receipt(board.licence()).packed_proof) <= PROMISED


@pytest.mark.parametrize("consensus", SEALED)
def test_each_by_itself_with_three_hundred(consensus: Consensus) -> None:
    board = ProvableBoard(consensus, bystanders=2000, others=299)
    did = board.issuer.did
    for asked in (([], [], [(STATUS_LIST, CLEAR)]), ([did], [], []), ([], [did], [])):
        assert len(packed(board.ledger.proof(*asked))) <= PROMISED
