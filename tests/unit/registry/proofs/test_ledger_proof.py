"""What a proof of everything together shows, and that no change of it shows anything else."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from registry.bindings.addresses import keccak256
from registry.proofs.claims import DocumentClaim
from registry.proofs.entry_claims import Creation, LastUpdate
from registry.proofs.errors import NotProven, ProofInvalid
from registry.proofs.ledger_proof import LedgerProof, Proven, check
from registry.proofs.packing import packed, unpacked
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
    assert unpacked(packed(proof)) == proof


def test_no_byte_of_what_is_carried_may_change_what_it_shows() -> None:
    """Packed, a change is nearly always torn; unpacked, it is not: both are walked."""
    ledger = ProvableLedger(Consensus.QBFT)
    ledger.accredit(BOARD, TERMS)
    ledger.pin(BOARD, DOCUMENT)
    ledger.create(LIST, 1, updates=[[77]])
    proof = ledger.proof([BOARD], [BOARD], [(LIST, 77)])
    expected, carried = _check(proof, ledger), packed(proof)
    rng = random.Random(7)
    for at in range(len(carried)):
        changed = carried[:at] + bytes([carried[at] ^ 1 << rng.randrange(8)]) + carried[at + 1 :]
        _refused_or_the_same(changed, expected, ledger)


def _refused_or_the_same(carried: bytes, expected: Proven, ledger: ProvableLedger) -> None:
    try:
        found = _check(unpacked(carried), ledger)
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

    its_list, last = entry.list, entry.list and entry.list.last
    assert its_list and isinstance(last, LastUpdate) and board.found

    def its(**members: object) -> LedgerProof:
        return entries(list=replace(its_list, **members))  # type: ignore[arg-type,type-var]

    def accredited(**members: object) -> LedgerProof:
        told = replace(board, found=replace(board.found, **members))  # type: ignore[arg-type,type-var]
        return replace(proof, issuers=(told, unknown))

    def pinned(**members: object) -> LedgerProof:
        return replace(proof, documents=(replace(document, **members), unpinned))  # type: ignore[arg-type]

    def contract(**members: object) -> LedgerProof:
        first, *rest = proof.contracts
        return replace(proof, contracts=(replace(first, **members), *rest))  # type: ignore[arg-type,type-var]

    lies = {
        "a bit is set": entries(leaf=_flipped(entry.leaf, 0)),
        "another entry's leaf": entries(index=333),
        "a branch cut short": entries(branch=entry.branch[:-1]),
        "a branch too long": entries(branch=(*entry.branch, bytes(32))),
        "a sibling": entries(branch=(_flipped(entry.branch[0], 5), *entry.branch[1:])),
        "another root": entries(root=bytes(32)),
        "an entry beyond the list": entries(index=1024),
        "no such list": entries(list=None),
        "no such list, nor a branch": entries(list=None, leaf=b"", branch=(), root=b""),
        "another list": entries(uri=NEW),
        "another issuer's": its(issuer_id=2),
        "a longer list": its(size=2048),
        "of another purpose": its(purpose=StatusPurpose.SUSPENSION),
        "of wider entries": its(bits_per_entry=2, size=512),
        "closed": its(closed=True),
        "an older update": its(seq=1),
        "a number that no word holds": its(seq=1 << 64),
        "another update before": its(last=replace(last, previous_head=bytes(32))),
        "another delta": its(last=replace(last, delta_hash=bytes(32))),
        "effective earlier": its(last=replace(last, effective_at=last.effective_at - 1)),
        "never updated": its(last=Creation(1)),
        "updated after the block": its(recorded=BlockStamp(8, bytes(32), TIME)),
        "other terms": accredited(terms=replace(TERMS, name="Board of Nursing.")),
        "longer valid": accredited(terms=replace(TERMS, valid_until=TERMS.valid_until + 1)),
        "suspended": accredited(standing=Standing.SUSPENDED),
        "another admin": accredited(admin=CONTRACTS.issuer_registry),
        "another number": accredited(issuer_id=2),
        "not accredited": replace(proof, issuers=(replace(board, found=None), unknown)),
        "accredited": replace(proof, issuers=(board, replace(unknown, found=board.found))),
        "another document": pinned(document=DOCUMENT + b" "),
        "too long a document": pinned(document=bytes(16 * 1024 + 1)),
        "another version": pinned(version=3),
        "deactivated": pinned(document=b""),
        "not pinned": pinned(version=0, previous_head=b"", document=b""),
        "pinned": replace(
            proof,
            documents=(document, DocumentClaim(UNKNOWN, 1, keccak256(UNKNOWN.encode()), b"{}")),
        ),
        "the same thing twice": replace(proof, issuers=(board, unknown, unknown)),
        "another nonce": contract(nonce=2),
        "another balance": contract(balance=1),
        "other code": contract(code_hash=bytes(32)),
        "storage cut short": contract(storage=proof.contracts[0].storage[:-1]),
        "storage that goes on": contract(storage=proof.contracts[0].storage + b"\0"),
        "a contract left out": replace(proof, contracts=(None, *proof.contracts[1:])),
        "two contracts": replace(proof, contracts=proof.contracts[:2]),
        "no state": replace(proof, state=b""),
        "state that goes on": replace(proof, state=proof.state + b"\0"),
        "no header": replace(proof, headers=()),
        "entries left out": replace(proof, entries=proof.entries[2:3]),
        "no entries": replace(proof, entries=()),
    }
    for lie, told in lies.items():
        with pytest.raises(ProofInvalid):
            _check(told, ledger)
            raise AssertionError(lie)


def test_a_state_that_no_validator_sealed_is_refused(ledger: ProvableLedger) -> None:
    forged = ProvableLedger(ledger.consensus)
    forged.accredit(UNKNOWN, TERMS)
    with pytest.raises(ProofInvalid):
        _check(replace(forged.proof([UNKNOWN]), headers=_whole(ledger).headers), ledger)


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


def test_contracts_at_one_address_prove_nothing(ledger: ProvableLedger) -> None:
    """Else what is claimed of one of them would never be looked at."""
    one = Registries(*[CONTRACTS.issuer_registry] * 3)
    with pytest.raises(ProofInvalid):
        check(_whole(ledger), one, ledger.trusted)
