"""Attacks by little input that makes endless work: bounded, and refused."""

from __future__ import annotations

import time

import pytest

from node.verification.proofs.contexts import Contexts
from node.verification.proofs.data_integrity.data_integrity import DataIntegrity
from node.verification.reasons import Reason
from node.verification.refusals import Refused
from tests.simulators.signers import licence
from tests.unit.node.verification.proofs.data_integrity.attacks.signed import (
    BOARD,
    Document,
    sign,
    with_context,
)


def poison(size: int) -> Document:
    document = licence(BOARD.did)
    with_context(
        document, {"@vocab": "https://e.example/#", "p": {"@id": "https://e.example/#p", "@type": "@id"}}
    )
    document["credentialSubject"] = [
        {"id": f"_:b{i}", "p": [f"_:b{j}" for j in range(size) if j != i]} for i in range(size)
    ]
    return document


@pytest.mark.parametrize("size", [8, 12, 40])
def test_poison_graphs(integrity: DataIntegrity, size: int) -> None:
    started = time.monotonic()
    with pytest.raises(Refused) as refused:
        sign(integrity, poison(size))
    assert refused.value.reason is Reason.TOO_COMPLEX
    assert time.monotonic() - started < 5, "bounded work; the bound is generous"


def wide(roots: int, leaves_each: int) -> Document:
    document = licence(BOARD.did)
    with_context(document, {"@vocab": "https://e.example/#"})
    document["credentialSubject"] = [{"p": [{"q": "x"} for _ in range(leaves_each)]} for _ in range(roots)]
    return document


def chain(length: int) -> Document:
    """Two alike chains: telling their ends apart means walking all along them."""
    document = licence(BOARD.did)
    with_context(document, {"@vocab": "https://e.example/#"})
    document["credentialSubject"] = [
        {"id": f"_:{side}{i}", "p": {"id": f"_:{side}{(i + 1) % length}"}}
        for side in "ab"
        for i in range(length)
    ]
    return document


@pytest.mark.parametrize("document", [wide(2, 9), wide(2, 900), wide(40, 40), chain(150), chain(2_000)])
def test_graphs_that_are_wide_or_long(integrity: DataIntegrity, document: Document) -> None:
    started = time.monotonic()
    with pytest.raises(Refused) as refused:
        sign(integrity, document)
    assert refused.value.reason is Reason.TOO_COMPLEX
    assert time.monotonic() - started < 10, "bounded work; the bound is generous"


def test_too_many_contexts(integrity: DataIntegrity) -> None:
    document = licence(BOARD.did)
    document["evidence"] = [
        {"@context": {f"t{i}": f"https://e.example/t{i}"}, "type": "Evidence", f"t{i}": "x"} for i in range(300)
    ]
    with pytest.raises(Refused) as refused:
        sign(integrity, document)
    assert refused.value.reason in (Reason.TOO_COMPLEX, Reason.UNSIGNED_CONTENT)
    wide = licence(BOARD.did)
    with_context(wide, {f"t{i}": f"https://e.example/t{i}" for i in range(300)})
    with pytest.raises(Refused) as refused:
        sign(integrity, wide)
    assert refused.value.reason is Reason.TOO_COMPLEX


def test_many_different_contexts_do_not_pile_up(integrity: DataIntegrity) -> None:
    own = DataIntegrity(Contexts())
    for i in range(400):
        document = licence(BOARD.did)
        with_context(document, {f"t{i}": f"https://e.example/t{i}"})
        own.documents.canonical(document)
    assert own.documents.terms().kept <= 1_200


def test_a_very_large_context(integrity: DataIntegrity) -> None:
    document = licence(BOARD.did)
    with_context(document, {f"t{i}": f"https://e.example/{'x' * 1000}/t{i}" for i in range(60)})
    with pytest.raises(Refused) as refused:
        sign(integrity, document)
    assert refused.value.reason is Reason.TOO_COMPLEX
