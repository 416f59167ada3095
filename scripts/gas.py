"""Prints what the contracts cost in gas, on a real ledger, beside what Velocity's cost for the same work.

    python -m scripts.gas

Velocity's figures were measured before, on their contracts with their own compiler; lists have 131,072 entries.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from registry.bindings import council, deployment, did_registry, issuer_registry, status_registry
from registry.bindings.council import CouncilAction
from registry.bindings.deployment import Founding
from registry.bindings.status_registry import StatusUpdate, list_id_of
from registry.embedded.anvil import find_anvil
from registry.records import Standing, StatusPurpose, Terms
from registry.status_delta import encode
from tests.simulators.anvil import AnvilLedger, running_anvil

SIZE = 131_072
DID = "did:web:board.example"
DEPLOYER, ADMIN, OPERATOR, NEXT = ("0x" + digit * 40 for digit in "3456")
GOVERNORS = tuple("0x" + f"{number:02x}" * 20 for number in (0xA1, 0xA2, 0xA3))
TERMS = Terms("Board of Nursing", ("NursingLicence",), ("US-CO",), 0, 2**40 - 1)
VELOCITY = {
    "create a list": (2_394_000, 2_394_000),
    "revoke 1": (52_000, 70_000),
    "revoke 100 at random": (6_766_000, 6_766_000),
    "revoke 5,000 at random": (268_882_000, 268_882_000),
}


@dataclass
class Measured:
    """A fresh deployment, governed by two of three."""

    ledger: AnvilLedger
    salt: int = 0
    seq: int = 0

    def __post_init__(self) -> None:
        self.plan = deployment.plan(DEPLOYER, 0, Founding(GOVERNORS, 2))
        self.at = self.plan.contracts

    def send(self, sender: str, to: str | None, data: bytes) -> int:
        return self.ledger.send(sender, to, data).gas_used

    def decide(self, data: bytes) -> tuple[int, int]:
        """Gas of the proposal, and of the approval that carries it out."""
        self.salt += 1
        expires_at = self.ledger.now() + 86_400
        action = CouncilAction(self.at.issuer_registry, data, self.salt.to_bytes(32, "big"), expires_at, 1)
        proposed = self.send(GOVERNORS[0], self.at.council, council.propose(action))
        return proposed, self.send(GOVERNORS[1], self.at.council, council.approve(action))

    def publish(self, uri: str, positions: list[int]) -> int:
        self.seq += 1
        update = StatusUpdate(
            list_id_of(uri), self.seq, b"\1" * 32, self.ledger.now(), encode(sorted(positions))
        )
        return self.send(OPERATOR, self.at.status_registry, status_registry.publish(update))


def measured(ledger: AnvilLedger) -> Iterator[tuple[str, int]]:
    """What is done → gas."""
    it, random = Measured(ledger), Random(1)  # noqa: S311 - the same positions each time
    for name, creation in zip(
        ("Council", "IssuerRegistry", "DidRegistry", "StatusRegistry", "EthereumDIDRegistry", "Directory"),
        it.plan.creations,
        strict=True,
    ):
        yield f"deploy {name}", it.send(DEPLOYER, None, creation)
    proposed, approved = it.decide(issuer_registry.accredit(DID, ADMIN, OPERATOR, TERMS))
    yield "propose an accreditation", proposed
    yield "approve it, and so accredit", approved
    for name, standing in (("suspend", Standing.SUSPENDED), ("reinstate", Standing.ACTIVE)):
        yield f"{name} (both calls)", sum(it.decide(issuer_registry.change_standing(1, standing, "audit")))
    rotate = issuer_registry.rotate_operator(1, OPERATOR, NEXT)
    yield "replace an operator", it.send(ADMIN, it.at.issuer_registry, rotate)
    it.send(ADMIN, it.at.issuer_registry, issuer_registry.rotate_operator(1, NEXT, OPERATOR))
    for version, name in ((1, "the first"), (2, "the next")):
        data = did_registry.pin(DID, version, b"{}" * 1024)
        yield f"pin a document of 2 KiB, {name}", it.send(ADMIN, it.at.did_registry, data)
    uri = "https://board.example/status-lists/revocation"
    data = status_registry.create(
        1, uri, size=SIZE, purpose=StatusPurpose.REVOCATION, bits_per_entry=1, empty_root=b"\2" * 32
    )
    yield "create a list", it.send(OPERATOR, it.at.status_registry, data)
    it.publish(uri, [0])  # a list's first update also turns a zero into a number
    yield "confirm a list (heartbeat)", it.publish(uri, [])
    for count, name in ((1, "revoke 1"), (100, "revoke 100 at random"), (5_000, "revoke 5,000 at random")):
        yield name, it.publish(uri, random.sample(range(SIZE), count))


def main() -> None:
    print("| what | gas | Velocity | less by |\n| --- | ---: | ---: | ---: |")
    with running_anvil(find_anvil()) as ledger:
        for what, gas in measured(ledger):
            low, high = VELOCITY.get(what, (0, 0))
            theirs = f"{low:,}" if low == high else f"{low:,} to {high:,}"
            ratio = f"{low / gas:,.2f}×" if low == high else f"{low / gas:.2f} to {high / gas:.2f}×"
            print(f"| {what} | {gas:,} | {theirs if low else ''} | {ratio if low else ''} |")


if __name__ == "__main__":
    main()
