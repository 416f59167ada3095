"""A node with two addresses of its ledger, of which one is killed, then the other."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

import httpx2
import pytest

from node.api.app import create_app
from node.settings import Settings, digest_of
from node.wiring import open_node
from tests.simulators.embedded_process import EmbeddedProcess
from tests.simulators.relay import Relay

PATIENCE = 60


async def test_another_address_takes_over_and_is_named_without_its_secret(
    tmp_path: Path, embedded: EmbeddedProcess, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    embedded.network.save(tmp_path / "network.json")
    told: list[str] = []
    with Relay(embedded.port) as first, Relay(embedded.port) as second:
        settings = Settings(
            data_dir=tmp_path / "node",
            ledger="external",
            network_file=tmp_path / "network.json",
            rpc_urls=(first.url, second.url),
            api_keys_sha256=frozenset({digest_of("key")}),
        )
        async with open_node(settings) as node:
            transport = httpx2.ASGITransport(create_app(node))
            async with httpx2.AsyncClient(transport=transport, base_url="http://node") as api:

                async def in_use(place: int, failovers: int) -> None:
                    """And the replica goes on from there."""
                    wanted = {"inUse": place, "of": 2, "failovers": failovers}
                    before = (await api.get("/v1/ledger")).json()["replicatedTo"]
                    async with asyncio.timeout(PATIENCE):
                        while True:
                            found = (await api.get("/v1/ledger")).json()
                            if found["address"] == wanted and (found["replicatedTo"] or 0) > (before or 0):
                                break
                            await asyncio.sleep(0.05)
                    metrics = (await api.get("/metrics")).text
                    assert f"goodstanding_ledger_address {place}.0" in metrics
                    assert "goodstanding_ledger_addresses 2.0" in metrics
                    assert f"goodstanding_ledger_failovers_total {failovers}.0" in metrics
                    told.extend([metrics, str(found), (await api.get("/health/ready")).text])

                await in_use(1, 0)
                first.kill()
                await in_use(2, 1)
                first.start()
                second.kill()
                await in_use(1, 2)
                second.start()
    assert not any(secret in text for text in [*told, caplog.text] for secret in ("secret-key", "pass-word"))
