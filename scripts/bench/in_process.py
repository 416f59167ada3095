"""A whole verification in this process, beside the bare signature check and an independent verifier."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from nacl.signing import SigningKey

from scripts.bench.cases import Case
from scripts.bench.measuring import Figures, in_turn, timed
from scripts.bench.peer import Peer

Verify = Callable[[Case, bytes], bool]  # case, its genuine or tampered bytes -> accepted


@dataclass(frozen=True, slots=True)
class Row:
    """One case. A fault takes the place of figures that would be worth nothing."""

    case: Case
    ours: Figures | None
    theirs: Figures | None
    bare: Figures  # of the case's signatures alone
    fault: str = ""
    peer_fault: str = ""


def fault_of(verify: Verify, case: Case) -> str:
    """Empty where the genuine one is accepted and the tampered twin refused."""
    if not verify(case, case.genuine):
        return "refuses the genuine one"
    if verify(case, case.tampered):
        return "accepts the tampered one"
    return ""


def row(case: Case, verify: Verify, peer: Peer | None, *, rounds: int, seconds: float) -> Row:
    """Measure one case, contenders taking turns."""
    fault = fault_of(verify, case)
    peer_fault = peer.faults[case.name] if peer else "not installed"
    contenders = [partial(timed, bare_signatures(case.signatures))]
    if not fault:
        contenders.append(partial(timed, partial(verify, case, case.genuine)))
    if peer and not peer_fault:
        contenders.append(partial(peer.timed, case.name))
    bare, *figures = in_turn(contenders, rounds=rounds, seconds=seconds)
    theirs = figures.pop() if not peer_fault else None
    ours = figures.pop() if not fault else None
    return Row(case, ours, theirs, bare, fault, peer_fault)


def bare_signatures(count: int) -> Callable[[], None]:
    """`count` Ed25519 checks of a message as long as a Data Integrity hash, and nothing else."""
    key = SigningKey(bytes(32))
    message = bytes(64)
    signature = key.sign(message).signature
    verify = key.verify_key.verify

    def check() -> None:
        for _ in range(count):
            verify(message, signature)

    return check


def heading() -> str:
    """The head of the table `line` fills."""
    groups = (
        f"{'':<40} {'Goodstanding':>22}   {'independent verifier':>36}   {'':>7}   {'signatures alone':>18}"
    )
    columns = f"{'':<40} {'median':>11} {'p99':>10}   {'median':>25} {'p99':>10}"
    return f"{groups}\n{columns}   {'faster':>7}   {'median':>9} {'share':>8}"


def line(row: Row) -> str:
    """One line of the table; times in milliseconds."""
    ours = f"{_ms(row.ours.median):>11} {_ms(row.ours.p99):>10}" if row.ours else f"{row.fault:>22}"
    if row.theirs:
        theirs = f"{row.case.peer:>16} {_ms(row.theirs.median):>8} {_ms(row.theirs.p99):>10}"
    else:
        theirs = f"{row.case.peer} {row.peer_fault}"
    ratio = f"{row.theirs.median / row.ours.median:.1f}x" if row.ours and row.theirs else ""
    share = f"{row.bare.median / row.ours.median:.0%}" if row.ours else ""
    return f"{row.case.name:<40} {ours:>22}   {theirs:>36}   {ratio:>7}   {_ms(row.bare.median):>9} {share:>8}"


def _ms(microseconds: float) -> str:
    return f"{microseconds / 1000:.3f}"
