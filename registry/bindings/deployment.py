"""What to send to put the contracts on a ledger. Pure: sending is for whoever holds the key."""

from __future__ import annotations

from dataclasses import dataclass

from registry.bindings.abi import encoded
from registry.bindings.addresses import ContractAddresses, checksummed, keccak256, parsed
from registry.bindings.compiled import artifact


@dataclass(frozen=True, slots=True)
class Deployment:
    """Three contract-creating transactions, to be sent in order with consecutive nonces."""

    first_nonce: int
    creations: tuple[bytes, bytes, bytes]  # data of transactions without `to`
    contracts: ContractAddresses  # where they will be


def plan(deployer: str, first_nonce: int, owner: str) -> Deployment:
    """The deployment by `deployer`, from its transaction `first_nonce` on; `owner` will own all three.

    The addresses follow from deployer and nonces, so all three may be sent at once, and a deployment
    that was cut short can be recognised and continued.
    """
    contracts = ContractAddresses(*(contract_address(deployer, first_nonce + place) for place in range(3)))
    issuers, governor = parsed(contracts.issuer_registry), parsed(owner)
    creations = (
        artifact("IssuerRegistry").bytecode + encoded(("address",), (governor,)),
        artifact("DidRegistry").bytecode + encoded(("address", "address"), (issuers, governor)),
        artifact("StatusRegistry").bytecode + encoded(("address", "address"), (issuers, governor)),
    )
    return Deployment(first_nonce, creations, contracts)


def contract_address(deployer: str, nonce: int) -> str:
    """Where the contract lands that this transaction creates: the end of keccak256(rlp([deployer, nonce]))."""
    number = nonce.to_bytes((nonce.bit_length() + 7) // 8, "big")
    item = number if len(number) == 1 and number[0] < 0x80 else bytes([0x80 + len(number)]) + number
    payload = b"\x94" + parsed(deployer) + item
    return checksummed(keccak256(bytes([0xC0 + len(payload)]) + payload)[12:])
