"""What an audit finds, on any database: run by one test class for each."""

from __future__ import annotations

from random import Random

import pytest
from sqlalchemy import Engine

from registry.audit import AuditReport, audit
from registry.follower import Follower
from registry.proofs.seals import Consensus, Validators
from registry.replica.replica import Replica
from registry.storage_audit import AT_ONCE
from tests.behaviours.registry.replicated import DID, LIST, loaded, tamper_with_deltas
from tests.simulators import stories
from tests.simulators.ledger import CONTRACTS
from tests.simulators.proving_ledger import ProvingLedger
from tests.simulators.state_trie import Sealers

LIES = ("another state root", "the block before", "another node", "a node left out")
SEALED = (Consensus.QBFT, Consensus.IBFT2, Consensus.CLIQUE)


def founded(consensus: Consensus = Consensus.UNSEALED) -> ProvingLedger:
    ledger = ProvingLedger(consensus)
    ledger.mine(lambda it: it.accredit(DID))
    ledger.mine(lambda it: it.create(1, LIST), lambda it: it.pin(DID, b'{"id":"did:web:board.example"}'))
    return ledger


async def audited(ledger: ProvingLedger, replica: Replica, validators: Validators | None = None) -> AuditReport:
    return await audit(ledger, replica, CONTRACTS, validators=validators)


async def caught_up(ledger: ProvingLedger, replica: Replica) -> None:
    await Follower(ledger, replica, CONTRACTS, clock=lambda: 1_800_000_000.0).catch_up()


