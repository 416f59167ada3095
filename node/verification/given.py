"""What a relying party hands along with its question: what it knows, has, and looks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

MAX_IDENTIFIERS = 16
MAX_IDENTIFIER_CHARS = 512
MAX_RESOURCES = 16
MAX_SKILLS_ASKED = 50


@dataclass(frozen=True, slots=True)
class Identifier:
    """What somebody is known by. Personal: it is compared, and never shown, logged or stored."""

    value: str = field(repr=False)
    type: str = ""  # an Open Badges 3.0 IdentifierTypeEnum, e.g. "emailAddress"; empty: of any type


@dataclass(frozen=True, slots=True)
class Given:
    """All of it optional."""

    identifiers: tuple[Identifier, ...] = ()  # of the person the credential should be about
    resources: Mapping[str, bytes] = field(default_factory=dict, repr=False)  # files by address
    skills: tuple[str, ...] = ()  # that are looked for, by name


NOTHING = Given()
