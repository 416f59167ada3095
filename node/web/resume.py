"""A résumé's lines as the page shows them: the holder's own words, and what is attached to them. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from node.verification.verdict import Backing, Decision, EnclosedVerdict, Record
from node.web.claims import shown

_NOTES = {
    Backing.SELF_ASSERTED: ("In the writer's own words: nothing is attached to it.", "none"),
    Backing.NOT_BACKED: ("In the writer's own words: what is attached to it does not hold.", "bad"),
}


@dataclass(frozen=True, slots=True)
class RecordLine:
    """One line. Nobody has confirmed it, whatever is attached."""

    title: str
    detail: str
    note: str
    tone: str  # bad or none: no line is ever marked as good


def record_lines(records: Sequence[Record], enclosed: Sequence[EnclosedVerdict]) -> tuple[RecordLine, ...]:
    by_place = {one.member: one for one in enclosed}
    return tuple(_line(record, [by_place[member] for member in record.backed_by]) for record in records)


def _line(record: Record, attached: Sequence[EnclosedVerdict]) -> RecordLine:
    if record.backing is Backing.BACKED:
        good = [one.verdict for one in attached if one.verdict.decision is Decision.ACCEPT]
        names = ", ".join(f"“{shown(one.summary.title)}”" for one in good if one.summary is not None)
        note = f"In the writer's own words. A credential in good standing is attached: {names}."
        return RecordLine(shown(record.title) or "No title", shown(record.detail), note, "none")
    note, tone = _NOTES[record.backing]
    return RecordLine(shown(record.title) or "No title", shown(record.detail), note, tone)
