"""Files that are on file here, by the addresses credentials name them with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class OnFile:
    """The bytes of a file. `published` False: a copy that may be written differently, and mean the same."""

    data: bytes
    published: bool


class Files(Protocol):
    """What is on file."""

    def file(self, url: str) -> OnFile | None: ...


class Pinned:
    """Files an operator vouches for, as they were published."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = files

    def file(self, url: str) -> OnFile | None:
        found = self._files.get(url)
        return None if found is None else OnFile(found, published=True)


class Shelf:
    """Several collections as one; the first that has a file answers."""

    def __init__(self, *collections: Files) -> None:
        self._collections = collections

    def file(self, url: str) -> OnFile | None:
        return next((found for one in self._collections if (found := one.file(url)) is not None), None)
