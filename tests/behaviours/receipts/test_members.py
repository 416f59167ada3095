"""The members of a receipt: none may be changed, none is unknown, none gives the credential away."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest

from node.verification.receipt import Receipt, ReceiptInvalid
from tests.behaviours.receipts.auditing import audited, survives
from tests.simulators.receipts import NODE_KEY, ProvableBoard


def _leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else None
    if inner is None:
        yield path
        return
    for key, member in inner:
        yield from _leaves(member, (*path, key))


def _changed(value: Any) -> Iterator[Any]:
    if isinstance(value, str):
        for at in range(0, len(value), max(1, len(value) // 12)):
            yield value[:at] + ("A" if value[at] != "A" else "B") + value[at + 1 :]
        yield value + "A"
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int):
        yield value + 1
    yield None


def _mutants(members: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path in _leaves(members):
        target = members
        for key in path:
            target = target[key]
        for value in _changed(target):
            mutant = copy.deepcopy(members)
            place: Any = mutant
            for key in path[:-1]:
                place = place[key]
            place[path[-1]] = value
            yield "/".join(map(str, path)), mutant


def test_no_member_may_be_changed_by_others(
    board: ProvableBoard, licence: dict[str, Any], receipt: Receipt
) -> None:
    for where, mutant in _mutants(receipt.to_json()):
        assert not survives(mutant, lambda it: audited(board, it, licence)), where


# What only the node can say, which its signature is for; and the policy asked for, which may demand less.
_NODE_S_WORD = {
    "question/now",
    "question/policy/name",
    "question/policy/require_accreditation",
    "confirmedAt",
    "ledger/chainId",
}


def test_even_the_node_cannot_change_what_the_ledger_proves(
    board: ProvableBoard, licence: dict[str, Any], receipt: Receipt
) -> None:
    for where, mutant in _mutants(receipt.to_json()):
        if where in {"signature", "node"} | _NODE_S_WORD:
            continue
        judged_anew = survives(mutant, lambda it: audited(board, it.signed(NODE_KEY), licence))
        assert not judged_anew, where


@pytest.mark.parametrize(
    "members",
    [
        None,
        [],
        {},
        {"type": "GoodstandingReceipt"},
        {"type": "GoodstandingReceipt", "format": 2},
    ],
)
def test_what_is_no_receipt_is_refused(members: Any) -> None:
    with pytest.raises(ReceiptInvalid):
        Receipt.from_json(members)


def test_it_holds_nothing_of_the_credential_but_its_hash_and_entry(
    licence: dict[str, Any], receipt: Receipt
) -> None:
    text = json.dumps(receipt.to_json())
    for secret in ("Ada", "Okafor", "RN-1", "did:example:nurse", licence["proof"]["proofValue"], licence["id"]):
        assert secret not in text


def test_the_members_of_a_receipt_are_those_we_read(receipt: Receipt) -> None:
    for extra in ({"more": 1}, {"question": {**receipt.to_json()["question"], "more": 1}}):
        with pytest.raises(ReceiptInvalid):
            Receipt.from_json(receipt.to_json() | extra)
    policy = {**receipt.to_json()["question"], "policy": {"name": "default", "require_accreditation": 1}}
    with pytest.raises(ReceiptInvalid):
        Receipt.from_json(receipt.to_json() | {"question": policy})
