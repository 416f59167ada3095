"""SD-JWT VCs: every byte counts."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

from node.verification.verdict import Decision
from tests.simulators.policies import DEFAULT_POLICY
from tests.simulators.relying_party import SimulatedRelyingParty
from tests.simulators.sd_jwt import (
    bind,
    keeping,
)
from tests.simulators.wallet import CHALLENGE, DOMAIN

HOLDER_POLICY = replace(DEFAULT_POLICY, require_holder=True)
ASKED: dict[str, Any] = {"challenge": CHALLENGE, "domain": DOMAIN}


def test_no_byte_can_be_changed(party: SimulatedRelyingParty, bound: str) -> None:
    """Walks one presentation with disclosures and key binding; no change of any character is accepted."""
    shown = keeping(bound, lambda one: one[1:2] != ["family_name"])
    genuine = bind(shown, party.nurse.key)

    async def accepted() -> list[int]:
        found = []
        for position, character in enumerate(genuine):
            for other in {"A", "B", "~", "."} - {character}:
                twin = genuine[:position] + other + genuine[position + 1 :]
                verdict = await party.service.verify(twin.encode(), policy=HOLDER_POLICY, **ASKED)
                if verdict.decision is Decision.ACCEPT:
                    found.append(position)
                    break
                assert verdict.decision in {Decision.REJECT, Decision.INDETERMINATE}
            twin = genuine[:position] + genuine[position + 1 :]
            verdict = await party.service.verify(twin.encode(), policy=HOLDER_POLICY, **ASKED)
            if verdict.decision is Decision.ACCEPT:
                found.append(position)
        return found

    assert party.verify(genuine, HOLDER_POLICY, **ASKED).decision is Decision.ACCEPT
    assert asyncio.run(accepted()) == []
