"""A process that ends at a step of one's choice: before it, after it, or with its database commit undone."""

from __future__ import annotations

import inspect
from typing import Any

import pytest
from sqlalchemy import Engine, event


class Killed(Exception):
    """The process is no more."""


def kill(monkeypatch: pytest.MonkeyPatch, target: Any, step: str, when: str, nth: int = 1) -> None:
    """End the process "before" or "after" the `nth` call of `step` from now on, whatever the target is."""
    real, left = getattr(target, step), [nth]

    def due(now: str) -> None:
        if now == "before":
            left[0] -= 1
        if left[0] == 0 and now == when:
            left[0] = -1
            raise Killed

    async def in_loop(*arguments: Any, **options: Any) -> Any:
        due("before")
        result = await real(*arguments, **options)
        due("after")
        return result

    def in_thread(*arguments: Any, **options: Any) -> Any:
        due("before")
        result = real(*arguments, **options)
        due("after")
        return result

    monkeypatch.setattr(target, step, in_loop if inspect.iscoroutinefunction(real) else in_thread)


def kill_at_commit(monkeypatch: pytest.MonkeyPatch, target: Any, step: str, engine: Engine) -> None:
    """End the process with the next call of `step` done, all but its commit."""
    real, armed = getattr(target, step), [True]

    def no_commit(_: object) -> None:
        raise Killed

    def uncommitted(*arguments: Any, **options: Any) -> Any:
        if not armed:
            return real(*arguments, **options)
        armed.clear()
        event.listen(engine, "commit", no_commit)
        try:
            return real(*arguments, **options)
        finally:
            event.remove(engine, "commit", no_commit)

    monkeypatch.setattr(target, step, uncommitted)
