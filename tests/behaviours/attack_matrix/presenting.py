"""What is presented, by whom it was changed, and the verdict on it."""

from __future__ import annotations

import asyncio
import copy
import json
from collections.abc import Callable
from typing import Any

from pyld.jsonld import JsonLdError

from node.crypto import base64url
from node.verification.policy import Policy
from node.verification.refusals import Refused
from node.verification.verdict import Verdict
from tests.simulators.mechanism import Board, Mechanism
from tests.simulators.policies import DEFAULT_POLICY
from tests.simulators.wallet import CHALLENGE, DOMAIN

Document = dict[str, Any]
Presented = Document | str


def judged(board: Board, presented: Presented, policy: Policy = DEFAULT_POLICY) -> Verdict:
    raw = presented if isinstance(presented, str) else json.dumps(presented)
    asked = {"challenge": CHALLENGE, "domain": DOMAIN} if "~" in raw else {}
    return asyncio.run(board.party.service.verify(raw.encode(), policy=policy, **asked))


def issued(mechanism: Mechanism, board: Board, change: Callable[[Document], None]) -> Presented:
    """By an issuer that writes such a thing; where an honest signer refuses to, changed after signing."""
    document = mechanism.licence(board)
    change(document)
    try:
        return mechanism.secured(board, document)
    except (Refused, JsonLdError):
        return held(mechanism, board, change)


def held(mechanism: Mechanism, board: Board, change: Callable[[Document], None]) -> Presented:
    """By a holder, to what was signed."""
    secured = mechanism.secured(board)
    if isinstance(secured, str):
        return _in_token(secured, change)
    twin = copy.deepcopy(secured)
    change(twin)
    return twin


def _in_token(token: str, change: Callable[[Document], None]) -> str:
    jwt, *rest = token.split("~")
    header, payload, signature = jwt.split(".")
    claims = json.loads(base64url.decode(payload))
    change(claims.get("vc", claims))
    return "~".join((".".join((header, base64url.encode(json.dumps(claims).encode()), signature)), *rest))
