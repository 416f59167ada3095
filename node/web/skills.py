"""What became of the skills that were asked for, as the page shows it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from node.verification.verdict import Attestation, CredentialVerdict, SkillAnswer, SkillStanding, Verdict
from node.web.claims import shown

_WORDS = {
    SkillStanding.PROVEN: ("Proven", "good"),
    SkillStanding.NOT_ACCEPTED: ("Not proven", "bad"),
    SkillStanding.SELF_ASSERTED: ("Not proven", "unknown"),
    SkillStanding.NOT_FOUND: ("Not proven", "none"),
}
_LINES = {
    SkillStanding.NOT_ACCEPTED: "Only a credential that cannot be relied on says so.",
    SkillStanding.SELF_ASSERTED: "Only the person's own résumé says so.",
    SkillStanding.NOT_FOUND: "Nothing that was sent mentions it.",
}


@dataclass(frozen=True, slots=True)
class SkillFound:
    """One skill that was asked for."""

    name: str
    outcome: str  # in words
    tone: str
    line: str


def skill_lines(verdict: Verdict) -> tuple[SkillFound, ...]:
    """In the order asked."""
    return tuple(_found(one, verdict) for one in verdict.skills)


def skills_heading(answers: Sequence[SkillAnswer]) -> str:
    """How many of them are proven. Nothing where none was asked for."""
    proven, of = sum(one.standing is SkillStanding.PROVEN for one in answers), len(answers)
    match proven, of:
        case _, 0:
            return ""
        case 1, 1:
            return "The skill you asked for is proven"
        case 0, 1:
            return "The skill you asked for is not proven"
        case 0, _:
            return f"None of the {of} skills you asked for is proven"
        case _ if proven == of:
            return f"All {of} skills you asked for are proven"
        case _:
            return f"{proven} of the {of} skills you asked for {'is' if proven == 1 else 'are'} proven"


def _found(answer: SkillAnswer, verdict: Verdict) -> SkillFound:
    outcome, tone = _WORDS[answer.standing]
    line = _LINES.get(answer.standing) or "; ".join(
        dict.fromkeys(_proof(one, verdict) for one in answer.proofs)
    )
    return SkillFound(shown(answer.name), outcome, tone, line)


def _proof(attestation: Attestation, verdict: Verdict) -> str:
    """By which credential, of whom, how well."""
    one = _at(verdict, attestation.credential)
    summary = one.summary
    title = shown(summary.title) if summary else ""
    issuer = shown(summary.issuer_recognised_name or summary.issuer_claimed_name) if summary else ""
    words = f"By “{title or 'a credential'}”" + (f" from {issuer}" if issuer else "")
    return f"{words}: {shown(attestation.proficiency)}" if attestation.proficiency else words


def _at(verdict: Verdict, pointer: str) -> CredentialVerdict:
    """`/credentials/0/enclosed/1` and so on: a credential, then ones inside it."""
    first, *inner = (int(part) for part in pointer.split("/")[2::2])
    found = verdict.credentials[first]
    for place in inner:
        found = found.enclosed[place].verdict
    return found
