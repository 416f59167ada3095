"""Why a contract refused: the data of a revert → a name and a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from registry.bindings.abi import AbiMismatch, decoded, signature
from registry.bindings.addresses import keccak256

MAX_DATA = 1024  # bytes; our own errors take a tenth of it


@dataclass(frozen=True, slots=True)
class Refusal:
    """What a contract reverted with."""

    name: str  # of the custom error, e.g. "WrongSequence"; "" where we do not know it
    arguments: tuple[Any, ...]
    explanation: str

    def __str__(self) -> str:
        shown = ", ".join(
            f"0x{value.hex()}" if isinstance(value, bytes) else str(value) for value in self.arguments
        )
        return f"{self.explanation} [{self.name}({shown})]" if self.name else self.explanation


_EXPLANATIONS: dict[tuple[str, tuple[str, ...]], str] = {
    # IssuerRegistry
    ("UnknownIssuer", ("uint32",)): "the ledger knows no such issuer",
    ("NotAccredited", ("uint32",)): "the issuer is suspended, withdrawn, or its accreditation has run out",
    ("NotOperator", ("uint32", "address")): "this key is not an operator of that issuer",
    ("NotAdmin", ("uint32", "address")): "this key is not the admin of that issuer",
    ("DidTaken", ("bytes32",)): "an issuer with this DID exists already",
    ("OperatorTaken", ("address", "uint32")): "this key acts for an issuer already",
    ("AdminIsOperator", ("address",)): "one key cannot be both the admin and an operator of an issuer",
    ("ZeroAddress", ()): "an address is missing",
    ("InvalidDid", ()): "a DID is 1 to 2,048 visible ASCII characters",
    (
        "InvalidTerms",
        (),
    ): "terms need a name, a type at least, an end after their beginning, and well-formed text",
    ("InvalidReason", ()): "a reason is one line of text of up to 1,024 bytes",
    ("InvalidStandingChange", ("uint8", "uint8")): "the issuer's standing cannot change like that",
    # DidRegistry
    ("WrongVersion", ("uint32", "uint32")): "another version of the DID document was pinned meanwhile",
    ("Deactivated", ("bytes32",)): "the DID was deactivated, which is final",
    ("NothingPinned", ("bytes32",)): "no document is pinned for this DID",
    ("InvalidDocument", ("uint256",)): "a DID document has 1 to 16,384 bytes",
    # StatusRegistry
    ("UnknownList", ("bytes32",)): "the ledger knows no such status list",
    ("ListExists", ("bytes32",)): "a status list with this address exists already",
    ("ListIsClosed", ("bytes32",)): "the status list was closed, which is final",
    ("WrongSequence", ("bytes32", "uint64", "uint64")): "another update of the list was published meanwhile",
    ("InvalidDelta", ("bytes32",)): "the update is malformed, or names an entry beyond the end of the list",
    ("InvalidUri", ()): "the address of a status list is 1 to 2,048 visible ASCII characters",
    ("InvalidSize", ("uint32",)): "a list has 256 to 16,777,216 entries, and bits in multiples of 256",
    ("InvalidPurpose", ("uint8",)): "purposes are 1 revocation, 2 suspension, 3 refresh, 4 message",
    ("InvalidBitsPerEntry", ("uint8",)): "an entry has 1 bit; on a message list 1, 2, 4 or 8",
    ("EffectiveInFuture", ("uint48",)): "an update cannot take effect in the future",
    ("NotARevocationList", ("bytes32",)): "only a revocation list can be published to by the council",
    ("InvalidSuccessor", ("uint32",)): "a list moves to another issuer in good standing",
    # Council
    ("NotGovernor", ("address",)): "this key is none of the council's governors",
    ("NotProposer", ("address",)): "only the governor that made the proposal cancels it",
    ("NotCouncil", ("address",)): "only a decision of the council itself changes it",
    ("Voided", ("uint32", "uint32")): "the council's members or rules have changed since: propose it anew",
    ("Expired", ("uint48",)): "the proposal has expired: propose it anew",
    ("InvalidExpiry", ("uint48",)): "a proposal expires after its delay has passed, and within 180 days",
    ("ProposalExists", ("bytes32",)): "this was proposed already",
    ("NotOpen", ("bytes32", "uint8")): "there is no such proposal, or it was executed or cancelled",
    ("AlreadyApproved", ("bytes32", "address")): "this governor has approved it already",
    ("NotRipe", ("bytes32", "uint48")): "it is not approved by enough governors, or its delay has not passed",
    ("CallFailed", ("address",)): "the contract called refused without saying why",
    ("InvalidMembers", ()): "a council has 1 to 64 governors, each of them once",
    ("InvalidQuorum", ("uint16", "uint256")): "a quorum is a majority of the governors, and no more than all",
    ("InvalidDelay", ("uint32",)): "a delay has 30 days at most",
    # Directory
    ("InvalidName", ()): "a name is 1 to 64 visible ASCII characters",
    ("NoContract", ("address",)): "there is no contract at this address",
    ("Unchanged", ("bytes32",)): "the name stands for this address already",
    # signed calls
    ("SignatureExpired", ("uint48",)): "the signatures came after their deadline",
    ("SignatureExpired", ("uint64",)): "the signature came after its deadline",
    ("InvalidSignature", ()): "the signature is not over this call, by this key, at this state of the ledger",
    # ownership
    ("OwnableUnauthorizedAccount", ("address",)): "only the owner may do this",
    ("OwnableInvalidOwner", ("address",)): "a contract needs an owner",
    ("OwnershipCannotBeRenounced", ()): "ownership can be handed over, not given up",
    # OpenZeppelin EIP712, at construction only
    ("InvalidShortString", ()): "a name is too long",
    ("StringTooLong", ("string",)): "a name is too long",
    # Solidity's own
    ("Error", ("string",)): "the contract refused",
    ("Panic", ("uint256",)): "the contract failed a check of the language",
}
_BY_SELECTOR = {
    keccak256(signature(name, types).encode())[:4]: (name, types, explanation)
    for (name, types), explanation in _EXPLANATIONS.items()
}


def refusal(data: bytes) -> Refusal:
    """What the data of a revert says. Never raises: the data comes from a ledger we may not trust."""
    if not data:
        return Refusal("", (), "the contract refused without saying why")
    known = _BY_SELECTOR.get(data[:4])
    if known is None:
        return Refusal("", (), f"the contract refused with 0x{data[:68].hex()}, which we do not know")
    name, types, explanation = known
    if len(data) > MAX_DATA:
        return Refusal(name, (), explanation)
    try:
        return Refusal(name, decoded(types, data[4:]), explanation)
    except AbiMismatch:
        return Refusal(name, (), explanation)
