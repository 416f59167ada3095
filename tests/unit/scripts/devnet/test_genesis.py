"""The first block of a Clique network (EIP-225): signers ascending, between vanity and an empty seal."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.devnet import geth
from scripts.devnet.genesis import clique_genesis


def test_signers_and_accounts() -> None:
    signers, funded = [f"0x{n:040x}" for n in (3, 1, 2)], [f"0x{9:040X}".replace("X", "x")]
    block = clique_genesis(signers, funded, period=2)
    extra = bytes.fromhex(block["extraData"][2:])
    assert extra == bytes(32) + b"".join(n.to_bytes(20, "big") for n in (1, 2, 3)) + bytes(65)
    assert set(block["alloc"]) == {f"{n:040x}" for n in (1, 2, 3, 9)}
    assert block["config"]["clique"]["period"] == 2
    assert "shanghaiTime" not in block["config"]  # Clique would never make a block


def test_geth_is_the_one_named_the_one_built_or_missed_in_words(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GOODSTANDING_GETH", "/somewhere/geth")
    assert geth.find_geth() == Path("/somewhere/geth")
    monkeypatch.delenv("GOODSTANDING_GETH")
    monkeypatch.setattr(geth, "CACHE", tmp_path)
    with pytest.raises(geth.GethMissing, match="builds it"):
        geth.find_geth()
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(geth.GethMissing, match="no Go toolchain"):
        geth.find_geth(build=True)
    (tmp_path / "geth").touch()
    assert geth.find_geth() == tmp_path / "geth"
