"""Three organisations, a node each, on one ledger: two of three decide."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest

from node.api.app import create_app
from node.settings import Settings, digest_of
from node.wiring import open_node
from registry.bindings.deployment import Founding
from registry.chain import Ledger
from registry.embedded.ledger import EmbeddedLedger
from registry.publisher.deployment import deploy_contracts
from registry.publisher.signer import LocalSigner
from tests.integration.node.api.organisations import BOARD, KEY, PATIENCE, Organisation


@pytest.fixture
async def consortium(anvil_binary: Path, tmp_path: Path) -> AsyncIterator[list[Organisation]]:
    signers = [LocalSigner(secrets.token_bytes(32)) for _ in range(3)]
    async with contextlib.AsyncExitStack() as stack:
        embedded = await stack.enter_async_context(EmbeddedLedger(tmp_path / "ledger", heartbeat=0.5))
        ledger = await Ledger.connect(embedded.url)
        stack.push_async_callback(ledger.close)
        founding = Founding(tuple(signer.address for signer in signers), 2)
        network = await deploy_contracts(ledger, embedded.governor, founding)
        network.save(tmp_path / "network.json")
        found = []
        for number, signer in enumerate(signers):
            key_file = tmp_path / f"governor-{number}.key"
            key_file.touch(mode=0o600)
            key_file.write_text(signer._key.to_hex())
            settings = Settings(
                data_dir=tmp_path / f"node-{number}",
                ledger="external",
                network_file=tmp_path / "network.json",
                rpc_urls=(embedded.url,),
                governor_key_file=key_file,
                api_keys_sha256=frozenset({digest_of(KEY)}),
                issuer_did=BOARD if number == 1 else "",
            )
            node = await stack.enter_async_context(open_node(settings))
            api = httpx2.AsyncClient(
                transport=httpx2.ASGITransport(create_app(node)),
                base_url="http://node",
                headers={"x-api-key": KEY},
                timeout=2 * PATIENCE,
            )
            await stack.enter_async_context(api)
            found.append(Organisation(node, api, signer.address))
        yield found
