from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from node.verification.proofs.contexts import VCDM_2, Contexts
from node.verification.proofs.data_integrity.data_integrity import DataIntegrity
from node.verification.proofs.data_integrity.members import PROOF_MEMBERS
from node.verification.proofs.data_integrity.options_text import MAX_BYTES, MAX_KEPT, OptionsText

OPTIONS = {
    "@context": [VCDM_2],
    "type": "DataIntegrityProof",
    "cryptosuite": "eddsa-rdfc-2022",
    "created": "2026-01-15T10:00:00Z",
    "verificationMethod": "did:web:board.example#key-1",
    "proofPurpose": "assertionMethod",
}


class Counted:
    """The real canonical form, counting."""

    def __init__(self) -> None:
        self._integrity = DataIntegrity(Contexts())
        self.calls = 0

    def __call__(self, options: Mapping[str, Any]) -> str:
        self.calls += 1
        return self._integrity.documents.canonical(options, PROOF_MEMBERS)


def test_another_date_gives_what_working_it_out_gives() -> None:
    text, canonical = OptionsText(), Counted()
    text.of(OPTIONS, "", canonical)
    assert canonical.calls == 1
    for date in ("1999-12-31T23:59:59Z", "2026-01-15T10:00:00.123+02:00", "9999-01-01T00:00:00Z"):
        other = {**OPTIONS, "created": date}
        expected = Counted()(other)
        assert text.of(other, "", canonical) == expected
    assert canonical.calls == 1


def test_whatever_else_differs_is_worked_out() -> None:
    text, canonical = OptionsText(), Counted()
    text.of(OPTIONS, "", canonical)
    undated = {name: value for name, value in OPTIONS.items() if name != "created"}
    others: list[dict[str, Any]] = [
        undated,
        {**OPTIONS, "proofPurpose": "authentication"},
        {**OPTIONS, "verificationMethod": "did:web:board.example#key-2"},
        {**OPTIONS, "challenge": "c"},
        {**OPTIONS, "id": "urn:proof:1"},
    ]
    for calls, other in enumerate(others, 2):
        assert text.of(other, "", canonical) == Counted()(other)
        assert canonical.calls == calls
    text.of(OPTIONS, hashlib.sha384, canonical)
    assert canonical.calls == len(others) + 2


def test_a_date_that_stands_twice_is_not_taken_for_one() -> None:
    text, canonical = OptionsText(), Counted()
    for date in ("2026-01-15T10:00:00Z", "2027-01-15T10:00:00Z"):
        options = {**OPTIONS, "created": date, "challenge": "2026-01-15T10:00:00Z"}
        assert text.of(options, "", canonical) == Counted()(options)


def test_what_is_kept_is_bounded() -> None:
    text = OptionsText()
    calls: list[str] = []

    def canonical(options: Mapping[str, Any]) -> str:
        calls.append(options["challenge"])
        return f"{options['created']} {options['challenge']}"

    for i in range(MAX_KEPT + 1):
        text.of({"created": "2026", "challenge": f"c{i}"}, "", canonical)
    assert len(text._around) <= MAX_KEPT
    long = {"created": "2026", "challenge": "x" * MAX_BYTES}
    assert text.of(long, "", canonical) == text.of(long, "", canonical)
    assert calls[-2:] == [long["challenge"]] * 2
