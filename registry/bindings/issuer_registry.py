"""IssuerRegistry: who may issue which credentials, where and when (contracts/src/IssuerRegistry.sol)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from registry.bindings.abi import BlockTag, Call, Function
from registry.bindings.addresses import checksummed, keccak256, parsed
from registry.records import Standing, Terms

TERMS = "(string,string[],string[],uint40,uint40)"
STANDINGS = {1: Standing.ACTIVE, 2: Standing.SUSPENDED, 3: Standing.WITHDRAWN}
"""Standings as numbered on the ledger; 0 stands for no such issuer."""

_ISSUER = "(address,uint40,uint40,uint8,address,uint64,bytes32)"

ACCREDIT = Function("accredit", "string", "address", "address", TERMS)
SET_TERMS = Function("setTerms", "uint32", TERMS)
SUSPENDING = Function("suspend", "uint32", "string")
REINSTATING = Function("reinstate", "uint32", "string")
WITHDRAWING = Function("withdraw", "uint32", "string")
_CHANGE_STANDING = {
    Standing.SUSPENDED: SUSPENDING,
    Standing.ACTIVE: REINSTATING,
    Standing.WITHDRAWN: WITHDRAWING,
}
RECOVER_ADMIN = Function("recoverAdmin", "uint32", "address")
_SET_OPERATOR = Function("setOperator", "uint32", "address", "bool")
_ROTATE_OPERATOR = Function("rotateOperator", "uint32", "address", "address")
_ROTATE_OPERATOR_SIGNED = Function("rotateOperatorSigned", "uint32", "address", "address", "uint64", "bytes")
_OFFER_ADMIN = Function("offerAdmin", "uint32", "address")
_ACCEPT_ADMIN = Function("acceptAdmin", "uint32")
_READ_ISSUER = Function("issuer", "uint32", returns=(_ISSUER,))
_ISSUER_ID_OF_DID = Function("issuerIdOfDid", "bytes32", returns=("uint32",))
_ISSUER_ID_OF_OPERATOR = Function("issuerIdOfOperator", "address", returns=("uint32",))
_REQUIRE_OPERATOR = Function("requireOperator", "uint32", "address")
_REQUIRE_ADMIN = Function("requireAdmin", "bytes32", "address")
_REQUIRE_ADMIN_OF = Function("requireAdminOf", "uint32", "address")


def _tuple(terms: Terms) -> tuple[Any, ...]:
    return (
        terms.name,
        terms.credential_types,
        terms.jurisdictions,
        terms.valid_from,
        terms.valid_until,
    )


# --- by the owner


def accredit(did: str, admin: str, operator: str, terms: Terms) -> bytes:
    """Call data: accredits an issuer whose DID and operator key are new to the registry."""
    return ACCREDIT(did, parsed(admin), parsed(operator), _tuple(terms))


def set_terms(issuer_id: int, terms: Terms) -> bytes:
    """Call data: replaces all terms of an issuer."""
    return SET_TERMS(issuer_id, _tuple(terms))


def change_standing(issuer_id: int, standing: Standing, reason: str) -> bytes:
    """Call data: suspends, reinstates (ACTIVE) or withdraws an issuer; withdrawal is final."""
    return _CHANGE_STANDING[standing](issuer_id, reason)


def recover_admin(issuer_id: int, admin: str) -> bytes:
    """Call data: replaces a lost or stolen admin key."""
    return RECOVER_ADMIN(issuer_id, parsed(admin))


# --- by the issuer's admin


def set_operator(issuer_id: int, operator: str, enabled: bool) -> bytes:
    """Call data: enables a key that acts for nobody, or disables one of the issuer's own."""
    return _SET_OPERATOR(issuer_id, parsed(operator), enabled)


def rotate_operator(issuer_id: int, old_operator: str, new_operator: str) -> bytes:
    """Call data: disables one of the issuer's keys and enables another."""
    return _ROTATE_OPERATOR(issuer_id, parsed(old_operator), parsed(new_operator))


def rotate_operator_signed(
    issuer_id: int, old_operator: str, new_operator: str, *, deadline: int, signature: bytes
) -> bytes:
    """Call data: the same by anyone who carries the admin's signature over `signing.rotate_operator`."""
    return _ROTATE_OPERATOR_SIGNED(issuer_id, parsed(old_operator), parsed(new_operator), deadline, signature)


