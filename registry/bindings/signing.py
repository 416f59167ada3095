"""EIP-712 digests of what an issuer or a governor may sign for others to carry to the ledger.

Each covers the chain, the contract, every argument, and a state of the contract that the call itself
changes, so that a signature is good for one call, once.
"""

from __future__ import annotations

from registry.bindings.addresses import keccak256, parsed
from registry.bindings.council import CouncilAction
from registry.bindings.status_registry import StatusUpdate

_DOMAIN = keccak256(b"EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)")
_STATUS_UPDATE = keccak256(
    b"StatusUpdate(bytes32 listId,uint64 seq,bytes32 prevHead,bytes32 deltaHash,bytes32 root,"
    b"uint48 effectiveAt,uint64 deadline)"
)
_PIN_DID_DOCUMENT = keccak256(
    b"PinDidDocument(bytes32 didHash,uint32 version,bytes32 prevHead,bytes32 documentHash,uint64 deadline)"
)
_ROTATE_OPERATOR = keccak256(
    b"RotateOperator(uint32 issuerId,address oldOperator,address newOperator,uint64 nonce,uint64 deadline)"
)

_COUNCIL_APPROVAL = keccak256(
    b"Approval(address target,bytes data,bytes32 salt,uint48 expiresAt,uint32 epoch,uint48 deadline)"
)


def council_approval(action: CouncilAction, *, deadline: int, chain_id: int, contract: str) -> bytes:
    """What a governor signs for `Council.approveSigned`. Counted once: a proposal is approved once by each."""
    return _digest(
        "Council",
        chain_id,
        contract,
        _COUNCIL_APPROVAL,
        parsed(action.target),
        keccak256(action.data),
        action.salt,
        action.expires_at,
        action.epoch,
        deadline,
    )


def status_update(
    update: StatusUpdate, *, prev_head: bytes, deadline: int, chain_id: int, contract: str
) -> bytes:
    """What an operator signs for `StatusRegistry.publishSigned`; `prev_head` is the list's head now."""
    return _digest(
        "StatusRegistry",
        chain_id,
        contract,
        _STATUS_UPDATE,
        update.list_id,
        update.seq,
        prev_head,
        keccak256(update.delta),
        update.root,
        update.effective_at,
        deadline,
    )


def pin_did_document(
    did: str,
    version: int,
    document: bytes,
    *,
    prev_head: bytes,
    deadline: int,
    chain_id: int,
    contract: str,
) -> bytes:
    """What an admin signs for `DidRegistry.pinSigned`; `prev_head` is the DID's head now."""
    return _digest(
        "DidRegistry",
        chain_id,
        contract,
        _PIN_DID_DOCUMENT,
        keccak256(did.encode()),
        version,
        prev_head,
        keccak256(document),
        deadline,
    )


def rotate_operator(
    issuer_id: int,
    old_operator: str,
    new_operator: str,
    *,
    nonce: int,
    deadline: int,
    chain_id: int,
    contract: str,
) -> bytes:
    """What an admin signs for `IssuerRegistry.rotateOperatorSigned`; `nonce` is the issuer's now."""
    return _digest(
        "IssuerRegistry",
        chain_id,
        contract,
        _ROTATE_OPERATOR,
        issuer_id,
        parsed(old_operator),
        parsed(new_operator),
        nonce,
        deadline,
    )


def _digest(name: str, chain_id: int, contract: str, *message: int | bytes) -> bytes:
    """keccak256(0x19 0x01 ‖ hash of the domain ‖ hash of the message), EIP-712 "Specification"."""
    domain = _hash(_DOMAIN, keccak256(name.encode()), keccak256(b"1"), chain_id, parsed(contract))
    return keccak256(b"\x19\x01" + domain + _hash(*message))


def _hash(*members: int | bytes) -> bytes:
    return keccak256(b"".join(_word(member) for member in members))


def _word(member: int | bytes) -> bytes:
    return member.to_bytes(32, "big") if isinstance(member, int) else member.rjust(32, b"\0")
