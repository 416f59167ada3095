"""Credentials inside a credential as the page shows them: each with its own judgement. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from node.verification.enclosed import Relation
from node.verification.verdict import CredentialVerdict, EnclosedVerdict
from node.web.claims import kind_in_words, shown
from node.web.judgement import Tone, judgement

_GROUPS = {
    Relation.CONTAINED: "What it holds",
    Relation.VERIFICATION: "Backed by",
    Relation.ENDORSEMENT: "Endorsed by",
}


@dataclass(frozen=True, slots=True)
class Inner:
    """One of them. Without a confirmed proof only what is wrong with it is shown: no name, no title."""

    title: str
    issuer: str
    heading: str
    lead: str
    tone: Tone
    groups: tuple[Group, ...]  # what is inside this one


@dataclass(frozen=True, slots=True)
class Group:
    """Those of one kind."""

    name: str
    items: tuple[Inner, ...]


def groups(enclosed: Iterable[EnclosedVerdict]) -> tuple[Group, ...]:
    """In a fixed order of kinds, each in the order of the document."""
    by_kind: dict[Relation, list[Inner]] = {}
    for one in enclosed:
        by_kind.setdefault(one.relation, []).append(_inner(one.relation, one.verdict))
    return tuple(Group(name, tuple(by_kind[kind])) for kind, name in _GROUPS.items() if kind in by_kind)


def _inner(relation: Relation, one: CredentialVerdict) -> Inner:
    heading, lead, tone = judgement(one.decision, one.checks, one.summary)
    title = issuer = ""
    if one.summary is not None:
        summary = one.summary
        issuer = shown(summary.issuer_recognised_name or summary.issuer_claimed_name or summary.issuer_did)
        title = shown(summary.title) or kind_in_words(summary.types)
        if relation is Relation.ENDORSEMENT:  # whose it is says more than what it is called
            title, issuer = issuer, ""
    return Inner(title or "A credential", issuer, heading, lead, tone, groups(one.enclosed))
