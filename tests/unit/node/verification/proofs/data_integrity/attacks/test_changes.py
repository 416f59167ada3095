"""Changes after signing: of a value, of a byte, of a member that goes."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from node.verification.proofs.data_integrity.data_integrity import DataIntegrity
from node.verification.refusals import Refused
from tests.simulators.checked import check
from tests.simulators.signers import fixture, licence
from tests.unit.node.verification.proofs.data_integrity.attacks.signed import BOARD, SIGNERS, sign


def leaves(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if isinstance(value, dict):
        return [leaf for key, item in value.items() for leaf in leaves(item, (*path, key))]
    if isinstance(value, list):
        return [leaf for index, item in enumerate(value) for leaf in leaves(item, (*path, index))]
    return [path]


def altered(value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    if isinstance(value, str):
        return value[:-1] + chr(ord(value[-1]) ^ 1) if value else "x"
    return 7 if value is None else value + 1


@pytest.mark.parametrize(
    "name", ["licence.json", "licence-jcs.json", "licence-vcdm11.json", "welding-certificate.json", *SIGNERS]
)
def test_no_signed_value_can_change(integrity: DataIntegrity, name: str) -> None:
    """The last character of every text, every number and truth value, the proof's included."""
    signed = sign(integrity, licence(BOARD.did), name) if name in SIGNERS else fixture(name)
    check(integrity, signed)
    for path in leaves(signed):
        if path[0] == "@context" and "jcs" not in name:
            continue  # not covered by the signature: test_injected_contexts
        attacked = copy.deepcopy(signed)
        node = attacked
        for step in path[:-1]:
            node = node[step]
        node[path[-1]] = altered(node[path[-1]])
        try:
            check(integrity, attacked)
        except (Refused, ValueError):  # ValueError: the resolver of the tests, asked for a key that is none
            continue
        pytest.fail(f"accepted with {path} changed")


@pytest.mark.parametrize("name", ["licence.json", "licence-jcs.json", "welding-certificate.json", *SIGNERS])
def test_no_byte_can_change_what_is_read(integrity: DataIntegrity, name: str) -> None:
    """Any one byte of the text flipped: refused, or what is read stays what it was."""
    signed = sign(integrity, licence(BOARD.did), name) if name in SIGNERS else fixture(name)
    raw = json.dumps(signed, ensure_ascii=False).encode()
    for position in range(0, len(raw), 1 if name in SIGNERS else 7):
        flipped = raw[:position] + bytes([raw[position] ^ 1]) + raw[position + 1 :]
        try:
            document = json.loads(flipped)
            check(integrity, document)
        except (Refused, ValueError):
            continue
        assert {k: v for k, v in document.items() if k != "@context"} == {
            k: v for k, v in signed.items() if k != "@context"
        }, position


@pytest.mark.parametrize("mechanism", SIGNERS)
def test_no_member_can_go(integrity: DataIntegrity, mechanism: str) -> None:
    signed = sign(integrity, licence(BOARD.did), mechanism)
    for member in ("validUntil", "credentialStatus", "issuer", "type", "id", "credentialSubject"):
        attacked = copy.deepcopy(signed)
        del attacked[member]
        with pytest.raises(Refused):
            check(integrity, attacked)
    for member in signed["proof"]:
        attacked = copy.deepcopy(signed)
        del attacked["proof"][member]
        with pytest.raises(Refused):
            check(integrity, attacked)
