"""A whole verification in this process, beside the bare signature check and every peer that can do it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

from node.crypto.public_keys import KeyType
from node.crypto.signing import SigningKey
from scripts.bench.cases import Case
from scripts.bench.measuring import Figures, in_turn, timed

Verify = Callable[[Case, bytes], bool]  # case, its genuine or tampered bytes -> accepted


class Peers(Protocol):
    """Independent verifiers that are measured together. A fault says why figures would be worth nothing."""

    @property
    def versions(self) -> Mapping[str, str]: ...

    @property
    def faults(self) -> Mapping[tuple[str, str], str]: ...

    def timed(self, case: str, peer: str, seconds: float) -> list[float]: ...


@dataclass(frozen=True, slots=True)
class Row:
    """One case. A fault takes the place of figures that would be worth nothing."""

    case: Case
    ours: Figures | None
    bare: Figures  # of the case's signatures alone
    steady: Figures | None  # of as many as take as long as ours: shows what the machine adds
    fault: str = ""
    peers: Mapping[str, Figures | str] = field(default_factory=dict)  # figures, or the fault


def fault_of(verify: Verify, case: Case) -> str:
    """Empty where the genuine one is accepted and the tampered twin refused."""
    if not verify(case, case.genuine):
        return "refuses the genuine one"
    if verify(case, case.tampered):
        return "accepts the tampered one"
    return ""


def row(case: Case, verify: Verify, all_peers: Sequence[Peers], *, rounds: int, seconds: float) -> Row:
    """Measure one case, contenders taking turns."""
    fault = fault_of(verify, case)
    contenders = {"": partial(timed, bare_signatures(case.signatures, case.key_type))}
    if not fault:
        ours_alone = partial(timed, partial(verify, case, case.genuine))
        times = Figures.of(ours_alone(seconds)).median / Figures.of(contenders[""](seconds)).median
        contenders["ours"] = ours_alone
        contenders["steady"] = partial(timed, bare_signatures(round(times * case.signatures), case.key_type))
    found: dict[str, Figures | str] = {}
    for peers in all_peers:
        for (name, peer), peer_fault in peers.faults.items():
            if name == case.name and peer_fault:
                found[peer] = peer_fault
            elif name == case.name:
                contenders[peer] = partial(peers.timed, name, peer)
    measured = in_turn(list(contenders.values()), rounds=rounds, seconds=seconds)
    figures = dict(zip(contenders, measured, strict=True))
    bare, ours, steady = figures.pop(""), figures.pop("ours", None), figures.pop("steady", None)
    return Row(case, ours, bare, steady, fault, found | figures)


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
    """The head of the table `lines` fills."""
    return (
        "| ms | ours | p99 / median (of signatures that take as long) | signatures alone | ours takes "
        "| peer | median | p99 | ours is |\n"
        "| --- | ---: | ---: | ---: | ---: | --- | ---: | ---: | ---: |"
    )


def lines(row: Row) -> Iterator[str]:
    """Of the table, one for each peer; times in milliseconds."""
    ours, bare = row.ours, _ms(row.bare.median)
    first = f"{row.case.name} | {row.fault} | | {bare} | "
    if ours is not None and row.steady is not None:
        spread, machines = ours.p99 / ours.median, row.steady.p99 / row.steady.median
        times = ours.median / row.bare.median
        first = f"{row.case.name} | {_ms(ours.median)} | {spread:.2f} ({machines:.2f}) | {bare} "
        first += f"| {times:.1f} x that"
    for peer, found in sorted(row.peers.items(), key=_fastest_first) or [("none", "")]:
        if isinstance(found, str):
            yield f"| {first} | {peer} | {found[:60]} | | |"
        else:
            ratio = _compared(found.median / ours.median) if ours is not None else ""
            yield f"| {first} | {peer} | {_ms(found.median)} | {_ms(found.p99)} | {ratio} |"
        first = " | | | | "


def _fastest_first(one: tuple[str, Figures | str]) -> float:
    return one[1].median if isinstance(one[1], Figures) else float("inf")


def _compared(ratio: float) -> str:
    return f"{ratio:.1f} x faster" if ratio >= 1 else f"{1 / ratio:.1f} x slower"


def _ms(microseconds: float) -> str:
    return f"{microseconds / 1000:.3f}"
