"""Random but lawful histories: whatever the contracts would have accepted."""

from __future__ import annotations

from functools import partial
from random import Random

from registry.events import LedgerEvent
from registry.records import Standing, StatusPurpose, Terms
from tests.simulators.contracts import TERMS, ContractsModel
from tests.simulators.council_model import CouncilModel
from tests.simulators.ledger import SimulatedLedger

PURPOSES = [
    (StatusPurpose.REVOCATION, 1),
    (StatusPurpose.SUSPENSION, 1),
    (StatusPurpose.REFRESH, 1),
    (StatusPurpose.MESSAGE, 2),
    (StatusPurpose.MESSAGE, 8),
]
GOVERNORS = tuple(f"0x{number:040d}" for number in range(1, 6))


def step(random: Random, it: ContractsModel, *, time: int) -> list[LedgerEvent]:
    """One call that the contracts accept in their present state; mostly status updates."""
    open_lists = [entry for entry in it.lists.values() if not entry.closed]
    what = random.random()
    if not it.dids or what < 0.06:
        return it.accredit(f"did:web:board{len(it.dids) + 1}.example")
    issuer_id = random.choice(list(it.dids))
    did = it.dids[issuer_id]
    if not open_lists or what < 0.14:
        purpose, bits = random.choice(PURPOSES)
        size = random.choice([256, 512, 768])
        return it.create(issuer_id, f"https://board.example/lists/{len(it.lists)}", size, purpose, bits)
    if what < 0.18:
        return it.pin(did, b'{"id":"%s","n":%d}' % (did.encode(), random.randrange(1000)))
    if what < 0.20 and did in it.versions:
        return it.deactivate(did)
    if what < 0.23:
        now = it.standings[issuer_id]
        return it.change_standing(issuer_id, random.choice([s for s in Standing if s is not now]), "heard")
    if what < 0.25:
        return it.set_terms(issuer_id, Terms(f"Board {time}", TERMS.credential_types, (), 0, time))
    if what < 0.27:
        operator = f"0x{random.randrange(100, 140):040d}"
        holder = it.operators.get(operator)
        return it.set_operator(holder or issuer_id, operator, enabled=holder is None)
    if what < 0.28:
        return it.change_admin(issuer_id, f"0x{random.randrange(10, 90):040d}")
    if 0.33 <= what < 0.40:
        return council_step(random, it.council)
    entry = random.choice(open_lists)
    if what < 0.30:
        return it.close(entry.uri)
    if what < 0.33 and len(it.dids) > 1:
        return it.move(entry.uri, random.choice([key for key in it.dids if key != entry.issuer_id]))
    effective_at = time - random.choice([0, 0, 0, random.randrange(200)])
    # Few positions, so that the same bits are named again and again.
    positions = random.sample(range(0, len(entry.bits), 37), random.choice([0, 1, 1, 2, 5]))
    return it.publish(entry.uri, sorted(positions), effective_at)


def council_step(random: Random, it: CouncilModel) -> list[LedgerEvent]:
    """Proposals, approvals, and now and then other members or another rule, which void what is pending."""
    if not it.epoch:
        return it.found(GOVERNORS[:3], 2)
    what = random.random()
    if what < 0.15:
        members = tuple(random.sample(GOVERNORS, random.randrange(1, len(GOVERNORS) + 1)))
        return it.set_members(members, random.randrange(len(members) // 2 + 1, len(members) + 1))
    if what < 0.25:
        return it.set_rule(f"0x{random.randrange(3):040d}", bytes([0, 0, 0, random.randrange(2)]), 0, 60)
    if it.pending and what < 0.75:
        number, approved = random.choice(list(it.pending.items()))
        missing = [governor for governor in it.governors if governor not in approved]
        return it.approve(number, random.choice(missing)) if what < 0.65 else it.cancel(number)
    return it.propose(random.choice(it.governors), f"0x{random.randrange(3):040d}", b"suspend")


def mine(random: Random, ledger: SimulatedLedger, blocks: int) -> None:
    """Blocks with nothing, something, or several things in them."""
    for _ in range(blocks):
        calls = random.choice([0, 0, 1, 1, 2, 4])
        time = ledger.time
        ledger.mine(*[partial(step, random, time=time)] * calls)
