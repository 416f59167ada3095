"""The files of a Besu network under QBFT: first block, nodes, validators (deploy/besu-qbft/README.md).

    python -m scripts.besu_qbft files FOLDER validator-1=0x… validator-2=0x… …     from public keys
    python -m scripts.besu_qbft files FOLDER --new-keys validator-1 validator-2 …  for a trial on one machine
    python -m scripts.besu_qbft deploy FOLDER --rpc URL --deployer-key FILE --quorum 3 0x… 0x… …

`deploy` puts the contracts on the running network, owned by a council of these governors from the start.
"""

from __future__ import annotations

import argparse
import json
import secrets
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import coincurve

from node.cli.founding import CannotFound, found
from node.keys import KeyFileError, create_secret_file, read_key
from registry.bindings.addresses import checksummed, keccak256
from registry.proofs.registries import Registries
from registry.rlp import encode

CHAIN_ID = 13_372
P2P_PORT = 30_303
GAS_LIMIT = 60_000_000
PERIOD, TIMEOUT, EPOCH = 2, 4, 30_000  # seconds between blocks, until another proposer; blocks between resets
_FORKS = ("berlinBlock", "londonBlock")


class Unusable(Exception):
    """What was given makes no network; the message says why."""


def address_of(public_key: bytes) -> str:
    """Of a validator: the end of the hash of its 64-byte public key."""
    return checksummed(keccak256(public_key)[12:])


def genesis(validators: Sequence[str]) -> dict[str, Any]:
    """The first block. Gas is free: who may send anything at all is the contracts' to say."""
    addresses = sorted(bytes.fromhex(address[2:]) for address in validators)
    extra = encode([bytes(32), addresses, [], 0, []])  # vanity, validators, vote, round, seals
    return {
        "config": {
            "chainId": CHAIN_ID,
            **dict.fromkeys(_FORKS, 0),
            "zeroBaseFee": True,
            "qbft": {
                "blockperiodseconds": PERIOD,
                "requesttimeoutseconds": TIMEOUT,
                "epochlength": EPOCH,
            },
        },
        "nonce": "0x0",
        "timestamp": "0x0",
        "gasLimit": hex(GAS_LIMIT),
        "difficulty": "0x1",
        "mixHash": "0x" + b"ctical byzantine fault tolerance".hex(),  # by which Besu knows QBFT and IBFT blocks
        "coinbase": "0x" + "00" * 20,
        "extraData": "0x" + extra.hex(),
        "alloc": {},
    }


def enode(name: str, public_key: bytes) -> str:
    return f"enode://{public_key.hex()}@{name}:{P2P_PORT}"


def write_files(folder: Path, keys: Mapping[str, bytes]) -> None:
    """`keys`: validators' names, which are their host names too, and public keys. Raises OSError."""
    addresses = [address_of(key) for key in keys.values()]
    enodes = [enode(name, key) for name, key in keys.items()]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "genesis.json").write_text(json.dumps(genesis(addresses), indent=2) + "\n")
    (folder / "static-nodes.json").write_text(json.dumps(enodes, indent=2) + "\n")
    (folder / "permissions.toml").write_text(f"nodes-allowlist={json.dumps(enodes)}\n")
    validators = {"consensus": "qbft", "validators": addresses}
    (folder / "validators.json").write_text(json.dumps(validators, indent=2) + "\n")


def new_keys(folder: Path, names: Sequence[str]) -> dict[str, bytes]:
    """A key file for each validator; one that is there already stays. Raises KeyFileError, OSError."""
    found = {}
    for name in names:
        path = folder / "keys" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            create_secret_file(path, secrets.token_hex(32) + "\n")
        key = coincurve.PrivateKey(read_key(path))
        found[name] = key.public_key.format(compressed=False)[1:]
    return found


def given_keys(given: Sequence[str]) -> dict[str, bytes]:
    """Of NAME=PUBLICKEY. Raises Unusable."""
    found = {}
    for one in given:
        name, _, digits = one.partition("=")
        try:
            key = bytes.fromhex(digits.removeprefix("0x"))
            coincurve.PublicKey(b"\x04" + key)
        except ValueError as error:
            raise Unusable(f"{one!r} is not a name and a public key of 64 bytes in hex") from error
        found[name] = key
    return found


def deploy(folder: Path, rpc: str, deployer_key: Path, governors: tuple[str, ...], quorum: int) -> None:
    """The contracts; then the network file, and the contracts in the validators file.

    Raises CannotFound, OSError.
    """
    network = found(rpc, deployer_key, governors, quorum)
    network.save(folder / "network.json")
    path = folder / "validators.json"
    validators = json.loads(path.read_text()) | {"contracts": Registries.of(network.contracts).to_json()}
    path.write_text(json.dumps(validators, indent=2) + "\n")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    files = commands.add_parser("files")
    files.add_argument("folder", type=Path)
    files.add_argument("--new-keys", action="store_true")
    files.add_argument("validators", nargs="+")
    deploying = commands.add_parser("deploy")
    deploying.add_argument("folder", type=Path)
    deploying.add_argument("--rpc", required=True)
    deploying.add_argument("--deployer-key", type=Path, required=True)
    deploying.add_argument("--quorum", type=int, required=True)
    deploying.add_argument("governors", nargs="+")
    asked = parser.parse_args()
    try:
        if asked.command == "files":
            if len(set(asked.validators)) < 4:
                raise Unusable("QBFT outlasts the loss of one validator from four on: name four at least")
            keys = new_keys(asked.folder, asked.validators) if asked.new_keys else given_keys(asked.validators)
            write_files(asked.folder, keys)
        else:
            deploy(asked.folder, asked.rpc, asked.deployer_key, tuple(asked.governors), asked.quorum)
    except (Unusable, KeyFileError, OSError, ValueError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except CannotFound as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
