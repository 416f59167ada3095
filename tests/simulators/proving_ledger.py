"""The simulated ledger with sealed headers over real tries: it can prove what its contracts hold, or lie."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from eth_abi.abi import encode

from registry import rlp
from registry.chain import LedgerError, UnknownBlock
from registry.proofs import storage
from registry.proofs.headers import MEMBERS, NUMBERS, Header
from registry.proofs.registries import Registries
from registry.proofs.seals import Consensus, Validators, block_hash
from tests.simulators.contracts import STANDINGS, TERMS_TYPE, ContractsModel, as_tuple, keccak
from tests.simulators.council_model import CouncilModel
from tests.simulators.ledger import CONTRACTS, SimulatedLedger
from tests.simulators.state_trie import Sealers, SimulatedState


@dataclass(frozen=True)
class _Proved:
    raw: bytes  # header
    state: SimulatedState


class ProvingLedger(SimulatedLedger):
    """`lie`: what it does with what it is asked for; see the methods."""

    def __init__(self, consensus: Consensus = Consensus.UNSEALED) -> None:
        self._sealers = Sealers(consensus)
        self._proved: dict[bytes, _Proved] = {}
        self.lie = ""
        super().__init__()

    @property
    def validators(self) -> Validators:
        return Validators(self._sealers.consensus, frozenset(self._sealers.addresses))

    def seal_with(self, signers: Sequence[int]) -> None:
        """Puts the seals of these on the last block, whose hash stays: seals are no part of it."""
        last = self.blocks[-1].header
        proved = self._proved[last.stamp.hash]
        raw = self._sealers.header(
            proved.state.root,
            number=last.stamp.number,
            time=last.stamp.time,
            parent=last.parent_hash,
            signers=signers,
        )
        self._proved[last.stamp.hash] = _Proved(raw, proved.state)

    # --- what an audit asks

    async def header_members(self, block_hash: bytes) -> Mapping[str, Any]:
        self._ask("header_members")
        if block_hash not in self._proved:
            raise UnknownBlock(0, "no such block")
        members = _members(self._proved[block_hash].raw)
        if self.lie == "another state root":
            members["stateRoot"] = "0x" + "11" * 32
        return members

    async def headers_members_after(self, number: int, count: int) -> Sequence[Mapping[str, Any]]:
        self._ask("headers_members_after")
        blocks = self.blocks[number + 1 : number + 1 + count]
        return [_members(self._proved[block.header.stamp.hash].raw) for block in blocks]

    async def storage_proof(self, contract: str, slots: Sequence[int], block: int) -> Sequence[bytes]:
        self._ask("storage_proof")
        if self.lie == "no proofs":
            raise LedgerError(-32601, "the method eth_getProof does not exist")
        if self.lie == "no state":
            raise LedgerError(-32000, "missing trie node")
        at = block - 1 if self.lie == "the block before" else block
        nodes = self._proved[self.blocks[at].header.stamp.hash].state.proof(contract, slots)
        if self.lie == "another node":
            nodes[-1] = nodes[-1][:-1] + bytes([nodes[-1][-1] ^ 1])
        return nodes[:-1] if self.lie == "a node left out" else nodes

    async def storage_words(self, contract: str, slots: Sequence[int], block: int) -> Sequence[int]:
        self._ask("storage_words")
        held = self._proved[self.blocks[block].header.stamp.hash].state.of(contract)
        return [held.get(slot, 0) for slot in slots]

    # --- inside

    def _hash(self, number: int, time: int, parent_hash: bytes, contracts: ContractsModel) -> bytes:
        state = SimulatedState(
            Registries.of(CONTRACTS),
            _issuers(contracts),
            _documents(contracts),
            _lists(contracts),
            bystanders=3,
            others={CONTRACTS.council: _council(contracts.council)},
        )
        bloom = self._branch.to_bytes(256, "big")  # something that tells branches apart
        raw = self._sealers.header(state.root, number=number, time=time, parent=parent_hash, bloom=bloom)
        digest = block_hash(Header.decode(raw), self._sealers.consensus)
        self._proved[digest] = _Proved(raw, state)
        return digest


def _members(raw: bytes) -> dict[str, Any]:
    """As `eth_getBlockByHash` gives them."""
    members = zip(MEMBERS, rlp.decode_list(raw), strict=False)
    given = ((name, rlp.octets(value)) for name, value in members)
    return {
        name: hex(int.from_bytes(value, "big")) if name in NUMBERS else "0x" + value.hex()
        for name, value in given
    }


def _issuers(it: ContractsModel) -> dict[int, int]:
    words = {storage.ISSUER_COUNT: len(it.dids)}
    words |= {storage.id_of_operator_slot(key): number for key, number in it.operators.items()}
    for number, did in it.dids.items():
        first, third = storage.issuer_slots(number)
        terms, standing = it.terms[number], STANDINGS[it.standings[number]]
        validity = terms.valid_from << 160 | terms.valid_until << 200
        words[storage.id_of_did_slot(did)] = number
        words[first] = int(it.admins[number], 16) | validity | standing << 240
        words[third] = int.from_bytes(keccak(encode([TERMS_TYPE], [as_tuple(terms)])), "big")
    return words


def _documents(it: ContractsModel) -> dict[int, int]:
    words = {}
    for did, (version, head) in it.versions.items():
        version_slot, head_slot = storage.did_slots(did)
        words[version_slot] = version | (did in it.deactivated) << 32
        words[head_slot] = int.from_bytes(head, "big")
    return words


def _lists(it: ContractsModel) -> dict[int, int]:
    words = {}
    for uri, one in it.lists.items():
        shape_slot, head_slot = storage.list_slots(uri)
        shape = one.issuer_id | one.size << 32 | len(one.updates) << 64
        words[shape_slot] = shape | int(one.purpose) << 128 | one.bits_per_entry << 136 | one.closed << 144
        words[head_slot] = int.from_bytes(one.head, "big")
    return words


def _council(it: CouncilModel) -> dict[int, int]:
    words = {storage.COUNCIL: it.epoch | it.quorum << 32, storage.GOVERNORS: len(it.governors)}
    for place, governor in enumerate(it.governors):
        words[storage.governor_slot(place)] = int(governor, 16)
        words[storage.is_governor_slot(governor)] = 1
    for (target, selector), (quorum, delay) in it.rules.items():
        words[storage.rule_slot(target, selector)] = 1 | quorum << 8 | delay << 24
    for number, proposer in it.proposers.items():
        approvals, state = it.approved[number], it.ended.get(number, 1)
        words[storage.proposal_slot(number)] = int(proposer, 16) | len(approvals) << 160 | state << 224
        words |= {storage.approval_slot(number, governor): 1 for governor in approvals}
    return words
