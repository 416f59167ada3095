"""Proofs of the real contracts on a real ledger, and a ledger that lies while they are collected."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from registry.actions import ChangeStanding, CloseStatusList, PinDidDocument, RotateOperator
from registry.proofs import storage
from registry.proofs.collect import headers_of, proven_words
from registry.proofs.errors import ProofInvalid
from registry.proofs.headers import Header
from registry.proofs.ledger_proof import check
from registry.proofs.seals import Consensus, Validators
from registry.records import Standing
from registry.replica.expected_storage import expected_words
from tests.simulators.embedded_process import EmbeddedProcess
from tests.simulators.prover import NOBODY, Liar, NoProofs, Prover, proving

NEW_OPERATOR = "0x" + "77" * 20
UNSEALED = Validators(Consensus.UNSEALED, frozenset())


@pytest.fixture
async def prover(embedded: EmbeddedProcess, tmp_path: Path) -> AsyncIterator[Prover]:
    async with proving(embedded, tmp_path) as made:
        yield made


async def test_the_real_contracts_keep_things_where_we_look(prover: Prover) -> None:
    proven = check(await prover.proof(), prover.registries, UNSEALED)
    assert proven.stamp == prover.replica.state.head
    issuer, document = proven.issuer(prover.did), proven.document(prover.did)
    known = prover.replica.queries.accreditation(prover.did)
    assert issuer and known
    assert (issuer.issuer_id, issuer.terms, issuer.standing, issuer.admin) == (
        known.issuer_id,
        prover.terms,
        Standing.ACTIVE,
        known.admin,
    )
    assert document and document.document == b'{"id": "%s"}' % prover.did.encode()
    readings = [proven.entry(prover.uri, index).reading for index in (5, 6)]
    assert [reading and reading.value for reading in readings] == [1, 0]
    assert readings[0] and readings[0].list == prover.replica.queries.status_list(prover.uri)
    assert proven.entry(f"{prover.uri}/none", 1).record is None
    assert proven.issuer(NOBODY) is proven.document(NOBODY) is None


async def test_changes_of_standing_and_documents_are_proved(prover: Prover) -> None:
    await prover.done(
        PinDidDocument(prover.did, b"{}"), ChangeStanding(prover.did, Standing.SUSPENDED, "an inquiry")
    )
    proven = check(await prover.proof(), prover.registries, UNSEALED)
    issuer, document = proven.issuer(prover.did), proven.document(prover.did)
    assert issuer and issuer.standing is Standing.SUSPENDED
    assert document and (document.version, document.document) == (2, b"{}")


async def test_single_words_are_proved(prover: Prover) -> None:
    head = prover.replica.state.head
    assert head is not None
    contract = prover.registries.status_registry
    shape, list_head = storage.list_slots(prover.uri)
    header = Header.decode((await headers_of(prover.ledger, head))[0])
    words = await proven_words(prover.ledger, contract, [shape, list_head, 12345], header)
    it = prover.replica.queries.status_list(prover.uri)
    assert it is not None
    assert words == {
        shape: storage.list_word(it.issuer_id, it.size, it.seq, it.purpose, it.bits_per_entry, it.closed),
        list_head: int.from_bytes(it.head, "big"),
        12345: 0,
    }


async def test_every_word_that_a_replica_decides_is_where_we_look(prover: Prover) -> None:
    """Of all contracts: the council with its rules and decisions, the directory, operators old and new."""
    known = prover.replica.queries.accreditation(prover.did)
    assert known
    (operator,) = known.operators
    await prover.done(PinDidDocument(prover.did, b"{}"), RotateOperator(prover.did, operator, NEW_OPERATOR))
    await prover.done(CloseStatusList(prover.uri))
    await prover.done(ChangeStanding(prover.did, Standing.SUSPENDED, "an inquiry"))
    words = list(expected_words(prover.replica.state, prover.running.network.contracts))
    assert len({word.contract for word in words}) == 5
    assert {"the council's rules", "the council's members", "StatusRegistry in the directory"} <= {
        word.about for word in words
    }
    findings = await prover.audited(prover.ledger, words)
    assert (findings.differences, findings.unchecked) == ([], [])
    (proven,) = findings.proven
    assert proven.startswith(f"{len(words)} words in the storage of 5 contracts, by their accounts")
    by_word = await prover.audited(NoProofs(prover.ledger), words)
    assert (by_word.differences, by_word.proven) == ([], [])
    assert any("eth_getProof" in one for one in by_word.asked)
    others = [word._replace(word=word.word + 1) for word in words]
    assert (await prover.audited(prover.ledger, others)).differences == list(
        dict.fromkeys(f"{word.about} differs" for word in words)
    )


@pytest.mark.parametrize("lie", ["header", "gap in header", "older state", "node", "left out", "flood"])
async def test_an_audit_catches_it_too(prover: Prover, lie: str) -> None:
    words = list(expected_words(prover.replica.state, prover.running.network.contracts))
    findings = await prover.audited(Liar(prover.ledger, lie), words)
    assert findings.differences and findings.differences[0].startswith("the ledger's proof does not hold")


@pytest.mark.parametrize("lie", ["header", "gap in header", "older state", "node", "left out", "flood"])
async def test_a_lie_is_caught(prover: Prover, lie: str) -> None:
    with pytest.raises(ProofInvalid):
        check(await prover.proof(Liar(prover.ledger, lie)), prover.registries, UNSEALED)
