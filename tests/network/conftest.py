"""One network for all tests of this tier: four signers, two followers, our contracts; left whole by each."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from registry.bindings.deployment import Founding
from registry.chain import Finality, Ledger
from registry.network_file import NetworkFile
from registry.publisher.deployment import deploy_contracts
from registry.publisher.signer import LocalSigner
from scripts.devnet.geth import GethMissing, find_geth
from scripts.devnet.network import Devnet, running
from tests.network.participants import BOARDS, Consortium


@pytest.fixture(scope="session")
def consortium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Consortium]:
    try:
        geth = find_geth()
    except GethMissing as error:
        pytest.skip(str(error))
    governor = LocalSigner(secrets.token_bytes(32))
    keys = [(LocalSigner(secrets.token_bytes(32)), LocalSigner(secrets.token_bytes(32))) for _ in range(BOARDS)]
    devnet = Devnet(
        geth,
        tmp_path_factory.mktemp("devnet"),
        secrets=[secrets.token_bytes(32) for _ in range(4)],
        funded=[governor.address, *(key.address for pair in keys for key in pair)],
    )
    with running(devnet):
        yield Consortium(devnet, governor, asyncio.run(_deployed(devnet, governor)), iter(keys))


async def _deployed(devnet: Devnet, governor: LocalSigner) -> NetworkFile:
    ledger = Ledger(devnet.followers[0].url, finality=Finality.confirmations(2))
    try:
        return await deploy_contracts(ledger, governor, Founding.alone(governor.address))
    finally:
        await ledger.close()


@pytest.fixture
def whole(consortium: Consortium) -> Iterator[Consortium]:
    """The network, and after the test the network mended: all run, all linked, blocks come."""
    yield consortium
    consortium.mend()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path
