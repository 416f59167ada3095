"""One embedded ledger for all tests that do not kill it; they use issuers and lists of their own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from registry.embedded.anvil import find_anvil
from registry.embedded.errors import AnvilMissing
from tests.simulators.embedded_process import EmbeddedProcess


@pytest.fixture(scope="session")
def anvil() -> None:
    try:
        find_anvil()
    except AnvilMissing as error:
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def embedded(anvil: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedProcess]:
    running = EmbeddedProcess(tmp_path_factory.mktemp("ledger") / "state", "--heartbeat", "0.5")
    yield running
    assert running.terminate() == 0
