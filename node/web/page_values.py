"""What the page of a verdict shows, as values: what the templates read, and all they read."""

from __future__ import annotations

from dataclasses import dataclass

from node.web.enclosed import Group
from node.web.judgement import Tone
from node.web.resume import RecordLine
from node.web.skills import SkillFound


@dataclass(frozen=True, slots=True)
class CheckLine:
    """One check: the line anyone reads, and behind the fold what the trade wants to know."""

    label: str
    outcome: str  # in words
    tone: str  # good, bad, unknown or none
    line: str
    code: str  # e.g. "status · FAILED · revoked"
    detail: str
    source: str


@dataclass(frozen=True, slots=True)
class SkillLine:
    name: str
    proficiency: str
    framework: str


@dataclass(frozen=True, slots=True)
class MentionLine:
    label: str
    words: str
    address: str  # shown as text: the page links nowhere a credential says


@dataclass(frozen=True, slots=True)
class Facts:
    """Who, what, by whom, until when. Facts only where `Card.confirmed`; else mere claims."""

    subject: str
    title: str
    kind: str
    issuer: str
    issuer_note: str
    issuer_tone: str
    issuer_also: str  # what the credential calls its issuer, where that differs
    valid_from: str
    valid_until: str
    until_label: str  # "Valid to", or what else the last day now means
    skills: tuple[SkillLine, ...]
    more_skills: tuple[SkillLine, ...]
    description: str
    mentions: tuple[MentionLine, ...]  # what it refers to
    links: tuple[str, ...]  # how what is in it hangs together


@dataclass(frozen=True, slots=True)
class InnerEvidence:
    """The checks of a credential inside another."""

    place: str  # JSON pointer in the one that holds it, after that one's own
    mechanism: str
    lines: tuple[CheckLine, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """One credential."""

    heading: str
    lead: str
    tone: Tone
    confirmed: bool  # its proof passed: what it says was signed by its issuer
    facts: Facts | None
    lines: tuple[CheckLine, ...]
    evidence: tuple[CheckLine, ...]
    mechanism: str
    enclosed: tuple[Group, ...]  # what is inside it
    records: tuple[RecordLine, ...]  # of a résumé
    inner_evidence: tuple[InnerEvidence, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """The whole answer."""

    heading: str
    lead: str
    tone: Tone
    cards: tuple[Card, ...]
    skills_heading: str
    skills: tuple[SkillFound, ...]  # that were asked for
    lines: tuple[CheckLine, ...]  # of the presentation as a whole
    evidence: tuple[CheckLine, ...]
    checked_at: str
    as_of: str
    policy: str
    position: str  # of the records, in the trade's words
    notes: tuple[str, ...]
