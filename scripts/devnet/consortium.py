"""Three organisations' nodes on one shared network: a registrar, a board, a hospital; two of them decide."""

from __future__ import annotations

import json
import secrets
import shlex
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from node.cli.client import ApiProblem, NodeClient
from node.cli.demo.processes import Process, wait_until
from node.cli.founding import found
from node.keys import KeyName, KeyStore, read_key
from registry.free_ports import free_port
from registry.network_file import NetworkFile
from registry.proofs.registries import Registries
from registry.publisher.signer import LocalSigner
from scripts.devnet.network import Devnet

REGISTRAR, BOARD, HOSPITAL = "registrar", "board", "hospital"
ORGANISATIONS = (REGISTRAR, BOARD, HOSPITAL)
BOARD_DID = "did:web:board.example"
GOVERNOR_KEY = "governor.key"  # in each organisation's folder
QUORUM = 2  # of the three
COMMANDS = "organisations.sh"  # a shell's words for each organisation
VALIDATORS = "validators.json"  # where blocks are sealed
PORT = 8701  # of the first node, if it is free
CONFIRMATIONS = 2  # of four signers: a majority stands for what is final


def ledger_keys(folder: Path) -> list[str]:
    """The addresses by which an organisation acts on the ledger, made where there are none."""
    store = KeyStore(folder / "keys")
    return [LocalSigner(store.open(name)).address for name in (KeyName.ADMIN, KeyName.OPERATOR)]


def new_governor(folder: Path) -> str:
    """The address of an organisation's own governor key, kept in a file that it alone may read."""
    secret = secrets.token_bytes(32)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / GOVERNOR_KEY
    path.touch(mode=0o600)
    path.write_text(secret.hex() + "\n")
    return LocalSigner(secret).address


def deploy(folder: Path, rpc_url: str, finality: str) -> NetworkFile:
    """The contracts, owned by a council of all organisations, two of three. Raises CannotFound.

    The registrar pays, and has no more part in them than the others.
    """
    governors = tuple(LocalSigner(read_key(folder / name / GOVERNOR_KEY)).address for name in ORGANISATIONS)
    return found(rpc_url, folder / REGISTRAR / GOVERNOR_KEY, governors, QUORUM, finality=finality)


def write_files(folder: Path, network: NetworkFile, devnet: Devnet) -> None:
    """What each participant is handed, and what an auditor is."""
    network.save(folder / "network.json")
    members: dict[str, Any] = {
        "consensus": "clique",
        "validators": devnet.signer_addresses,
        "contracts": Registries.of(network.contracts).to_json(),
    }
    (folder / VALIDATORS).write_text(json.dumps(members, indent=2) + "\n")


@dataclass
class Organisation:
    """One node, and a line to it."""

    name: str
    folder: Path
    url: str
    process: Process

    def is_ready(self) -> bool:
        client = NodeClient(self.url, "", timeout=2)
        try:
            return bool(client.get("/health/ready")["status"] == "ready")
        except ApiProblem:
            return False
        finally:
            client.close()


def organisations(folder: Path, rpc_urls: list[str], finality: str) -> list[Organisation]:
    """Each at a follower of its own, as far as there are followers. Not started yet."""
    members = []
    for place, name in enumerate(ORGANISATIONS):
        port = free_port(PORT + place)
        environment = {
            "GOODSTANDING_DATA_DIR": str(folder / name),
            "GOODSTANDING_PORT": str(port),
            "GOODSTANDING_LEDGER": "external",
            "GOODSTANDING_NETWORK_FILE": str(folder / "network.json"),
            "GOODSTANDING_RPC_URLS": rpc_urls[place % len(rpc_urls)],
            "GOODSTANDING_FINALITY": finality,
            "GOODSTANDING_GOVERNOR_KEY_FILE": str(folder / name / GOVERNOR_KEY),
        }
        if (folder / VALIDATORS).exists():
            environment["GOODSTANDING_VALIDATORS_FILE"] = str(folder / VALIDATORS)
        if name == BOARD:
            environment["GOODSTANDING_ISSUER_DID"] = BOARD_DID
            environment["GOODSTANDING_PUBLIC_URL"] = "http://127.0.0.1:8700"  # as the examples in docs/ have it
        process = Process(f"the {name}'s node", ["serve"], environment, folder / f"{name}.log")
        members.append(Organisation(name, folder / name, f"http://127.0.0.1:{port}", process))
    return members


def write_commands(folder: Path, members: list[Organisation]) -> None:
    """For a shell: `board list create x` is `goodstanding list create x` at the board's node, with its keys."""
    lines = [
        f"{one.name}() {{ GOODSTANDING_DATA_DIR={shlex.quote(str(one.folder))}"
        f' GOODSTANDING_NODE={one.url} goodstanding "$@"; }}\n'
        for one in members
    ]
    (folder / COMMANDS).write_text("".join(lines))


def start(all_of_them: list[Organisation]) -> None:
    """Until each is ready. Raises ProcessFailed."""
    for one in all_of_them:
        one.process.start()
    for one in all_of_them:
        wait_until(f"{one.process.name} gets ready", one.is_ready, [one.process], 120)


def with_urls(network: NetworkFile, devnet: Devnet) -> NetworkFile:
    return replace(
        network,
        rpc_urls=tuple(node.url for node in devnet.followers),
        ws_urls=tuple(node.ws_url for node in devnet.followers),
    )
