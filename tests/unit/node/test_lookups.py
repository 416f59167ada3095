"""What is kept of look-ups, for how long, and how often they are made."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from node.bounded_cache import BoundedCache
from node.lookups import Answer, SharedLookups, TooManyLookups


class Elsewhere:
    """Answers with how often it was asked; `gate` closed: only once it is opened."""

    def __init__(self, ttl: float = 10.0, weight: int = 0) -> None:
        self.asked: list[str] = []
        self.ttl, self.weight = ttl, weight
        self.gate = asyncio.Event()
        self.gate.set()

    def look_up(self, name: str) -> Callable[[], Awaitable[Answer[str]]]:
        async def answer() -> Answer[str]:
            self.asked.append(name)
            await self.gate.wait()
            return Answer(f"{name} {len(self.asked)}", self.ttl, self.weight)

        return answer


def lookups(now: list[float], **limits: int) -> SharedLookups[str]:
    return SharedLookups(lambda: now[0], **({"capacity": 3, "max_weight": 100} | limits))


async def test_an_answer_is_kept_as_long_as_it_says() -> None:
    now, elsewhere = [0.0], Elsewhere(ttl=10)
    kept = lookups(now)
    assert await kept.get("a", elsewhere.look_up("a")) == "a 1"
    now[0] = 9.9
    assert await kept.get("a", elsewhere.look_up("a")) == "a 1"
    now[0] = 10.0
    assert await kept.get("a", elsewhere.look_up("a")) == "a 2"


async def test_many_at_once_make_one_look_up_and_none_of_them_ends_it_for_the_others() -> None:
    elsewhere = Elsewhere()
    elsewhere.gate.clear()
    kept = lookups([0.0])
    waiting = [asyncio.ensure_future(kept.get("a", elsewhere.look_up("a"))) for _ in range(50)]
    await asyncio.sleep(0)
    waiting[0].cancel()
    elsewhere.gate.set()
    assert set(await asyncio.gather(*waiting[1:])) == {"a 1"}
    assert waiting[0].cancelled()


async def test_more_than_may_run_are_told_to_come_back() -> None:
    elsewhere = Elsewhere()
    elsewhere.gate.clear()
    kept = lookups([0.0], max_running=1)
    first = asyncio.ensure_future(kept.get("a", elsewhere.look_up("a")))
    await asyncio.sleep(0)
    with pytest.raises(TooManyLookups):
        await kept.get("b", elsewhere.look_up("b"))
    elsewhere.gate.set()
    assert await first == "a 1"
    assert await kept.get("b", elsewhere.look_up("b")) == "b 2"


async def test_a_look_up_that_breaks_is_not_kept() -> None:
    async def broken() -> Answer[str]:
        raise OSError("no way there")

    kept, elsewhere = lookups([0.0]), Elsewhere()
    with pytest.raises(OSError, match="no way"):
        await kept.get("a", broken)
    assert await kept.get("a", elsewhere.look_up("a")) == "a 1"


async def test_what_is_kept_is_bounded_in_number_and_in_weight() -> None:
    now, light, heavy = [0.0], Elsewhere(), Elsewhere(weight=60)
    kept = lookups(now)
    for name in ("a", "b", "c", "a", "d"):  # b was used longest ago
        await kept.get(name, light.look_up(name))
    await kept.get("a", light.look_up("a"))
    assert light.asked == ["a", "b", "c", "d"]
    kept = lookups(now)
    for name in ("a", "b", "b", "a"):  # only one of them at a time
        await kept.get(name, heavy.look_up(name))
    assert heavy.asked == ["a", "b", "a"]


def test_what_weighs_more_than_everything_is_not_kept() -> None:
    kept: BoundedCache[str] = BoundedCache(3, 100)
    kept.put("light", "x", 1)
    kept.put("heavy", "y", 101)
    assert (kept.get("heavy"), kept.get("light")) == (None, "x"), "nor does it push out others"
    kept.put("light", "x", 100)
    assert kept.get("light") == "x"
