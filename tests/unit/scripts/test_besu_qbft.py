"""The files of a Besu network: what its first block says is what a receipt is later checked by."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from registry.proofs.seals import Consensus
from registry.rlp import decode_list
from scripts.besu_qbft import Unusable, address_of, enode, genesis, given_keys, new_keys, write_files

NAMES = [f"validator-{n}" for n in range(1, 5)]


def test_the_first_block_names_the_validators_in_order() -> None:
    addresses = [f"0x{n:040x}" for n in (4, 2, 3, 1)]
    block = genesis(addresses)
    vanity, validators, vote, round_number, seals = decode_list(bytes.fromhex(block["extraData"][2:]))
    assert validators == [n.to_bytes(20, "big") for n in range(1, 5)]
    assert (vanity, vote, round_number, seals) == (bytes(32), [], b"", [])


def test_the_published_example() -> None:
    """The validators of the real Besu header in tests/vectors/registry, as its extraData begins."""
    addresses = [
        "0x647bfdd19655e51e69d35454ff3a92f8828e6302",
        "0xa5c8416b9d13417b45b45ada76408f39d1e504ef",
        "0xb92e91f4dcc9d28503be521afa2a8fbf3c1acf60",
        "0xee3353e587cfa91625a1adaef308a726de3803d3",
    ]
    extra = genesis(addresses)["extraData"]
    assert extra.startswith("0xf87aa0" + "00" * 32 + "f85494647bfdd1")
    assert extra.endswith("c080c0")


def test_keys_files_and_permissions_belong_together(tmp_path: Path) -> None:
    keys = new_keys(tmp_path, NAMES)
    assert new_keys(tmp_path, NAMES) == keys  # those that are there stay
    assert stat.S_IMODE((tmp_path / "keys" / NAMES[0]).stat().st_mode) == 0o600
    write_files(tmp_path, keys)
    nodes = json.loads((tmp_path / "static-nodes.json").read_text())
    assert nodes == [enode(name, key) for name, key in keys.items()]
    assert (tmp_path / "permissions.toml").read_text() == f"nodes-allowlist={json.dumps(nodes)}\n"
    validators = json.loads((tmp_path / "validators.json").read_text())
    assert validators["validators"] == [address_of(key) for key in keys.values()]
    assert Consensus(validators["consensus"]) is Consensus.QBFT


def test_public_keys_are_checked(tmp_path: Path) -> None:
    keys = new_keys(tmp_path, NAMES[:1])
    assert given_keys([f"validator-1=0x{keys['validator-1'].hex()}"]) == keys
    for wrong in ("validator-1", "validator-1=0x12", "validator-1=0x" + "00" * 64, "validator-1=zz"):
        with pytest.raises(Unusable):
            given_keys([wrong])
