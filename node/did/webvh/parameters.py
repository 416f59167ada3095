"""The parameters of a log: what each entry may set, and from when it holds (did:webvh 1.0, "Parameters")."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from node.did.versions import HistoryInvalid
from node.did.webvh.address import SCID
from node.did.webvh.hashes import hash_of

METHOD = "did:webvh:1.0"
DEFAULT_TTL = 3600  # seconds
MAX_LIST = 64  # update keys, hashes, witnesses or watchers
_MAX_TEXT = 2048


@dataclass(frozen=True, slots=True)
class WitnessRule:
    """Who must approve an entry, and how many of them."""

    threshold: int
    witnesses: frozenset[str]  # did:key

    def to_json(self) -> dict[str, Any]:
        """For the metadata of a resolution, where numbers are written as text."""
        return {"threshold": str(self.threshold), "witnesses": [{"id": one} for one in sorted(self.witnesses)]}


@dataclass(frozen=True, slots=True)
class Parameters:
    """What is in force after an entry."""

    scid: str
    update_keys: tuple[str, ...]  # Multikeys
    next_key_hashes: tuple[str, ...] = ()  # not empty: pre-rotation is active
    witness: WitnessRule | None = None
    watchers: tuple[str, ...] = ()
    portable: bool = False
    deactivated: bool = False
    ttl: int = DEFAULT_TTL


def first(stated: Mapping[str, Any]) -> Parameters:
    """Of the first entry. Raises HistoryInvalid."""
    _check_names(stated)
    if stated.get("method") != METHOD:
        raise HistoryInvalid(f"the log is not of the version {METHOD}")
    scid = stated.get("scid")
    if not isinstance(scid, str) or not SCID(scid):
        raise HistoryInvalid("`scid` is not a self-certifying identifier")
    found = _changed(Parameters(scid, ()), stated)
    if not found.update_keys:
        raise HistoryInvalid("the first entry names no key that may update the DID")
    return found


def following(before: Parameters, stated: Mapping[str, Any]) -> Parameters:
    """Of a later entry. Raises HistoryInvalid."""
    _check_names(stated)
    if before.deactivated:
        raise HistoryInvalid("the log goes on after the DID was deactivated")
    if stated.get("method", METHOD) != METHOD:
        raise HistoryInvalid(f"the log goes on in another version than {METHOD}")
    if "scid" in stated:
        raise HistoryInvalid("`scid` is stated again")
    if stated.get("portable") is True and not before.portable:
        raise HistoryInvalid("`portable` is set after the first entry")
    found = _changed(before, stated)
    if before.next_key_hashes:
        _check_rotation(before, stated, found)
    return found


def authorised_keys(before: Parameters | None, now: Parameters) -> tuple[str, ...]:
    """Which keys may have signed the entry that led from `before` to `now` ("Authorized Keys")."""
    return now.update_keys if before is None or before.next_key_hashes else before.update_keys


def witnesses_of(before: Parameters | None, now: Parameters) -> WitnessRule | None:
    """Who had to approve that entry: those named before it; the first to be named, at once."""
    return now.witness if before is None or before.witness is None else before.witness


def _check_rotation(before: Parameters, stated: Mapping[str, Any], found: Parameters) -> None:
    if "updateKeys" not in stated or "nextKeyHashes" not in stated:
        raise HistoryInvalid("pre-rotation is active, and an entry does not state its keys and the next ones")
    if not found.update_keys or any(
        hash_of(key.encode()) not in before.next_key_hashes for key in found.update_keys
    ):
        raise HistoryInvalid("an update key was not announced by the entry before")


def _check_names(stated: Mapping[str, Any]) -> None:
    unknown = stated.keys() - {"method", "scid", *_READERS}
    if unknown:
        raise HistoryInvalid(f"unknown parameter {min(unknown)[:40]!r}")


def _changed(before: Parameters, stated: Mapping[str, Any]) -> Parameters:
    changes = {member: read(stated[name], name) for name, (member, read) in _READERS.items() if name in stated}
    return replace(before, **changes)


# --- one reader a type. `null` was once written for the default; readers should understand it (General Rules)


def _texts(value: object, name: str) -> tuple[str, ...]:
    if value is None:
        return ()
    if (
        not isinstance(value, list)
        or len(value) > MAX_LIST
        or not all(isinstance(one, str) and 0 < len(one) <= _MAX_TEXT for one in value)
    ):
        raise HistoryInvalid(f"`{name}` is not a list of at most {MAX_LIST} texts")
    return tuple(value)


def _flag(value: object, name: str) -> bool:
    if not isinstance(value, bool):
        raise HistoryInvalid(f"`{name}` is neither true nor false")
    return value


def _ttl(value: object, name: str) -> int:
    if value is None:
        return DEFAULT_TTL
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 2**31:
        raise HistoryInvalid(f"`{name}` is not a number of seconds")
    return value


def _witness(value: object, name: str) -> WitnessRule | None:
    if value is None or value == {}:
        return None
    if not isinstance(value, Mapping) or value.keys() != {"threshold", "witnesses"}:
        raise HistoryInvalid(f"`{name}` is not a threshold and witnesses")
    threshold, listed = value["threshold"], value["witnesses"]
    if not isinstance(listed, list) or not 0 < len(listed) <= MAX_LIST:
        raise HistoryInvalid(f"`{name}` lists no witnesses, or more than {MAX_LIST}")
    ids = [str(one.get("id")) if isinstance(one, Mapping) else "" for one in listed]
    if not all(one.startswith("did:key:") and len(one) <= _MAX_TEXT for one in ids):
        raise HistoryInvalid("a witness is not named by a did:key")
    if len(set(ids)) != len(ids):
        raise HistoryInvalid("a witness is listed twice")
    if isinstance(threshold, bool) or not isinstance(threshold, int) or not 1 <= threshold <= len(ids):
        raise HistoryInvalid("the threshold is not between 1 and the number of witnesses")
    return WitnessRule(threshold, frozenset(ids))


_READERS: Mapping[str, tuple[str, Any]] = {
    "updateKeys": ("update_keys", _texts),
    "nextKeyHashes": ("next_key_hashes", _texts),
    "witness": ("witness", _witness),
    "watchers": ("watchers", _texts),
    "portable": ("portable", _flag),
    "deactivated": ("deactivated", _flag),
    "ttl": ("ttl", _ttl),
}
