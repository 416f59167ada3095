"""Headers of real ledgers: Besu's QBFT and Rinkeby's Clique; and the published vector of IBFT 2.0's hashing."""

from __future__ import annotations

import json
from pathlib import Path

import coincurve
import pytest

from registry.bindings.addresses import checksummed, keccak256
from registry.proofs.errors import ProofInvalid
from registry.proofs.headers import Header, encode_header
from registry.proofs.seals import Consensus, Validators, check_seals, clique_signer, recognised

KEYS_1_TO_4 = frozenset(
    keccak256(coincurve.PrivateKey(n.to_bytes(32, "big")).public_key.format(compressed=False)[1:])[12:]
    for n in range(1, 5)
)


@pytest.fixture
def headers(vectors: Path) -> Path:
    folder = vectors.parent / "studies" / "ledger" / "vectors"
    if not folder.is_dir():
        pytest.skip(f"no published headers at {folder}")
    return folder


def test_besu_qbft(headers: Path) -> None:
    """Block 7,528 of a Besu network: round 1, four validators, three seals."""
    header = Header.decode(bytes.fromhex((headers / "qbft_7528.hex").read_text().strip()))
    validators = frozenset(
        bytes.fromhex(address)
        for address in (
            "647bfdd19655e51e69d35454ff3a92f8828e6302",
            "a5c8416b9d13417b45b45ada76408f39d1e504ef",
            "b92e91f4dcc9d28503be521afa2a8fbf3c1acf60",
            "ee3353e587cfa91625a1adaef308a726de3803d3",
        )
    )
    digest, seals = check_seals([header], Validators(Consensus.QBFT, validators))
    assert header.number == 7528
    assert len({seal.validator for seal in seals}) == 3
    assert recognised(header, digest) is Consensus.QBFT


def test_rinkeby_clique(headers: Path) -> None:
    """Block 30,000, whose extraData lists the signers."""
    header = Header.decode(bytes.fromhex((headers / "clique_30000.hex").read_text().strip()))
    known = bytes.fromhex("8b27a29300811af926039b90288d3d384dcb55931049c17c4f762e45c116776e")
    assert recognised(header, known) is Consensus.CLIQUE
    listed = header.extra_data[32:-65]
    assert clique_signer(header) in {listed[i : i + 20] for i in range(0, len(listed), 20)}


def test_ibft2_vector(headers: Path) -> None:
    vector = json.loads((headers / "qbft_hash.json").read_text())["hash_of_qbft_block_header"]
    block = vector["qbft_block_header"]
    spelt = {name: hex(value) if isinstance(value, int) else value for name, value in block.items()}
    raw = encode_header(
        {**spelt, "sha3Uncles": block["ommersHash"], "miner": block["coinbase"], "nonce": "0x" + "00" * 8}
    )
    header = Header.decode(raw)
    assert recognised(header, bytes.fromhex(vector["on_chain_hash"][2:])) is Consensus.IBFT2
    # Its seals are those of the keys 1 to 4, which the vector's header does not list as validators.
    listed = frozenset(n.to_bytes(20, "big") for n in (1, 2))
    with pytest.raises(ProofInvalid, match="no validator") as refused:
        check_seals([header], Validators(Consensus.IBFT2, listed))
    assert any(checksummed(address) in str(refused.value) for address in KEYS_1_TO_4)