class AuditBehaviours:
    """Subclasses come with a fixture `engine`: a database with empty tables."""

    @pytest.fixture
    def replica(self, engine: Engine) -> Replica:
        return loaded(engine)

    @pytest.fixture
    def ledger(self) -> ProvingLedger:
        return founded()

    async def test_it_finds_nothing_where_nothing_is_wrong(
        self, ledger: ProvingLedger, replica: Replica
    ) -> None:
        assert (await audited(ledger, replica)).block is None
        stories.mine(Random(8), ledger, 90)
        await caught_up(ledger, replica)
        last = ledger.blocks[-1].header.stamp
        stories.mine(Random(9), ledger, 5)
        report = await audited(ledger, replica)
        assert (report.differences, report.unchecked) == ((), ())
        assert report.agrees
        assert report.block == last
        assert report.events == sum(len(block.events) for block in ledger.blocks[: last.number + 1])
        assert (report.issuers, report.lists) == (
            len(replica.queries.issuers()),
            len(replica.queries.status_lists()),
        )

    # --- by proof

    @pytest.mark.parametrize("consensus", SEALED)
    async def test_what_the_validators_sealed_is_proven(self, replica: Replica, consensus: Consensus) -> None:
        ledger = founded(consensus)
        await caught_up(ledger, replica)
        for _ in range(4):
            ledger.mine()  # on top, as Clique needs it
        report = await audited(ledger, replica, ledger.validators)
        sealed, words = report.proven
        assert f"block 2 (0x{ledger.blocks[2].header.stamp.hash.hex()}): " in sealed
        assert "of 4 validators" in sealed
        assert words == "9 words in the storage of 3 contracts, by their accounts and storage tries"
        assert (report.agrees, report.asked) == (True, ())

    async def test_without_validators_it_says_that_the_block_is_the_ledgers_word(
        self, ledger: ProvingLedger, replica: Replica
    ) -> None:
        await caught_up(ledger, replica)
        report = await audited(ledger, replica)
        (asked,) = report.asked
        assert asked.startswith("that block 2 (0x") and "no validators are configured" in asked
        assert len(report.proven) == 1

    async def test_a_ledger_sealed_by_others_is_none(self, replica: Replica) -> None:
        """Invented from beginning to end: it agrees with itself."""
        ledger, genuine = founded(Consensus.QBFT), Sealers(Consensus.QBFT, 5)
        trusted = Validators(Consensus.QBFT, frozenset(genuine.addresses))
        await caught_up(ledger, replica)
        assert (await audited(ledger, replica)).agrees
        (difference,) = (await audited(ledger, replica, trusted)).differences
        assert difference.startswith("storage: the ledger's proof does not hold: the validators were others")

    async def test_too_few_seals_are_none(self, replica: Replica) -> None:
        ledger = founded(Consensus.QBFT)
        await caught_up(ledger, replica)
        ledger.seal_with([0, 1])
        (difference,) = (await audited(ledger, replica, ledger.validators)).differences
        assert "2 of 4 validators stand for block 2" in difference

    @pytest.mark.parametrize("lie", LIES)
    async def test_a_ledger_that_lies_is_caught(
        self, ledger: ProvingLedger, replica: Replica, lie: str
    ) -> None:
        ledger.mine(lambda it: it.publish(LIST, [3], 1))
        await caught_up(ledger, replica)
        ledger.lie = lie
        report = await audited(ledger, replica)
        (difference,) = report.differences
        assert difference.startswith("storage: the ledger's proof does not hold: ")
        assert not any("words" in one for one in report.proven)

    async def test_words_are_asked_for_where_there_are_no_proofs_and_that_is_said(
        self, ledger: ProvingLedger, replica: Replica
    ) -> None:
        await caught_up(ledger, replica)
        ledger.lie = "no proofs"
        report = await audited(ledger, replica)
        assert (report.agrees, report.proven) == (True, ())
        assert report.asked[-1].startswith(
            "9 words in the storage of 3 contracts: this ledger's address gives no"
        )
        ledger.mine(lambda it: it.publish(LIST, [3], 1))
        ledger.spoil = lambda logs: logs if logs[0]["blockNumber"] in ("0x1", "0x2") else []
        await caught_up(ledger, replica)
        assert (await audited(ledger, replica)).differences == (f"storage: status list {LIST} differs",)

    @pytest.mark.parametrize("consensus", SEALED)
    async def test_whoever_told_the_validators_is_not_content_with_its_word(
        self, replica: Replica, consensus: Consensus
    ) -> None:
        """An address that lies about the words need only say that it has no proofs."""
        ledger = founded(consensus)
        await caught_up(ledger, replica)
        for _ in range(4):
            ledger.mine()
        ledger.lie = "no proofs"
        report = await audited(ledger, replica, ledger.validators)
        assert (report.agrees, report.asked, report.differences) == (False, (), ())
        (unchecked,) = report.unchecked
        assert unchecked.startswith("9 words in the storage of 3 contracts: this ledger's address gives no")

    async def test_a_ledger_that_has_no_state_of_the_block_leaves_it_unchecked(
        self, ledger: ProvingLedger, replica: Replica
    ) -> None:
        await caught_up(ledger, replica)
        ledger.lie = "no state"
        report = await audited(ledger, replica)
        (unchecked,) = report.unchecked
        assert unchecked.startswith("the ledger gives no state of block 2 (missing trie node (-32000))")
        assert not report.agrees
        assert report.differences == ()

    async def test_no_request_is_for_more_words_than_a_ledger_likes(
        self, ledger: ProvingLedger, replica: Replica
    ) -> None:
        for number in range(AT_ONCE):
            ledger.mine(lambda it, number=number: it.create(1, f"{LIST}/{number}"))
        await caught_up(ledger, replica)
        ledger.calls.clear()
        assert (await audited(ledger, replica)).agrees
        assert ledger.calls.count("storage_proof") == 2 + 3  # issuers, documents, and 202 words of lists

    # --- what differs

    async def test_of_a_ledger_that_cannot_be_understood_it_says_so(
        self, ledger: ProvingLedger, replica: Replica
    ) -> None:
        await caught_up(ledger, replica)
        ledger.spoil = lambda logs: [{**log, "data": "0x00"} for log in logs]
        (difference,) = (await audited(ledger, replica)).differences
        assert "do not fit together" in difference

    async def test_it_finds_tampered_rows(
        self, engine: Engine, ledger: ProvingLedger, replica: Replica
    ) -> None:
        ledger.mine(lambda it: it.publish(LIST, [3], 1))
        await caught_up(ledger, replica)
        tamper_with_deltas(engine, b"\x04")
        assert (await audited(ledger, replica)).differences == (f"rows: status list {LIST} differs",)

    async def test_it_finds_what_the_ledger_left_out(self, ledger: ProvingLedger, replica: Replica) -> None:
        key, new_key = (f"0x{number:040d}" for number in (1, 7))
        ledger.mine(lambda it: it.accredit("did:web:two.example"))
        ledger.mine(lambda it: it.publish(LIST, [3], 1))
        ledger.mine(lambda it: it.set_operator(1, key, False), lambda it: it.set_operator(1, new_key, True))
        ledger.spoil = lambda logs: logs if logs[0]["blockNumber"] in ("0x1", "0x2") else []
        await caught_up(ledger, replica)
        assert (await audited(ledger, replica)).differences == (
            "storage: the number of issuers differs",
            f"storage: whom operator {key} acts for differs",
            f"storage: status list {LIST} differs",
        )
        ledger.spoil = lambda logs: logs
        assert f"memory: status list {LIST} differs" in (await audited(ledger, replica)).differences

    async def test_of_a_branch_that_was_left_it_says_so(self, ledger: ProvingLedger, replica: Replica) -> None:
        ledger.mine()
        await caught_up(ledger, replica)
        ledger.fork(2)
        for mined in range(2):
            (difference,) = (await audited(ledger, replica)).differences
            assert "our block 3 is not on the ledger" in difference, mined
            ledger.mine()
