"""A verdict as the page shows it: headings, facts and lines, all of it words already. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from node.verification.credential_types import display_name
from node.verification.dates import readable
from node.verification.reasons import Reason
from node.verification.verdict import (
    Check,
    CheckId,
    CredentialVerdict,
    Outcome,
    Source,
    Summary,
    Verdict,
)
from node.web import wording
from node.web.claims import kind_in_words, shown
from node.web.dates import written_date
from node.web.enclosed import groups
from node.web.judgement import UNREMARKABLE, judgement, overall
from node.web.page_values import Card, CheckLine, Facts, InnerEvidence, MentionLine, Page, SkillLine
from node.web.resume import record_lines
from node.web.skills import skill_lines, skills_heading

SKILLS_SHOWN = 12

_TONE_OF_OUTCOME = {
    Outcome.PASSED: "good",
    Outcome.FAILED: "bad",
    Outcome.INDETERMINATE: "unknown",
    Outcome.NOT_APPLICABLE: "none",
    Outcome.SKIPPED: "none",
}


def page(verdict: Verdict) -> Page:
    """The page for a verdict. With one credential the page's heading is that credential's own."""
    bare = len(verdict.credentials) == 1 and all(c.id is CheckId.HOLDER for c in verdict.checks)
    cards = tuple(_card(one, verdict.checks if bare else ()) for one in verdict.credentials)
    if len(cards) == 1 and verdict.credentials[0].decision is verdict.decision:
        heading, lead, tone = cards[0].heading, cards[0].lead, cards[0].tone
    elif len(cards) > 1:
        heading, lead, tone = overall(verdict)
    else:
        heading, lead, tone = judgement(verdict.decision, verdict.checks, None, whole=True)
    stamp = verdict.as_of
    return Page(
        heading=heading,
        lead=lead,
        tone=tone,
        cards=cards,
        skills_heading=skills_heading(verdict.skills),
        skills=skill_lines(verdict),
        lines=() if bare else _lines(verdict.checks, whole=True),
        evidence=tuple(_line(check, whole=True) for check in verdict.checks),
        checked_at=readable(verdict.checked_at),
        as_of=readable(stamp.time) if stamp else "",
        policy=shown(verdict.policy),
        position=f"block {stamp.number}, 0x{stamp.hash.hex()}" if stamp else "",
        notes=tuple(shown(note) for note in verdict.notes),
    )


def _card(one: CredentialVerdict, more: Sequence[Check]) -> Card:
    """`more`: checks of what it came in, where that was the credential alone."""
    proof = _find(one.checks, CheckId.PROOF)
    confirmed = proof is not None and proof.outcome is Outcome.PASSED
    heading, lead, tone = judgement(one.decision, one.checks, one.summary if confirmed else None)
    return Card(
        heading=heading,
        lead=lead,
        tone=tone,
        confirmed=confirmed,
        facts=_facts(one.summary, one.checks) if one.summary else None,
        lines=_lines([*one.checks, *more]) if confirmed else _lines_of_claims([*one.checks, *more]),
        evidence=tuple(_line(check) for check in one.checks),
        mechanism=shown(one.mechanism),
        enclosed=groups(one.enclosed),
        records=record_lines(one.records, one.enclosed),
        inner_evidence=tuple(_inner_evidence(one, "")),
    )


def _inner_evidence(one: CredentialVerdict, where: str) -> Iterator[InnerEvidence]:
    """For the trade: every check of every credential inside, by where it stands."""
    for inner in one.enclosed:
        place = shown(f"{where}{inner.member}")
        lines = tuple(_line(check) for check in inner.verdict.checks)
        yield InnerEvidence(place, shown(inner.verdict.mechanism), lines)
        yield from _inner_evidence(inner.verdict, f"{place} › ")


def _rests_on_claims(check: Check) -> bool:
    """Whether a check says something good of a document that nobody proved to be genuine."""
    return check.id not in (CheckId.PARSE, CheckId.PROOF) and check.outcome in (
        Outcome.PASSED,
        Outcome.NOT_APPLICABLE,
    )


def _lines(checks: Sequence[Check], *, whole: bool = False) -> tuple[CheckLine, ...]:
    """A line each; checks that would read the same share one, and a form that nobody named has none."""
    return _once(_line(check, whole=whole) for check in checks if not _names_no_form(check))


def _lines_of_claims(checks: Sequence[Check]) -> tuple[CheckLine, ...]:
    """The lines of a document that nobody proved to be genuine: whatever was not reached shares one."""
    rest = {"label": wording.THE_REST, "line": wording.NOT_REACHED}
    return _once(
        replace(_line(check), **rest) if check.outcome is Outcome.SKIPPED else _line(check)
        for check in checks
        if not _rests_on_claims(check)
    )


def _once(lines: Iterable[CheckLine]) -> tuple[CheckLine, ...]:
    first: dict[tuple[str, str, str], CheckLine] = {}
    for line in lines:
        first.setdefault((line.label, line.outcome, line.line), line)
    return tuple(first.values())


def _names_no_form(check: Check) -> bool:
    return check.id is CheckId.SCHEMA and check.reason is Reason.NOT_APPLICABLE


def _find(checks: Sequence[Check], check_id: CheckId) -> Check | None:
    return next((check for check in checks if check.id is check_id), None)


def _facts(summary: Summary, checks: Sequence[Check]) -> Facts:
    trust = _find(checks, CheckId.TRUST)
    outcome = trust.outcome if trust else Outcome.SKIPPED
    if outcome is Outcome.PASSED:
        note = "Recognised"
    elif outcome is Outcome.INDETERMINATE:
        note = "Recognition could not be checked"
    elif trust is None or trust.reason in UNREMARKABLE:
        note = "Recognition was not checked"
    else:
        note = wording.WORDS[trust.reason].line.rstrip(".")
    claimed, recognised = shown(summary.issuer_claimed_name), shown(summary.issuer_recognised_name)
    kind = kind_in_words(summary.types)
    title = shown(summary.title) or kind or "A credential"
    skills = tuple(SkillLine(shown(s.name), shown(s.proficiency), shown(s.framework)) for s in summary.skills)
    return Facts(
        subject=shown(summary.subject_name),
        title=title,
        kind=kind if kind.casefold() != title.casefold() else "",
        issuer=recognised or claimed or shown(summary.issuer_did),
        issuer_note=note,
        issuer_tone=_TONE_OF_OUTCOME[outcome],
        issuer_also=claimed if recognised and claimed.casefold() != recognised.casefold() else "",
        valid_from=written_date(shown(summary.valid_from), ends=False),
        valid_until=written_date(shown(summary.valid_until), ends=True),
        until_label=_until_label(checks),
        skills=skills[:SKILLS_SHOWN],
        more_skills=skills[SKILLS_SHOWN:],
        description=shown(summary.description),
        mentions=tuple(_mentions(summary)),
        links=tuple(
            shown(f"{one.source} – {display_name(one.type).lower()} – {one.target}") for one in summary.links
        ),
    )


def _mentions(summary: Summary) -> Iterator[MentionLine]:
    for label, mentioned in (
        ("Evidence", summary.evidence),
        ("Terms of use", summary.terms_of_use),
        ("Renewal", summary.refresh_services),
    ):
        for one in mentioned:
            words = ": ".join(shown(part) for part in (one.name or display_name(one.type), one.detail) if part)
            yield MentionLine(label, words, shown(one.address))


def _until_label(checks: Sequence[Check]) -> str:
    """A last day still to come must not read as if it held."""
    withdrawn = any(c.id is CheckId.STATUS and c.outcome is Outcome.FAILED for c in checks)
    return "Was to end" if withdrawn else "Valid to"


def _line(check: Check, *, whole: bool = False) -> CheckLine:
    return CheckLine(
        label=wording.LABELS[check.id],
        outcome=wording.OUTCOME_WORDS[check.outcome],
        tone=_TONE_OF_OUTCOME[check.outcome],
        line=wording.line(check.id, check.outcome, check.reason, whole=whole),
        code=f"{check.id} · {check.outcome} · {check.reason}",
        detail=shown(check.detail),
        source=_source(check.source),
    )


def _source(source: Source | None) -> str:
    if source is None:
        return ""
    parts = [source.kind, shown(source.ref)]
    if source.block is not None:
        parts.append(f"block {source.block.number} ({readable(source.block.time)})")
    if source.digest:
        parts.append(source.digest[:66])
    return " · ".join(part for part in parts if part)
