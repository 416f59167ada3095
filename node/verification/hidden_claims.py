"""Claims that a node never shows: what may not weigh in a decision, such as a date of birth or a gender.

They are taken out before anything is read for an answer, so that no face of the node has them to show. What was
signed is checked as it is, with them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

# Without these a credential cannot be told from another.
NEEDED = frozenset(
    {"@context", "id", "type", "issuer", "credentialSubject", "proof", "validFrom", "validUntil"}
)


class HiddenClaims:
    """By name, at any depth; case, `-` and `_` make no difference. Safe to share."""

    def __init__(self, names: Collection[str] = ()) -> None:
        """Raises ValueError for a member that no credential can do without."""
        self._names = frozenset(_plain(name) for name in names)
        needed = sorted(name for name in NEEDED if _plain(name) in self._names)
        if needed:
            raise ValueError(f"{needed[0]} cannot be hidden: no credential can be told without it")

    def __bool__(self) -> bool:
        return bool(self._names)

    def taken_out(self, document: Mapping[str, Any]) -> Mapping[str, Any]:
        """`document` without them; itself where nothing is hidden."""
        return self._without(document) if self._names else document

    def _without(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {name: self._without(one) for name, one in value.items() if _plain(name) not in self._names}
        if isinstance(value, list):
            return [self._without(one) for one in value if not self._is_hidden_identity(one)]
        return value

    def _is_hidden_identity(self, value: object) -> bool:
        """Open Badges 3.0, IdentityObject: the name of the claim stands in `identityType`."""
        kind = value.get("identityType") if isinstance(value, dict) else None
        return isinstance(kind, str) and _plain(kind.rpartition(":")[2]) in self._names


def _plain(name: str) -> str:
    return name.casefold().replace("-", "").replace("_", "")
