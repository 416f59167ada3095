"""A whole verification in this process, beside the bare signature check and an independent verifier."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from node.crypto.public_keys import KeyType
from node.crypto.signing import SigningKey
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
    contenders = [partial(timed, bare_signatures(case.signatures, case.key_type))]
    if not fault:
        contenders.append(partial(timed, partial(verify, case, case.genuine)))
    if peer and not peer_fault:
        contenders.append(partial(peer.timed, case.name))
    bare, *figures = in_turn(contenders, rounds=rounds, seconds=seconds)
    theirs = figures.pop() if not peer_fault else None
    ours = figures.pop() if not fault else None
    return Row(case, ours, theirs, bare, fault, peer_fault)


def bare_signatures(count: int, type_: KeyType = KeyType.ED25519) -> Callable[[], None]:
    """`count` checks of a message as long as a Data Integrity hash, by the same library, and nothing else."""
    key = SigningKey.from_bytes(type_, bytes(31) + b"\1")
    message = bytes(64)
    signature = key.sign(message)
    verify = key.public.verify

    def check() -> None:
        for _ in range(count):
            verify(signature, message)

    return check


def heading() -> str:
    """The head of the table `line` fills."""
    return (
        "| ms | ours | p99 | independent verifier | median | p99 | ours is | signatures alone | ours takes |\n"
        "| --- | ---: | ---: | --- | ---: | ---: | ---: | ---: | ---: |"
    )


def line(row: Row) -> str:
    """One line of the table; times in milliseconds."""
    ours = _pair(row.ours) if row.ours else f"{row.fault} | "
    theirs = _pair(row.theirs) if row.theirs else f"{row.peer_fault} | "
    ratio = _compared(row.theirs.median / row.ours.median) if row.ours and row.theirs else ""
    times = f"{row.ours.median / row.bare.median:.1f} x that" if row.ours else ""
    return (
        f"| {row.case.name:<38} | {ours:>13} | {row.case.peer:<16} | {theirs:>16} | {ratio:>12} "
        f"| {_ms(row.bare.median)} | {times:>9} |"
    )


def _compared(ratio: float) -> str:
    return f"{ratio:.1f} x faster" if ratio >= 1 else f"{1 / ratio:.1f} x slower"


def _pair(figures: Figures) -> str:
    return f"{_ms(figures.median)} | {_ms(figures.p99)}"


def _ms(microseconds: float) -> str:
    return f"{microseconds / 1000:.3f}"
