"""Transactions: encoded as RLP and signed. EIP-1559, or EIP-155 where the ledger knows no base fee."""

from __future__ import annotations

from dataclasses import dataclass

import coincurve

from registry.bindings.addresses import keccak256, parsed
from registry.chain import Ledger
from registry.publisher.signer import Signer, address_of
from registry.rlp import Item, encode

_DYNAMIC_FEE = b"\x02"  # EIP-2718 type of an EIP-1559 transaction


class SignerMismatch(Exception):
    """A signer's signature is not one of the address it says it has."""


@dataclass(frozen=True, slots=True)
class Fees:
    """What a unit of gas may cost, in wei."""

    highest: int  # base fee and priority fee together
    priority: int | None  # None: the ledger knows no base fee, `highest` is the gas price


@dataclass(frozen=True, slots=True)
class Transaction:
    """One call of a contract, or the creation of one."""

    chain_id: int
    nonce: int
    to: str | None  # None: `data` creates a contract
    data: bytes
    gas: int  # units
    fees: Fees

    def signed(self, signer: Signer) -> bytes:
        """The raw transaction. Raises SignerMismatch."""
        to = b"" if self.to is None else parsed(self.to)
        if self.fees.priority is None:
            members: list[Item] = [self.nonce, self.fees.highest, self.gas, to, 0, self.data]
            r, s, parity = _sign(keccak256(encode([*members, self.chain_id, 0, 0])), signer)
            return encode([*members, parity + 35 + 2 * self.chain_id, r, s])
        no_access_list: list[Item] = []
        members = [self.chain_id, self.nonce, self.fees.priority, self.fees.highest, self.gas, to, 0]
        members += [self.data, no_access_list]
        r, s, parity = _sign(keccak256(_DYNAMIC_FEE + encode(members)), signer)
        return _DYNAMIC_FEE + encode([*members, parity, r, s])


def hash_of(raw: bytes) -> bytes:
    """By which a signed transaction is known: 32 bytes."""
    return keccak256(raw)


async def fees_now(ledger: Ledger) -> Fees:
    """Nothing where gas is free; else what the ledger suggests, with room for the base fee to double."""
    base_fee = (await ledger.head()).base_fee
    if base_fee == 0:
        return Fees(0, 0)
    price = await ledger.gas_price()
    if base_fee is None:
        return Fees(price, None)
    priority = max(price - base_fee, 0)
    return Fees(2 * base_fee + priority, priority)


def _sign(digest: bytes, signer: Signer) -> tuple[int, int, int]:
    """r, s and the parity of the point, checked to be the signer's own: a device may be set up wrongly."""
    signature = signer.sign_hash(digest)
    try:
        key = coincurve.PublicKey.from_signature_and_message(signature, digest, hasher=None)
    except ValueError as error:
        raise SignerMismatch(f"{signer.address} made something that is no signature") from error
    if address_of(key) != signer.address:
        raise SignerMismatch(f"{signer.address} signed with another key")
    return int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:64], "big"), signature[64]
