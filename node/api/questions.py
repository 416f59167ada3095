"""What is asked of a verification besides the document itself: policy, challenge, domain, the moment meant."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from fastapi import Request

from node.api.bodies import text_member
from node.api.given import given
from node.api.metrics import metrics_of
from node.api.moments import as_of
from node.api.problems import Problem
from node.api.services import Node, node_of
from node.policies import DEFAULT
from node.verification.given import NOTHING, Given
from node.verification.policy import Policy
from node.verification.verdict import Verdict
from registry.records import AsOf


@dataclass(frozen=True, slots=True)
class Question:
    policy: Policy
    challenge: str | None
    domain: str | None
    at: AsOf
    given: Given = NOTHING


async def answer(request: Request, document: bytes | str | dict[str, Any], asked: Question) -> Verdict:
    """Verify, and count it."""
    started = time.perf_counter()
    verdict = await node_of(request).verification.verify(
        document,
        policy=asked.policy,
        challenge=asked.challenge,
        domain=asked.domain,
        at=asked.at,
        given=asked.given,
    )
    metrics_of(request).verdict(verdict, time.perf_counter() - started)
    return verdict


async def answer_with_receipt(
    request: Request, document: str | dict[str, Any], asked: Question
) -> tuple[Verdict, dict[str, Any]]:
    """The same with `{receipt, receiptProblem?}`."""
    started = time.perf_counter()
    found = await node_of(request).receipts.verify(
        document,
        policy=asked.policy,
        challenge=asked.challenge,
        domain=asked.domain,
        at=asked.at,
        given=asked.given,
    )
    metrics_of(request).verdict(found.verdict, time.perf_counter() - started)
    if found.receipt is None:
        return found.verdict, {"receipt": None, "receiptProblem": found.problem}
    return found.verdict, {"receipt": found.receipt.to_json()}


async def question(node: Node, members: dict[str, Any], where: str = "") -> Question:
    """Read `policy`, `challenge`, `domain`, `asOf`, and what is given along. `where`: pointer to `members`.

    Raises Problem 400, Unavailable.
    """
    return Question(
        policy=_policy(node, text_member(members, "policy", where), where),
        challenge=text_member(members, "challenge", where),
        domain=text_member(members, "domain", where),
        at=await as_of(node, members.get("asOf"), f"{where}/asOf"),
        given=given(members, where),
    )


def _policy(node: Node, name: str | None, where: str) -> Policy:
    try:
        return node.policies[DEFAULT if name is None else name]
    except KeyError as error:
        raise Problem(
            400, "unknown-policy", "This node has no policy of that name.", member=f"{where}/policy"
        ) from error
