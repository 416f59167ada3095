"""What a receipt weighs, and what checking its ledger proof costs: `python -m scripts.bench_receipts`.

On a simulated ledger of real tries and real seals, so that any size of consortium can be measured.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass

from registry.proofs.ledger_proof import check
from registry.proofs.packing import packed, unpacked
from registry.proofs.seals import Consensus
from tests.simulators.issuer import STATUS_LIST
from tests.simulators.provable import CONTRACTS
from tests.simulators.receipts import CLEAR, ProvableBoard

ROUNDS, SERIES = 10, 40  # checks in a series, of which the best counts; time of this process alone


@dataclass(frozen=True, slots=True)
class Size:
    """How much else is on the ledger: issuers (each with a document and a list) and accounts."""

    name: str
    issuers: int
    accounts: int


SIZES = (Size("5 boards", 4, 30), Size("60 boards", 59, 200), Size("300 boards", 299, 2000))


@dataclass(frozen=True, slots=True)
class Row:
    """One measurement."""

    what: str
    proof_bytes: int  # of the ledger proof, packed
    receipt_bytes: int  # as JSON; 0: not a whole receipt
    check_ms: float  # unpacking and checking the ledger proof, seals included


def rows() -> Iterator[Row]:
    for consensus in (Consensus.QBFT, Consensus.CLIQUE):
        for size in SIZES:
            board = ProvableBoard(consensus, bystanders=size.accounts, others=size.issuers)
            receipt = board.receipt(board.licence())
            where = f"{consensus.value}, 4 validators, {size.name}"
            whole = len(json.dumps(receipt.to_json(), separators=(",", ":")))
            yield _row(f"{where}: bit, accreditation, document", receipt.packed_proof, board, whole)
            did = board.issuer.did
            for what, asked in (
                ("the bit alone", ([], [], [(STATUS_LIST, CLEAR)])),
                ("the accreditation alone", ([did], [], [])),
                ("the document alone", ([], [did], [])),
            ):
                yield _row(f"{where}: {what}", packed(board.ledger.proof(*asked)), board, 0)


def _row(what: str, carried: bytes, board: ProvableBoard, receipt_bytes: int) -> Row:
    trusted, best = board.ledger.trusted, float("inf")
    for _ in range(SERIES):
        start = time.process_time()
        for _ in range(ROUNDS):
            check(unpacked(carried), CONTRACTS, trusted)
        best = min(best, (time.process_time() - start) / ROUNDS)
    return Row(what, len(carried), receipt_bytes, best * 1e3)


def main() -> None:
    print(f"{'':68} {'proof':>8} {'receipt':>8} {'checked in':>11}")
    for row in rows():
        receipt = f"{row.receipt_bytes:,} B" if row.receipt_bytes else ""
        print(f"{row.what:68} {row.proof_bytes:>6,} B {receipt:>8} {row.check_ms:>8.2f} ms", flush=True)


if __name__ == "__main__":
    main()
