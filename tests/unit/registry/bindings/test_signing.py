"""Digests compared with eth-account's EIP-712."""

from __future__ import annotations

from typing import Any

import pytest

from registry.bindings import signing
from registry.bindings.addresses import checksummed, keccak256
from registry.bindings.status_registry import StatusUpdate

CONTRACT = checksummed(b"\x11" * 20)
OLD, NEW = checksummed(b"\x22" * 20), checksummed(b"\x33" * 20)
UPDATE = StatusUpdate(b"\1" * 32, 7, b"\2" * 32, 1_750_000_000, b"\x05\x06")


def independent(name: str, kind: str, members: list[tuple[str, str, Any]]) -> bytes:
    from eth_account.messages import _hash_eip191_message, encode_typed_data

    message = encode_typed_data(
        domain_data={"name": name, "version": "1", "chainId": 1337, "verifyingContract": CONTRACT},
        message_types={kind: [{"name": member, "type": type_} for member, type_, _ in members]},
        message_data={member: value for member, _, value in members},
    )
    return bytes(_hash_eip191_message(message))


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_status_update() -> None:
    members = [
        ("listId", "bytes32", UPDATE.list_id),
        ("seq", "uint64", UPDATE.seq),
        ("prevHead", "bytes32", b"\4" * 32),
        ("deltaHash", "bytes32", keccak256(UPDATE.delta)),
        ("root", "bytes32", UPDATE.root),
        ("effectiveAt", "uint48", UPDATE.effective_at),
        ("deadline", "uint64", 99),
    ]
    ours = signing.status_update(UPDATE, prev_head=b"\4" * 32, deadline=99, chain_id=1337, contract=CONTRACT)
    assert ours == independent("StatusRegistry", "StatusUpdate", members)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_pin_did_document() -> None:
    members = [
        ("didHash", "bytes32", keccak256(b"did:web:x")),
        ("version", "uint32", 3),
        ("prevHead", "bytes32", b"\4" * 32),
        ("documentHash", "bytes32", keccak256(b"{}")),
        ("deadline", "uint64", 99),
    ]
    ours = signing.pin_did_document(
        "did:web:x", 3, b"{}", prev_head=b"\4" * 32, deadline=99, chain_id=1337, contract=CONTRACT
    )
    assert ours == independent("DidRegistry", "PinDidDocument", members)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_rotate_operator() -> None:
    members = [
        ("issuerId", "uint32", 2),
        ("oldOperator", "address", OLD),
        ("newOperator", "address", NEW),
        ("nonce", "uint64", 5),
        ("deadline", "uint64", 99),
    ]
    ours = signing.rotate_operator(2, OLD, NEW, nonce=5, deadline=99, chain_id=1337, contract=CONTRACT)
    assert ours == independent("IssuerRegistry", "RotateOperator", members)
