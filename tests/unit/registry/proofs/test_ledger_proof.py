"""What a proof of everything together shows, and that no change of it shows anything else."""

from __future__ import annotations

import random
import zlib
from dataclasses import replace

import pytest

from registry.bindings.addresses import keccak256
from registry.proofs.errors import NotProven, ProofInvalid
from registry.proofs.ledger_proof import MAX_BYTES, MAX_PACKED, LedgerProof, Proven, check
from registry.proofs.registries import Registries
from registry.proofs.seals import Consensus
from registry.records import BlockStamp, Standing, StatusPurpose, Terms
from tests.simulators.provable import CONTRACTS, TIME, ProvableLedger

BOARD, UNKNOWN = "did:web:board.example", "did:web:unknown.example"
LIST, NOTES, NEW, NO_LIST = (f"https://board.example/lists/{n}" for n in range(4))
TERMS = Terms("Board of Nursing", ("NursingLicence",), ("US-CO",), 1_700_000_000, 1_900_000_000)
DOCUMENT = b'{"id": "did:web:board.example"}'
ENTRIES = [(LIST, 77), (LIST, 78), (LIST, 1023), (LIST, 1024), (NOTES, 5), (NEW, 0), (NO_LIST, 0)]


@pytest.fixture(params=Consensus)
def ledger(request: pytest.FixtureRequest) -> ProvableLedger:
    made = ProvableLedger(request.param)
    board = made.accredit(BOARD, TERMS)
    for number in range(30):
        made.accredit(f"did:web:other{number}.example", TERMS)
        made.create(f"https://other{number}.example/list", board + 1 + number)
    made.pin(BOARD, b"{}", DOCUMENT)
    made.create(LIST, board, updates=[[3], [77, 1023]])
    made.create(NOTES, board, size=256, purpose=StatusPurpose.MESSAGE, bits=4, updates=[[21, 23]])
    made.create(NEW, board)
    return made


def _whole(ledger: ProvableLedger) -> LedgerProof:
    return ledger.proof([BOARD, UNKNOWN], [BOARD, UNKNOWN], ENTRIES)


def _check(proof: LedgerProof, ledger: ProvableLedger) -> Proven:
    return check(proof, CONTRACTS, ledger.trusted)


def test_everything_holds(ledger: ProvableLedger) -> None:
    proven = _check(_whole(ledger), ledger)
    assert proven.stamp == ledger.stamp()
    assert bool(proven.seals) is (ledger.consensus is not Consensus.UNSEALED)
    board = proven.issuer(BOARD)
    assert board is not None and (board.terms, board.standing) == (TERMS, Standing.ACTIVE)
    document = proven.document(BOARD)
    assert document is not None and (document.document, document.version) == (DOCUMENT, 2)
    assert proven.issuer(UNKNOWN) is proven.document(UNKNOWN) is None
    readings = [proven.entry(*entry).reading for entry in ENTRIES]
    assert [one and one.value for one in readings] == [1, 0, 1, None, 0b0101, 0, None]
    record = proven.entry(LIST, 1024).record
    assert record is not None and (record.seq, record.issuer_did, record.effective_at) == (2, BOARD, TIME - 60)
    assert proven.entry(NO_LIST, 0).record is None


def test_it_says_nothing_of_anything_else(ledger: ProvableLedger) -> None:
    proven = _check(ledger.proof([BOARD], [], [(LIST, 77)]), ledger)
    for ask in (
        lambda: proven.issuer(UNKNOWN),
        lambda: proven.document(BOARD),
        lambda: proven.entry(LIST, 78),
    ):
        with pytest.raises(NotProven):
            ask()


def test_it_survives_being_carried_about(ledger: ProvableLedger) -> None:
    proof = _whole(ledger)
    assert LedgerProof.unpacked(proof.packed()) == proof


def test_no_byte_of_what_is_carried_may_change_what_it_shows() -> None:
    """Packed, a change is nearly always torn; unpacked, it is not: both are walked."""
    ledger = ProvableLedger(Consensus.QBFT)
    ledger.accredit(BOARD, TERMS)
    ledger.pin(BOARD, DOCUMENT)
    ledger.create(LIST, 1, updates=[[77]])
    proof = ledger.proof([BOARD], [BOARD], [(LIST, 77)])
    expected, packed = _check(proof, ledger), proof.packed()
    rng = random.Random(7)
    for at in range(0, len(packed), 3):
        changed = packed[:at] + bytes([packed[at] ^ 1 << rng.randrange(8)]) + packed[at + 1 :]
        _refused_or_the_same(changed, expected, ledger)


def _refused_or_the_same(packed: bytes, expected: Proven, ledger: ProvableLedger) -> None:
    try:
        found = _check(LedgerProof.unpacked(packed), ledger)
    except ProofInvalid:
        return
    assert found == expected


