"""An organisation's node, as the tests of several of them see it."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass
from typing import Any

import httpx2

from node.assembly import Node

KEY, PATIENCE = "key", 30
BOARD = "did:web:board.example"


@dataclass
class Organisation:
    node: Node
    api: httpx2.AsyncClient
    governor: str

    async def post(self, path: str, **body: Any) -> dict[str, Any]:
        """Until it is final."""
        answered = await self.api.post(path, json={**body, "wait": PATIENCE})
        found: dict[str, Any] = answered.json()
        assert answered.status_code == 201, found
        return found

    async def refused(self, status: int, path: str, **body: Any) -> str:
        answered = await self.api.post(path, json={**body, "wait": PATIENCE})
        assert answered.status_code == status, answered.json()
        found = answered.json()
        return str(found.get("detail") or found.get("error"))

    async def get(self, path: str) -> dict[str, Any]:
        answered = await self.api.get(path)
        assert answered.status_code == 200, answered.json()
        found: dict[str, Any] = answered.json()
        return found

    async def state_of(self, proposal: str, state: str) -> dict[str, Any]:
        """As soon as this node's own copy of the ledger says so."""
        async with asyncio.timeout(PATIENCE):
            while (found := await self.api.get(f"/v1/proposals/{proposal}")).json().get("state") != state:
                await asyncio.sleep(0.05)
        shown: dict[str, Any] = found.json()
        return shown

    async def accredit(self, **keys: str) -> dict[str, Any]:
        return await self.post("/v1/issuers", **accreditation(**keys))


def accreditation(**keys: str) -> dict[str, Any]:
    return {
        "did": BOARD,
        "name": "Board of Nursing",
        "credentialTypes": ["NursingLicence"],
        "validUntil": "2090-01-01T00:00:00Z",
        "admin": f"0x{secrets.token_hex(20)}",
        "operator": f"0x{secrets.token_hex(20)}",
        **keys,
    }