def offer_admin(issuer_id: int, admin: str) -> bytes:
    """Call data: offers the role of admin to another key."""
    return _OFFER_ADMIN(issuer_id, parsed(admin))


def accept_admin(issuer_id: int) -> bytes:
    """Call data: by the key the role was offered to."""
    return _ACCEPT_ADMIN(issuer_id)


# --- reads


@dataclass(frozen=True, slots=True)
class IssuerState:
    """What the contract's storage holds on an issuer."""

    admin: str  # checksummed
    valid_from: int  # Unix seconds, inclusive
    valid_until: int  # Unix seconds, exclusive
    standing: Standing
    pending_admin: str | None  # checksummed: offered the role, has not accepted
    nonce: int  # a signed rotation holds for one value of it
    terms_hash: bytes  # keccak256(abi.encode(terms))


def terms_hash(terms: Terms) -> bytes:
    """keccak256(abi.encode(terms)), as the contract stores it."""
    parts = (_text(terms.name), _texts(terms.credential_types), _texts(terms.jurisdictions))
    words, start = [_word(32)], 5 * 32  # where the terms begin; and in them, what follows their five words
    for part in parts:
        words.append(_word(start))
        start += len(part)
    return keccak256(b"".join((*words, _word(terms.valid_from), _word(terms.valid_until), *parts)))


# By hand, as whoever checks a receipt waits for it: eth_abi takes thirty times as long.


def _texts(texts: tuple[str, ...]) -> bytes:
    parts = [_text(text) for text in texts]
    places, start = [], 32 * len(parts)
    for part in parts:
        places.append(_word(start))
        start += len(part)
    return b"".join((_word(len(parts)), *places, *parts))


def _text(text: str) -> bytes:
    raw = text.encode()
    return _word(len(raw)) + raw + bytes(-len(raw) % 32)


def _word(number: int) -> bytes:
    return number.to_bytes(32, "big")


@dataclass(frozen=True, slots=True)
class IssuerRegistry:
    """Reads of a deployed registry. Every read names its block. Raises AbiMismatch, and what `call` raises."""

    address: str
    call: Call

    async def issuer(self, issuer_id: int, block: BlockTag) -> IssuerState | None:
        """None: no such issuer."""
        ((admin, valid_from, valid_until, standing, pending, nonce, digest),) = await _READ_ISSUER.read(
            self.call, self.address, block, issuer_id
        )
        if standing not in STANDINGS:
            return None
        return IssuerState(
            admin=checksummed(parsed(admin)),
            valid_from=valid_from,
            valid_until=valid_until,
            standing=STANDINGS[standing],
            pending_admin=checksummed(parsed(pending)) if int(pending, 16) else None,
            nonce=nonce,
            terms_hash=digest,
        )

    async def issuer_id_of_did(self, did: str, block: BlockTag) -> int:
        """0: no such issuer."""
        (issuer_id,) = await _ISSUER_ID_OF_DID.read(self.call, self.address, block, keccak256(did.encode()))
        return int(issuer_id)

    async def issuer_id_of_operator(self, operator: str, block: BlockTag) -> int:
        """0: the key acts for nobody."""
        (issuer_id,) = await _ISSUER_ID_OF_OPERATOR.read(self.call, self.address, block, parsed(operator))
        return int(issuer_id)

    async def require_operator(self, issuer_id: int, account: str, block: BlockTag) -> None:
        """Reverts (as `call` raises it) unless the account may publish for this issuer now."""
        await _REQUIRE_OPERATOR.read(self.call, self.address, block, issuer_id, parsed(account))

    async def require_admin(self, did: str, account: str, block: BlockTag) -> None:
        """Reverts (as `call` raises it) unless the account is the admin of the accredited issuer."""
        await _REQUIRE_ADMIN.read(self.call, self.address, block, keccak256(did.encode()), parsed(account))

    async def require_admin_of(self, issuer_id: int, account: str, block: BlockTag) -> None:
        """The same, for an issuer's number."""
        await _REQUIRE_ADMIN_OF.read(self.call, self.address, block, issuer_id, parsed(account))
