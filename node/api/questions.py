"""What is asked of a verification besides the document itself: policy, challenge, domain, the moment meant."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi import Request

from node.api.bodies import text_member
from node.api.metrics import metrics_of
from node.api.problems import Problem
from node.api.services import Node, node_of
from node.policies import DEFAULT
from node.verification.policy import Policy
from node.verification.verdict import Verdict
from registry.records import NOW, AsOf

_TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)")


@dataclass(frozen=True, slots=True)
class Question:
    policy: Policy
    challenge: str | None
    domain: str | None
    at: AsOf


async def answer(request: Request, document: bytes | str | dict[str, Any], asked: Question) -> Verdict:
    """Verify, and count it."""
    started = time.perf_counter()
    verdict = await node_of(request).verification.verify(
        document, policy=asked.policy, challenge=asked.challenge, domain=asked.domain, at=asked.at
    )
    metrics_of(request).verdict(verdict, time.perf_counter() - started)
    return verdict


def question(node: Node, members: dict[str, Any], where: str = "") -> Question:
    """Read `policy`, `challenge`, `domain` and `asOf`. `where`: pointer to `members`. Raises Problem 400."""
    return Question(
        policy=_policy(node, text_member(members, "policy", where), where),
        challenge=text_member(members, "challenge", where),
        domain=text_member(members, "domain", where),
        at=_as_of(members.get("asOf"), f"{where}/asOf"),
    )


def _policy(node: Node, name: str | None, where: str) -> Policy:
    try:
        return node.policies[name or DEFAULT]
    except KeyError as error:
        raise Problem(
            400, "unknown-policy", "This node has no policy of that name.", member=f"{where}/policy"
        ) from error


def _as_of(value: Any, where: str) -> AsOf:
    """`{block, knownAt, validAt}`, each optional; times are RFC 3339 timestamps."""
    if value is None:
        return NOW
    if not isinstance(value, dict) or not set(value) <= {"block", "knownAt", "validAt"}:
        raise Problem(
            400, "malformed-request", "asOf has the members block, knownAt and validAt.", member=where
        )
    block = value.get("block")
    if block is not None and (type(block) is not int or not 0 <= block < 1 << 63):
        raise Problem(400, "malformed-request", "block is not a block number.", member=f"{where}/block")
    return AsOf(
        block=block,
        known_at=_seconds(value.get("knownAt"), f"{where}/knownAt"),
        valid_at=_seconds(value.get("validAt"), f"{where}/validAt"),
    )


def _seconds(value: Any, where: str) -> int | None:
    """An RFC 3339 timestamp as Unix seconds. Raises Problem 400."""
    if value is None:
        return None
    if isinstance(value, str) and _TIMESTAMP.fullmatch(value):
        try:
            return int(datetime.fromisoformat(value).timestamp())
        except (ValueError, OverflowError):
            pass
    raise Problem(400, "malformed-request", "Not an RFC 3339 timestamp with a time zone.", member=where)
