"""`goodstanding ledger deploy`: a council of several from the first block on; and the devnet's."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from node.cli.main import app
from registry.bindings.council import Council
from registry.chain import Ledger
from registry.embedded.ledger import EmbeddedLedger
from registry.network_file import NetworkFile
from scripts.devnet import consortium

GOVERNORS = tuple(f"0x{digit * 40}" for digit in "123")


@pytest.fixture
async def url(anvil_binary: Path, tmp_path: Path) -> AsyncIterator[str]:
    async with EmbeddedLedger(tmp_path / "ledger", heartbeat=0.5) as ledger:
        yield ledger.url


async def council_of(url: str, network: NetworkFile) -> tuple[tuple[str, ...], int, int]:
    """Governors, quorum, and the seconds until a contract gets a successor."""
    ledger = await Ledger.connect(url)
    try:
        council = Council(network.contracts.council, ledger.call)
        _, delay = await council.rule_of(network.contracts.directory, bytes(4), "latest")
        return await council.governors("latest"), await council.quorum("latest"), delay
    finally:
        await ledger.close()


async def deploy(*arguments: str) -> Result:
    return await asyncio.to_thread(CliRunner().invoke, app, ["ledger", "deploy", *arguments])


async def test_three_governors_from_the_start(url: str, tmp_path: Path) -> None:
    key, out = tmp_path / "deployer.key", tmp_path / "network.json"
    key.touch(mode=0o600)
    key.write_text(secrets.token_hex(32))
    asked = ["--rpc", url, "--deployer-key", str(key), "--out", str(out), "--governors", ",".join(GOVERNORS)]

    refused = await deploy(*asked, "--quorum", "1")
    assert refused.exit_code == 2 and "a quorum of 3 is 2 to 3" in refused.stderr
    assert not out.exists()
    done = await deploy(*asked, "--quorum", "2", "--directory-delay", "3600")
    assert done.exit_code == 0, done.stderr
    network = NetworkFile.load(out)
    assert network.rpc_urls == (url,)
    assert await council_of(url, network) == (GOVERNORS, 2, 3600)

    written = out.read_bytes()
    again = await deploy(*asked, "--quorum", "2")
    assert again.exit_code == 2 and "exists" in again.stderr
    assert out.read_bytes() == written


async def test_the_devnet_is_governed_by_two_of_three(url: str, tmp_path: Path) -> None:
    governors = [consortium.new_governor(tmp_path / name) for name in consortium.ORGANISATIONS]
    network = await asyncio.to_thread(consortium.deploy, tmp_path, url, "instant")
    found, quorum, _ = await council_of(url, network)
    assert (set(found), quorum) == (set(governors), 2)