def _flipped(raw: bytes, at: int) -> bytes:
    return raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :]


def test_no_member_may_be_changed(ledger: ProvableLedger) -> None:
    proof = _whole(ledger)
    (board, unknown), (document, unpinned) = proof.issuers, proof.documents
    entry, clear, *others = proof.entries

    def entries(**members: object) -> LedgerProof:
        return replace(proof, entries=(replace(entry, **members), clear, *others))  # type: ignore[arg-type]

    lies = {
        "a bit is set": entries(leaf=_flipped(entry.leaf, 0)),
        "another entry's leaf": entries(index=333),
        "a branch cut short": entries(branch=entry.branch[:-1]),
        "a branch too long": entries(branch=(*entry.branch, bytes(32))),
        "a sibling": entries(branch=(_flipped(entry.branch[0], 5), *entry.branch[1:])),
        "an older update": entries(head_preimage=_flipped(entry.head_preimage, 63)),
        "another root": entries(head_preimage=_flipped(entry.head_preimage, 100)),
        "a preimage cut short": entries(head_preimage=entry.head_preimage[:-32]),
        "no such list": entries(head_preimage=b""),
        "another list": entries(uri=NEW),
        "updated after the block": entries(recorded=BlockStamp(8, bytes(32), TIME)),
        "never updated": entries(recorded=None),
        "other terms": replace(
            proof, issuers=(replace(board, terms=replace(TERMS, name="Board of Nursing.")), unknown)
        ),
        "not accredited": replace(proof, issuers=(replace(board, terms=None), unknown)),
        "accredited": replace(proof, issuers=(board, replace(unknown, terms=TERMS))),
        "another document": replace(proof, documents=(replace(document, document=DOCUMENT + b" "), unpinned)),
        "deactivated": replace(proof, documents=(replace(document, document=b""), unpinned)),
        "not pinned": replace(proof, documents=(replace(document, previous_head=None), unpinned)),
        "pinned": replace(
            proof,
            documents=(document, replace(unpinned, previous_head=keccak256(UNKNOWN.encode()), document=b"{}")),
        ),
        "the same thing twice": replace(proof, issuers=(board, unknown, unknown)),
        "nodes left out": replace(proof, nodes=proof.nodes[:-1]),
        "nodes put in": replace(proof, nodes=(*proof.nodes, b"\xc0")),
        "no header": replace(proof, headers=()),
        "an entry left out": replace(proof, entries=proof.entries[2:3]),
    }
    for lie, told in lies.items():
        with pytest.raises(ProofInvalid):
            _check(told, ledger)
            raise AssertionError(lie)


def test_a_state_that_no_validator_sealed_is_refused(ledger: ProvableLedger) -> None:
    proof = _whole(ledger)
    forged = ProvableLedger(ledger.consensus)
    forged.accredit(UNKNOWN, TERMS)
    with pytest.raises(ProofInvalid):
        _check(replace(proof, nodes=forged.proof([UNKNOWN]).nodes), ledger)


def test_other_contracts_prove_nothing(ledger: ProvableLedger) -> None:
    others = Registries(CONTRACTS.status_registry, CONTRACTS.issuer_registry, CONTRACTS.did_registry)
    with pytest.raises(ProofInvalid):
        check(_whole(ledger), others, ledger.trusted)
    nowhere = Registries(*(f"0x{n:040x}" for n in range(7, 10)))
    with pytest.raises(ProofInvalid):
        check(_whole(ledger), nowhere, ledger.trusted)


def test_a_deactivated_document_is_shown_as_such() -> None:
    ledger = ProvableLedger()
    ledger.pin(BOARD, DOCUMENT, b"")
    found = _check(ledger.proof([], [BOARD]), ledger).document(BOARD)
    assert found is not None and (found.deactivated, found.document, found.version) == (True, b"", 2)


def test_a_suspended_issuer_is_shown_as_such() -> None:
    ledger = ProvableLedger()
    ledger.accredit(BOARD, TERMS, Standing.SUSPENDED)
    found = _check(ledger.proof([BOARD]), ledger).issuer(BOARD)
    assert found is not None and found.standing is Standing.SUSPENDED


@pytest.mark.parametrize(
    "packed",
    [
        b"",
        b"not compressed",
        bytes(MAX_PACKED + 1),
        zlib.compress(bytes(MAX_BYTES + 1)),
        zlib.compress(b"\xc0"),
        zlib.compress(b"\xc6\x02\xc0\xc0\xc0\xc0\xc0"),
        zlib.compress(b"\xc6\x01\xc0\xc0\xc0\xc0\xc0") + b"x",
        zlib.compress(b"\xc6\x01\x80\xc0\xc0\xc0\xc0"),
    ],
)
def test_what_is_no_proof_is_refused_without_much_work(packed: bytes) -> None:
    with pytest.raises(ProofInvalid):
        LedgerProof.unpacked(packed)
