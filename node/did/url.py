"""DID URLs (DID Core 1.0 §3.2): a DID, and what of it is meant."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode

from node.did.syntax import MAX_DID_CHARS, did_of
from node.did.versions import Version
from node.verification.dates import unix_time
from node.verification.refusals import Refused

MAX_URL_CHARS = 2 * MAX_DID_CHARS
_NUMBER = re.compile(r"[1-9]\d{0,8}", re.ASCII).fullmatch
_PARAMETERS = frozenset({"versionId", "versionTime", "versionNumber", "service", "relativeRef"})


class InvalidDidUrl(ValueError):
    """Not a DID URL."""


class InvalidOption(ValueError):
    """A parameter that is not supported here, or has no such value."""


@dataclass(frozen=True, slots=True)
class DidUrl:
    """The parts of a DID URL; the DID itself is not checked yet."""

    did: str
    path: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)
    fragment: str | None = None

    @property
    def is_did(self) -> bool:
        """Whether a document is meant, and nothing in or behind it."""
        return not (self.path or self.fragment is not None or "service" in self.parameters)

    def version(self) -> Version:
        """The version asked for. Raises InvalidOption."""
        number, time = self.parameters.get("versionNumber"), self.parameters.get("versionTime")
        if number is not None and not _NUMBER(number):
            raise InvalidOption("versionNumber is not a number from 1")
        try:
            moment = None if time is None else unix_time(time)
        except Refused as refused:
            raise InvalidOption("versionTime is not written as a date and time") from refused
        return Version(self.parameters.get("versionId"), None if number is None else int(number), moment)


def parse(text: str) -> DidUrl:
    """Raises InvalidDidUrl or InvalidOption."""
    if len(text) > MAX_URL_CHARS:
        raise InvalidDidUrl(f"a DID URL of more than {MAX_URL_CHARS} characters is not looked at")
    did = did_of(text)
    rest, hash_, fragment = text[len(did) :].partition("#")
    path, _, query = rest.partition("?")
    if hash_ and not fragment:
        raise InvalidDidUrl("its fragment is empty")
    try:
        pairs = parse_qsl(query, keep_blank_values=True, strict_parsing=bool(query), max_num_fields=16)
    except ValueError as error:
        raise InvalidDidUrl("its query cannot be read") from error
    parameters = dict(pairs)
    if len(parameters) != len(pairs):
        raise InvalidDidUrl("a parameter is given twice")
    unknown = parameters.keys() - _PARAMETERS
    if unknown:
        raise InvalidOption(f"the parameter {min(unknown)[:40]!r} is not supported here")
    return DidUrl(did, path, parameters, fragment if hash_ else None)


def written(did: str, **parameters: str | None) -> str:
    """A DID with parameters; those that are None are left out."""
    query = urlencode({name: value for name, value in parameters.items() if value is not None})
    separator = "&" if "?" in did else "?"
    return f"{did}{separator}{query}" if query else did
