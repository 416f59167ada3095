"""`scripts.besu_qbft deploy`, on another ledger than Besu's: what participants and auditors are handed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from node.keys import create_secret_file
from registry.network_file import NetworkFile
from registry.proofs.registries import Registries
from registry.proofs.seals import Consensus
from registry.proofs.validators_file import TrustedLedger
from tests.simulators.embedded_process import EmbeddedProcess

NAMES = [f"validator-{n}" for n in range(1, 5)]
GOVERNORS = [f"0x{digit * 40}" for digit in "1234"]


def besu_qbft(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "scripts.besu_qbft", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_the_network_file_and_the_validators_file_name_the_contracts(
    embedded: EmbeddedProcess, tmp_path: Path
) -> None:
    network, key = tmp_path / "network", tmp_path / "deployer.key"
    create_secret_file(key, "11" * 32)
    made = besu_qbft("files", str(network), "--new-keys", *NAMES)
    assert made.returncode == 0, made.stderr
    asked = ["deploy", str(network), "--rpc", embedded.url, "--deployer-key", str(key)]

    refused = besu_qbft(*asked, "--quorum", "2", *GOVERNORS)
    assert (refused.returncode, (network / "network.json").exists()) == (1, False)
    assert "a quorum of 4 is 3 to 4" in refused.stderr

    done = besu_qbft(*asked, "--quorum", "3", *GOVERNORS)
    assert done.returncode == 0, done.stderr
    found = NetworkFile.load(network / "network.json")
    assert found.rpc_urls == (embedded.url,)
    assert found.genesis_hash == embedded.network.genesis_hash
    trusted = TrustedLedger.load(network / "validators.json")
    assert trusted.contracts == Registries.of(found.contracts)
    assert trusted.validators.consensus is Consensus.QBFT
    assert (
        len(trusted.validators.addresses)
        == len(NAMES)
        == len(json.loads((network / "static-nodes.json").read_text()))
    )
