"""deploy/besu-qbft, as far as it can be checked without Besu: its parts name each other rightly."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml

from node.settings import Settings
from scripts.besu_qbft import P2P_PORT, enode, new_keys, write_files

ROOT = Path(__file__).parents[3]
DEPLOY = ROOT / "deploy" / "besu-qbft"
README = (DEPLOY / "README.md").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
SERVICES: dict[str, Any] = COMPOSE["services"]
NAMES = [f"validator-{n}" for n in range(1, 5)]
NODES = [f"node-{n}" for n in range(1, 5)]
HTTP_PORT = 8545  # Besu's own choice, as that of its peers' port is 30303: no option says otherwise


def options(service: str) -> dict[str, str]:
    return dict(one.removeprefix("--").partition("=")[::2] for one in SERVICES[service]["command"])


def mounts(service: str) -> dict[str, str]:
    """What lies where: inside the container, outside."""
    return {parts[1]: parts[0] for parts in (one.split(":") for one in SERVICES[service]["volumes"])}


def test_the_trial_writes_every_file_that_a_validator_is_started_with(tmp_path: Path) -> None:
    """By the names that the README's command gives them."""
    (command,) = re.findall(r"files deploy/besu-qbft/network --new-keys (.+)", README)
    assert command.split() == NAMES
    network = tmp_path / "network"
    write_files(network, new_keys(network, NAMES))
    for name in NAMES:
        inside = mounts(name)
        for option in (
            "genesis-file",
            "node-private-key-file",
            "static-nodes-file",
            "permissions-nodes-config-file",
        ):
            path = options(name)[option]
            (folder,) = [one for one in inside if path == one or path.startswith(one + "/")]
            assert (tmp_path / inside[folder] / path.removeprefix(folder).lstrip("/")).is_file(), path
        assert inside["/key"] == f"./network/keys/{name}"
        assert inside[options(name)["data-path"]] in COMPOSE["volumes"]


def test_validators_find_each_other_by_their_service_s_name() -> None:
    assert [service for service in SERVICES if service not in NODES] == NAMES
    for name in NAMES:
        assert enode(name, bytes(64)).endswith(f"@{name}:{P2P_PORT}")
        assert options(name)["Xdns-enabled"] == "true"  # else Besu takes no names for addresses
        assert options(name)["discovery-enabled"] == "false"
        assert not {"p2p-port", "rpc-http-port"} & options(name).keys()


def test_each_node_asks_a_validator_of_its_own() -> None:
    asked = [SERVICES[node]["environment"]["GOODSTANDING_RPC_URLS"] for node in NODES]
    assert asked == [f"http://{name}:{HTTP_PORT}" for name in NAMES]


def test_a_node_is_set_up_as_the_settings_are_called(monkeypatch: pytest.MonkeyPatch) -> None:
    for node in NODES:
        for name, value in SERVICES[node]["environment"].items():
            monkeypatch.setenv(name, value)
        settings = Settings()
        assert {f"GOODSTANDING_{name.upper()}" for name in settings.model_fields_set} == set(
            SERVICES[node]["environment"]
        )
        assert (settings.ledger, settings.finality, settings.host) == ("external", "instant", "0.0.0.0")
        assert mounts(node)[str(settings.data_dir)] in COMPOSE["volumes"]
        # where `deploy` puts it
        assert (str(settings.network_file), mounts(node)["/network"]) == ("/network/network.json", "./network")


def test_what_is_open_is_open_to_this_machine_alone() -> None:
    ports = {name: one.split(":") for name, it in SERVICES.items() for one in it.get("ports", ())}
    assert {host for host, _, _ in ports.values()} == {"127.0.0.1"}
    assert len({outside for _, outside, _ in ports.values()}) == len(ports)
    assert {name: int(inside) for name, (_, _, inside) in ports.items()} == {
        "validator-1": HTTP_PORT,
        **dict.fromkeys(NODES, Settings.model_fields["port"].default),
    }


def test_the_image_is_made_of_what_is_there() -> None:
    build = SERVICES["node-1"]["build"]
    assert (DEPLOY / build["context"]).resolve() == ROOT
    lines = (ROOT / build["dockerfile"]).read_text(encoding="utf-8").splitlines()
    copied = [shlex.split(line)[1:-1] for line in lines if line.startswith("COPY ")]
    assert all((ROOT / one).exists() for some in copied for one in some)
    assert f"EXPOSE {Settings.model_fields['port'].default}" in lines
