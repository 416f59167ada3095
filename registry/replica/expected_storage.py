"""What the contracts' storage holds if the replica is right: every word that a replica's state decides.

It does not decide all: offers of an admin's role leave no event, nonces and owners are not its concern.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from registry.bindings.addresses import ContractAddresses
from registry.bindings.issuer_registry import terms_hash
from registry.proofs import storage
from registry.replica.state import LedgerState


class Word(NamedTuple):
    """One word of a contract's storage; 0: nothing stands there."""

    contract: str  # checksummed address
    slot: int
    word: int
    about: str


def expected_words(state: LedgerState, founded: ContractAddresses) -> Iterator[Word]:
    """`founded`: the contracts that the ledger began with. Lists found corrupt are left out."""
    contracts = state.governance.contracts(founded)
    yield from _issuers(state, contracts.issuer_registry)
    yield from _documents(state, contracts.did_registry)
    yield from _lists(state, founded.status_registry)
    yield from _council(state)
    yield from _proposals(state)
    for name, entries in state.governance.directory.items():
        word = storage.entry_word(entries[-1].target, entries[-1].version)
        yield Word(contracts.directory, storage.entry_slot(name), word, f"{name} in the directory")


def _issuers(state: LedgerState, contract: str) -> Iterator[Word]:
    yield Word(contract, storage.ISSUER_COUNT, len(state.issuers), "the number of issuers")
    acting: dict[str, int] = {}
    for issuer_id, versions in state.issuers.items():
        for version in versions:
            acting |= {key: 0 for key in version.operators if key not in acting}
        it = versions[-1]
        acting |= dict.fromkeys(it.operators, issuer_id)
        first, third = storage.issuer_slots(issuer_id)
        word = storage.issuer_word(it.admin, it.terms.valid_from, it.terms.valid_until, it.standing)
        yield Word(contract, storage.id_of_did_slot(it.did), issuer_id, f"issuer {it.did}")
        yield Word(contract, first, word, f"issuer {it.did}")
        yield Word(contract, third, int.from_bytes(terms_hash(it.terms), "big"), f"issuer {it.did}")
    for key, issuer_id in sorted(acting.items()):
        yield Word(contract, storage.id_of_operator_slot(key), issuer_id, f"whom operator {key} acts for")


def _documents(state: LedgerState, contract: str) -> Iterator[Word]:
    for did, versions in state.documents.items():
        version_slot, head_slot = storage.did_slots(did)
        word = storage.did_word(versions[-1].version, versions[-1].deactivated)
        yield Word(contract, version_slot, word, f"documents of {did}")
        yield Word(contract, head_slot, int.from_bytes(versions[-1].head, "big"), f"documents of {did}")


def _lists(state: LedgerState, founded: str) -> Iterator[Word]:
    for it in state.lists.values():
        if it.corrupt:
            continue
        contract, about = it.registry or founded, f"status list {it.uri}"
        shape_slot, head_slot = storage.list_slots(it.uri)
        shape = storage.list_word(
            it.owners[-1][1], it.size, it.published, it.purpose, it.bits_per_entry, it.closed is not None
        )
        yield Word(contract, shape_slot, shape, about)
        yield Word(contract, head_slot, int.from_bytes(it.updates.head(it.seq), "big"), about)


def _council(state: LedgerState) -> Iterator[Word]:
    if not state.governance.memberships:
        return
    now = state.governance.memberships[-1]
    about = "the council's members"
    yield Word(now.council, storage.COUNCIL, storage.council_word(now.epoch, now.quorum), about)
    yield Word(now.council, storage.GOVERNORS, len(now.governors), about)
    for place, governor in enumerate(now.governors):
        yield Word(now.council, storage.governor_slot(place), int(governor, 16), about)
    for account in sorted({account for it in state.governance.memberships for account in it.governors}):
        is_one = account in now.governors
        yield Word(now.council, storage.is_governor_slot(account), int(is_one), f"whether {account} governs")
    for rule in now.rules:
        word = storage.rule_word(rule.quorum, rule.delay)
        yield Word(now.council, storage.rule_slot(rule.target, rule.selector), word, "the council's rules")


def _proposals(state: LedgerState) -> Iterator[Word]:
    for proposal_id, versions in state.governance.proposals.items():
        it, about = versions[-1], f"proposal 0x{proposal_id.hex()}"
        word = storage.proposal_word(it.proposer, len(it.approvals), it.ripe_at, it.state)
        yield Word(it.council, storage.proposal_slot(proposal_id), word, about)
        for governor in it.approvals:
            yield Word(it.council, storage.approval_slot(proposal_id, governor), 1, about)
