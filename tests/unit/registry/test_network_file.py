"""The network file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from registry.bindings.addresses import ContractAddresses, checksummed
from registry.network_file import MAX_BYTES, NetworkFile, NetworkFileInvalid

NETWORK = NetworkFile(
    chain_id=31337,
    genesis_hash=bytes(range(32)),
    rpc_urls=("http://127.0.0.1:8545",),
    contracts=ContractAddresses(*(checksummed(bytes([n]) * 20) for n in range(1, 7))),
    first_block=4,
    ws_urls=("ws://127.0.0.1:8545",),
)


def test_what_was_saved_is_loaded(tmp_path: Path) -> None:
    path = tmp_path / "network.json"
    NETWORK.save(path)
    NETWORK.save(path)
    assert NetworkFile.load(path) == NETWORK
    assert [p.name for p in tmp_path.iterdir()] == ["network.json"]


@pytest.mark.parametrize(
    "change",
    [
        {"format": 1},
        {"format": 3},
        {"format": None},
        {"chainId": "x"},
        {"genesisHash": "0x00"},
        {"genesisHash": 5},
        {"contracts": {}},
        {"contracts": None},
        {"rpcUrls": 5},
    ],
)
def test_anything_else_is_refused(tmp_path: Path, change: dict[str, object]) -> None:
    path = tmp_path / "network.json"
    NETWORK.save(path)
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(NetworkFileInvalid):
        NetworkFile.load(path)


@pytest.mark.parametrize("content", [b"", b"[]", b"null", b"[" * 50_000, b" " * (MAX_BYTES + 1), b"\xff"])
def test_no_json_object_at_all(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "network.json"
    path.write_bytes(content)
    with pytest.raises(NetworkFileInvalid):
        NetworkFile.load(path)
