"""The files of a Besu network: what its first block says is what a receipt is later checked by."""

from __future__ import annotations

import json
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import coincurve
import pytest

from node.keys import read_key
from registry.bindings.addresses import keccak256
from registry.proofs.errors import ProofInvalid
from registry.proofs.headers import Header
from registry.proofs.seals import Consensus, check_seals
from registry.proofs.validators_file import TrustedLedger
from registry.rlp import Item, decode_list, encode
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


def sealed(first_block: dict[str, Any], keys: Sequence[coincurve.PrivateKey]) -> Header:
    """The block after it, committed to by these keys under the validators that it names."""
    *stated, _ = decode_list(bytes.fromhex(first_block["extraData"][2:]))
    digits = [first_block[name][2:] for name in ("difficulty", "gasLimit", "mixHash")]
    difficulty, gas, mix = int(digits[0], 16), int(digits[1], 16), bytes.fromhex(digits[2])
    roots = [bytes(32)] * 2, [bytes(32)] * 3
    before: list[Item] = [*roots[0], bytes(20), *roots[1], bytes(256), difficulty, 1, gas, 0, 1]

    def with_extra(seals: list[bytes]) -> bytes:
        return encode([*before, encode([*stated, seals]), mix, bytes(8)])

    digest = keccak256(with_extra([]))
    return Header.decode(with_extra([key.sign_recoverable(digest, hasher=None) for key in keys]))


def test_a_block_these_keys_seal_is_proved_by_the_validators_file(tmp_path: Path) -> None:
    write_files(tmp_path, new_keys(tmp_path, NAMES))
    contracts = {
        name: f"0x{n:040x}" for n, name in enumerate(("issuerRegistry", "didRegistry", "statusRegistry"))
    }
    path = tmp_path / "validators.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"contracts": contracts}))  # as `deploy` does
    trusted = TrustedLedger.load(path).validators
    first_block = json.loads((tmp_path / "genesis.json").read_text())
    keys = [coincurve.PrivateKey(read_key(tmp_path / "keys" / name)) for name in NAMES]

    assert trusted.quorum == 3
    _, seals = check_seals([sealed(first_block, keys[:3])], trusted)
    assert {seal.validator for seal in seals} <= set(json.loads(path.read_text())["validators"])
    with pytest.raises(ProofInvalid, match="3 are needed"):
        check_seals([sealed(first_block, keys[:2])], trusted)
    with pytest.raises(ProofInvalid, match="which is no validator"):
        check_seals([sealed(first_block, [*keys, coincurve.PrivateKey()])], trusted)


def test_public_keys_are_checked(tmp_path: Path) -> None:
    keys = new_keys(tmp_path, NAMES[:1])
    assert given_keys([f"validator-1=0x{keys['validator-1'].hex()}"]) == keys
    for wrong in ("validator-1", "validator-1=0x12", "validator-1=0x" + "00" * 64, "validator-1=zz"):
        with pytest.raises(Unusable):
            given_keys([wrong])
