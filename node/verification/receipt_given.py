"""What a receipt keeps of what was handed along with its question, so that the verdict can be recomputed.

Skills in full. Of files their hashes. Of identifiers how many there were, and of which kind: they are personal,
and a hash of an e-mail address is soon guessed. Whoever audits hands along the files, and the identifiers if
they know them; the verdict on another person's would be another.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from node.crypto import base64url
from node.verification.given import MAX_IDENTIFIERS, MAX_RESOURCES, MAX_SKILLS_ASKED, Given, Identifier

MEMBERS = frozenset({"skills", "identifiers", "resources"})


class NotHandedAlong(Exception):
    """The verdict was asked with something that is not there. In words."""


@dataclass(frozen=True, slots=True)
class Kept:
    """All of it empty where nothing was handed along."""

    skills: tuple[str, ...] = ()
    identifiers: tuple[str, ...] = ()  # the kind of each
    resources: Mapping[str, str] = field(default_factory=dict)  # SHA-256, base64url, by address

    @classmethod
    def of(cls, given: Given) -> Kept:
        return cls(
            given.skills,
            tuple(one.type for one in given.identifiers),
            {url: _digest(data) for url, data in given.resources.items()},
        )

    def to_json(self) -> dict[str, Any]:
        found = (
            ("skills", list(self.skills)),
            ("identifiers", list(self.identifiers)),
            ("resources", dict(self.resources)),
        )
        return {name: value for name, value in found if value}

    @classmethod
    def from_json(cls, members: Mapping[str, Any]) -> Kept:
        """Raises ValueError."""
        resources = members.get("resources", {})
        if not isinstance(resources, dict) or len(resources) > MAX_RESOURCES:
            raise ValueError("its files are no object, or too many")
        _texts(list(resources.values()), MAX_RESOURCES)
        skills = _texts(members.get("skills", []), MAX_SKILLS_ASKED)
        return cls(skills, _texts(members.get("identifiers", []), MAX_IDENTIFIERS), resources)

    def restored(self, handed: Given) -> Given:
        """The question's own, from what whoever audits hands along. Raises NotHandedAlong."""
        if len(handed.identifiers) != len(self.identifiers):
            raise NotHandedAlong(f"{len(self.identifiers) or 'no'} identifiers of the person")
        for url, digest in self.resources.items():
            if url not in handed.resources or _digest(handed.resources[url]) != digest:
                raise NotHandedAlong(f"the very file {url}")
        return Given(
            tuple(
                Identifier(one.value, kind)
                for one, kind in zip(handed.identifiers, self.identifiers, strict=True)
            ),
            {url: handed.resources[url] for url in self.resources},
            self.skills,
        )


def _digest(data: bytes) -> str:
    return base64url.encode(hashlib.sha256(data).digest())


def _texts(value: object, most: int) -> tuple[str, ...]:
    if not isinstance(value, list) or len(value) > most or not all(isinstance(one, str) for one in value):
        raise ValueError(f"what was asked is no list of at most {most} texts")
    return tuple(value)
