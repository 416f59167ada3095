"""What a node finds when it starts: each mistake has its own message, and none is worked around silently."""

from __future__ import annotations

import contextlib
import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest

from node.errors import NotConfigured
from node.keys import KeyFileError
from node.settings import Settings, digest_of
from node.startup import (
    contexts_of,
    endpoints_of,
    ledger_of,
    network_of,
    only_process_in,
    schemas_of,
    stay_on_one_ledger,
    type_metadata_of,
    validators_of,
    with_api_key,
)
from registry.bindings.addresses import ContractAddresses
from registry.network_file import NetworkFile

NETWORK = NetworkFile(
    chain_id=7,
    genesis_hash=bytes(32),
    rpc_urls=("http://ledger.example",),
    contracts=ContractAddresses(*(f"0x{digit * 40}" for digit in "123456")),
    first_block=0,
)


def test_an_api_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    settings = with_api_key(Settings(data_dir=tmp_path))
    path = tmp_path / "api-key"
    assert path.stat().st_mode & 0o777 == 0o600
    assert settings.api_keys_sha256 == {digest_of(path.read_text().strip())}
    assert with_api_key(Settings(data_dir=tmp_path)) == settings


@pytest.mark.parametrize(
    "name",
    [
        "CONTEXTS_DIR",
        "SCHEMAS_DIR",
        "TYPES_DIR",
        "VALIDATORS_FILE",
        "NETWORK_FILE",
        "GOVERNOR_KEY_FILE",
        "WEBHOOKS",
    ],
)
async def test_what_a_setting_names_and_is_not_there_is_told_with_its_name(tmp_path: Path, name: str) -> None:
    nowhere = str(tmp_path / "nowhere")
    NETWORK.save(tmp_path / "network.json")
    given = {
        "ledger": "external",
        "network_file": str(tmp_path / "network.json"),
        name.lower(): [{"url": "http://hr.example", "secret": "s" * 16}] if name == "WEBHOOKS" else nowhere,
    }
    settings = Settings(**given)
    with pytest.raises(NotConfigured, match=f"^GOODSTANDING_{name}: "):
        for open_it in (contexts_of, schemas_of, type_metadata_of, validators_of, endpoints_of):
            open_it(settings)
        async with contextlib.AsyncExitStack() as stack:
            await network_of(settings, stack)


def test_a_folder_that_is_none_is_told_with_its_setting(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(NotConfigured, match=r"^GOODSTANDING_DATA_DIR: .*/file: File exists"):
        only_process_in(tmp_path / "file").__enter__()


@pytest.mark.parametrize("content", ["", "\n"])
def test_an_empty_api_key_is_none(tmp_path: Path, content: str) -> None:
    """As a full disk leaves one: taken for a key, it would let in whoever sends nothing."""
    path = tmp_path / "api-key"
    path.write_text(content)
    path.chmod(0o600)
    with pytest.raises(NotConfigured, match="empty"):
        with_api_key(Settings(data_dir=tmp_path))


def test_an_api_key_others_can_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "api-key"
    path.write_text("secret")
    path.chmod(0o644)
    with pytest.raises(KeyFileError, match="chmod 600"):
        with_api_key(Settings(data_dir=tmp_path))


@pytest.mark.parametrize("url", ["http://[", "127.0.0.1:8545", "ws://a:1", "http://", "http://a:99999", "x"])
def test_what_is_no_address_of_a_ledger(url: str) -> None:
    with pytest.raises(NotConfigured, match="address of a ledger"):
        ledger_of(Settings(rpc_urls=(url,)), NETWORK)


def test_a_folder_stays_with_its_ledger(tmp_path: Path) -> None:
    stay_on_one_ledger(tmp_path, NETWORK)
    stay_on_one_ledger(tmp_path, replace(NETWORK, rpc_urls=("http://other.example",), first_block=9))
    others = replace(NETWORK.contracts, issuer_registry="0x" + "44" * 20)
    for other in (
        replace(NETWORK, chain_id=8),
        replace(NETWORK, genesis_hash=bytes([1]) * 32),
        replace(NETWORK, contracts=others),
    ):
        with pytest.raises(NotConfigured, match="another ledger"):
            stay_on_one_ledger(tmp_path, other)


def pinned(folder: Path, raw: bytes) -> Path:
    """A folder with one file in it."""
    entry = {"file": "a.json", "sha256": hashlib.sha256(raw).hexdigest()}
    (folder / "a.json").write_bytes(raw)
    (folder / "index.json").write_text(json.dumps({"https://board.example/a": entry}))
    return folder


def test_schemas_and_contexts_come_from_their_folders(tmp_path: Path) -> None:
    folder = pinned(tmp_path, b'{"@context": {"licence": "https://board.example/vocabulary#licence"}}')
    assert contexts_of(Settings(contexts_dir=folder)).document("https://board.example/a")
    assert schemas_of(Settings(schemas_dir=folder)).get("https://board.example/a")


@pytest.mark.parametrize("raw", [b"{", b"[]", b'{"type": "nothing"}'])
def test_what_is_neither_stops_the_node(tmp_path: Path, raw: bytes) -> None:
    folder = pinned(tmp_path, raw)
    with pytest.raises(NotConfigured):
        contexts_of(Settings(contexts_dir=folder))
    with pytest.raises(NotConfigured):
        schemas_of(Settings(schemas_dir=folder))


def test_validators_come_from_their_file(tmp_path: Path) -> None:
    assert validators_of(Settings()) is None
    path = tmp_path / "validators.json"
    contracts = dict.fromkeys(("issuerRegistry", "didRegistry", "statusRegistry"), "0x" + "44" * 20)
    members = {"consensus": "qbft", "validators": ["0x" + "55" * 20], "contracts": contracts}
    path.write_text(json.dumps(members))
    found = validators_of(Settings(validators_file=path))
    assert found is not None and found.addresses == {bytes([0x55]) * 20}
    path.write_text(json.dumps(members | {"validators": ["55"]}))
    with pytest.raises(NotConfigured, match="GOODSTANDING_VALIDATORS_FILE"):
        validators_of(Settings(validators_file=path))
    with pytest.raises(NotConfigured, match="GOODSTANDING_VALIDATORS_FILE"):
        validators_of(Settings(validators_file=tmp_path / "none"))
