"""Council: decisions by M of N governors (contracts/src/Council.sol)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from registry.bindings.abi import AbiMismatch, BlockTag, Call, Function
from registry.bindings.addresses import checksummed, keccak256, parsed
from registry.governance import ProposalState

MAX_GOVERNORS = 64
MAX_DELAY = 30 * 86_400  # seconds between a decision and its being carried out
ANY_FUNCTION = bytes(4)
"""In a rule: all functions of the target that have no rule of their own."""

_ACTION = "(address,bytes,bytes32,uint48,uint32)"
_RULE = "(address,bytes4,uint16,uint32)"
CONSTRUCTOR = ("address[]", "uint16", f"{_RULE}[]")  # governors ascending, quorum, rules
STATES = {
    1: ProposalState.OPEN,
    2: ProposalState.EXECUTED,
    3: ProposalState.CANCELLED,
}
"""States as numbered on the ledger; 0 stands for no such proposal."""

_PROPOSE = Function("propose", _ACTION)
_APPROVE = Function("approve", _ACTION)
_APPROVE_SIGNED = Function("approveSigned", _ACTION, "uint48", "address[]", "bytes[]")
_EXECUTE = Function("execute", _ACTION)
_CANCEL = Function("cancel", "bytes32")
SET_MEMBERS = Function("setMembers", "address[]", "uint16")
SET_RULE = Function("setRule", _RULE)
_ID_OF = Function("idOf", _ACTION, returns=("bytes32",))
_PROPOSAL = Function("proposal", "bytes32", returns=("(address,uint16,uint48,uint8)",))
_HAS_APPROVED = Function("hasApproved", "bytes32", "address", returns=("bool",))
_RULE_OF = Function("ruleOf", "address", "bytes4", returns=("uint16", "uint32"))
_IS_GOVERNOR = Function("isGovernor", "address", returns=("bool",))
_GOVERNORS = Function("governors", returns=("address[]",))
_QUORUM = Function("quorum", returns=("uint16",))
_EPOCH = Function("epoch", returns=("uint32",))


@dataclass(frozen=True, slots=True)
class CouncilAction:
    """What a proposal is: it is approved as a whole or not at all."""

    target: str  # checksummed address
    data: bytes  # selector and arguments
    salt: bytes  # 32 bytes: tells apart proposals that are otherwise alike
    expires_at: int  # Unix seconds, exclusive
    epoch: int  # of the membership and rules it was made under

    @property
    def id(self) -> bytes:
        """32 bytes: keccak256(abi.encode(target, keccak256(data), salt, expiresAt, epoch))."""
        return keccak256(
            parsed(self.target).rjust(32, b"\0")
            + keccak256(self.data)
            + self.salt
            + self.expires_at.to_bytes(32, "big")
            + self.epoch.to_bytes(32, "big")
        )

    def _tuple(self) -> tuple[Any, ...]:
        return parsed(self.target), self.data, self.salt, self.expires_at, self.epoch


@dataclass(frozen=True, slots=True)
class Rule:
    """What a call of one function needs."""

    target: str  # checksummed address
    selector: bytes  # 4 bytes, or ANY_FUNCTION
    quorum: int  # 0: the council's own
    delay: int  # seconds

    def members(self) -> tuple[bytes, bytes, int, int]:
        """As the contract's struct."""
        return parsed(self.target), self.selector, self.quorum, self.delay


# --- by a governor


def propose(action: CouncilAction) -> bytes:
    """Call data: proposes and approves; carries it out where one approval is enough."""
    return _PROPOSE(action._tuple())


def approve(action: CouncilAction) -> bytes:
    """Call data: the last approval needed carries it out, or starts its delay."""
    return _APPROVE(action._tuple())


def cancel(proposal_id: bytes) -> bytes:
    """Call data: by the proposer."""
    return _CANCEL(proposal_id)


# --- by anyone


def approve_signed(
    action: CouncilAction, *, deadline: int, signers: Sequence[str], signatures: Sequence[bytes]
) -> bytes:
    """Call data: the same as approve, on governors' signatures over `signing.council_approval`."""
    return _APPROVE_SIGNED(action._tuple(), deadline, [parsed(it) for it in signers], list(signatures))


def execute(action: CouncilAction) -> bytes:
    """Call data: carries out what is ripe."""
    return _EXECUTE(action._tuple())


# --- by the council


def set_members(governors: Sequence[str], quorum: int) -> bytes:
    """Call data: replaces all members; voids what is pending."""
    return SET_MEMBERS(sorted(parsed(governor) for governor in governors), quorum)


def set_rule(rule: Rule) -> bytes:
    """Call data: replaces a rule; voids what is pending."""
    return SET_RULE(rule.members())


# --- reads


@dataclass(frozen=True, slots=True)
class ProposalProgress:
    """What the contract's storage holds on a proposal."""

    proposer: str  # checksummed
    approvals: int
    ripe_at: int  # Unix seconds; 0: not approved by enough
    state: ProposalState


@dataclass(frozen=True, slots=True)
class Council:
    """Reads of a deployed council. Every read names its block. Raises AbiMismatch, and what `call` raises."""

    address: str
    call: Call

    async def id_of(self, action: CouncilAction, block: BlockTag) -> bytes:
        """What the contract takes for the action's number."""
        (proposal_id,) = await _ID_OF.read(self.call, self.address, block, action._tuple())
        return bytes(proposal_id)

    async def proposal(self, proposal_id: bytes, block: BlockTag) -> ProposalProgress | None:
        """None: nobody proposed it."""
        ((proposer, approvals, ripe_at, state),) = await _PROPOSAL.read(
            self.call, self.address, block, proposal_id
        )
        if state == 0:
            return None
        if state not in STATES:
            raise AbiMismatch(f"a proposal in state {state}")
        return ProposalProgress(checksummed(parsed(proposer)), approvals, ripe_at, STATES[state])

    async def has_approved(self, proposal_id: bytes, governor: str, block: BlockTag) -> bool:
        (approved,) = await _HAS_APPROVED.read(self.call, self.address, block, proposal_id, parsed(governor))
        return bool(approved)

    async def rule_of(self, target: str, selector: bytes, block: BlockTag) -> tuple[int, int]:
        """Approvals that a call of this function needs, and the seconds it then waits."""
        approvals, delay = await _RULE_OF.read(self.call, self.address, block, parsed(target), selector)
        return int(approvals), int(delay)

    async def is_governor(self, account: str, block: BlockTag) -> bool:
        (governs,) = await _IS_GOVERNOR.read(self.call, self.address, block, parsed(account))
        return bool(governs)

    async def governors(self, block: BlockTag) -> tuple[str, ...]:
        """Checksummed, ascending."""
        (governors,) = await _GOVERNORS.read(self.call, self.address, block)
        return tuple(checksummed(parsed(governor)) for governor in governors)

    async def quorum(self, block: BlockTag) -> int:
        (quorum,) = await _QUORUM.read(self.call, self.address, block)
        return int(quorum)

    async def epoch(self, block: BlockTag) -> int:
        """Of the membership and rules: 1, 2, …"""
        (epoch,) = await _EPOCH.read(self.call, self.address, block)
        return int(epoch)
