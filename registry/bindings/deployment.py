"""What to send to put the contracts on a ledger. Pure: sending is for whoever holds the key."""

from __future__ import annotations

from dataclasses import dataclass, fields

from registry.bindings import council, directory, issuer_registry, status_registry
from registry.bindings.abi import encoded
from registry.bindings.addresses import MEMBERS, ContractAddresses, checksummed, keccak256, parsed
from registry.bindings.compiled import ERC_1056, artifact
from registry.bindings.council import Rule


@dataclass(frozen=True, slots=True)
class Founding:
    """Who will govern, and how. Raises ValueError for what the Council would refuse."""

    governors: tuple[str, ...]  # addresses
    quorum: int  # approvals that a decision needs: a majority at least
    directory_delay: int = 0  # seconds from the decision until a contract may be replaced

    def __post_init__(self) -> None:
        addresses = sorted({checksummed(parsed(governor)) for governor in self.governors}, key=parsed)
        if not 0 < len(addresses) == len(self.governors) <= council.MAX_GOVERNORS:
            raise ValueError(f"a council has 1 to {council.MAX_GOVERNORS} governors, each of them once")
        if not self.majority <= self.quorum <= len(addresses):
            raise ValueError(f"a quorum of {len(addresses)} is {self.majority} to {len(addresses)}")
        if not 0 <= self.directory_delay <= council.MAX_DELAY:
            raise ValueError(f"a delay has at most {council.MAX_DELAY} seconds")
        object.__setattr__(self, "governors", tuple(addresses))

    @property
    def majority(self) -> int:
        """Of the governors: the fewest that ever decide."""
        return len(self.governors) // 2 + 1

    @classmethod
    def alone(cls, governor: str) -> Founding:
        """A council of one: what it proposes is done at once."""
        return cls((governor,), 1)


@dataclass(frozen=True, slots=True)
class Deployment:
    """Contract-creating transactions, to be sent in order with consecutive nonces."""

    first_nonce: int
    creations: tuple[bytes, ...]  # data of transactions without `to`
    contracts: ContractAddresses  # where they will be


def plan(deployer: str, first_nonce: int, founding: Founding) -> Deployment:
    """The deployment by `deployer`, from its transaction `first_nonce` on; the Council will own all of it.

    The addresses follow from deployer and nonces, so all may be sent at once, and a deployment that was cut
    short can be recognised and continued. The deployer has no part in what it deployed.
    """
    members = [field.name for field in fields(ContractAddresses)]
    contracts = ContractAddresses(
        *(contract_address(deployer, first_nonce + place) for place in range(len(members)))
    )
    owner, issuers = parsed(contracts.council), parsed(contracts.issuer_registry)
    creations = {
        "council": artifact("Council").bytecode
        + encoded(
            council.CONSTRUCTOR,
            ([parsed(it) for it in founding.governors], founding.quorum, _rules(contracts, founding)),
        ),
        "issuer_registry": artifact("IssuerRegistry").bytecode + encoded(("address",), (owner,)),
        "did_registry": artifact("DidRegistry").bytecode + encoded(("address", "address"), (issuers, owner)),
        "status_registry": artifact("StatusRegistry").bytecode
        + encoded(("address", "address"), (issuers, owner)),
        "ethr_did_registry": artifact(ERC_1056).bytecode,
        "directory": artifact("Directory").bytecode
        + encoded(
            directory.CONSTRUCTOR,
            (owner, list(MEMBERS), [parsed(getattr(contracts, member)) for member in MEMBERS.values()]),
        ),
    }
    return Deployment(first_nonce, tuple(creations[member] for member in members), contracts)


def _rules(contracts: ContractAddresses, founding: Founding) -> list[tuple[bytes, bytes, int, int]]:
    """What protects the public can be done by the fewest; what replaces a contract must be waited for."""
    quick = [
        Rule(contracts.issuer_registry, issuer_registry.SUSPENDING.selector, founding.majority, 0),
        Rule(contracts.status_registry, status_registry.PUBLISHING_IN_EMERGENCY.selector, founding.majority, 0),
    ]
    slow = [Rule(contracts.directory, council.ANY_FUNCTION, 0, founding.directory_delay)]
    return [rule.members() for rule in quick + (slow if founding.directory_delay else [])]


def contract_address(deployer: str, nonce: int) -> str:
    """Where the contract lands that this transaction creates: the end of keccak256(rlp([deployer, nonce]))."""
    number = nonce.to_bytes((nonce.bit_length() + 7) // 8, "big")
    item = number if len(number) == 1 and number[0] < 0x80 else bytes([0x80 + len(number)]) + number
    payload = b"\x94" + parsed(deployer) + item
    return checksummed(keccak256(bytes([0xC0 + len(payload)]) + payload)[12:])
