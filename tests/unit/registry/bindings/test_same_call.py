from __future__ import annotations

from dataclasses import replace

import pytest

from registry.bindings import issuer_registry, status_registry
from registry.bindings.same_call import same_call
from registry.bindings.status_registry import StatusUpdate
from registry.records import Standing, Terms

TERMS = Terms("Board", ("Licence",), ("US-CO",), 1000, 9000)
UPDATE = StatusUpdate(bytes(32), 7, b"\1" * 32, 1000, b"\5")
EVER = range(1 << 40)
ADDRESS = "0x" + "11" * 20


def accredit(**changed: object) -> bytes:
    return issuer_registry.accredit(
        "did:web:board.example",
        ADDRESS,
        ADDRESS,
        replace(TERMS, **changed),  # type: ignore[arg-type] # its members
    )


def revoke(**changed: object) -> bytes:
    return status_registry.publish_emergency(replace(UPDATE, **changed))  # type: ignore[arg-type] # its members


@pytest.mark.parametrize(
    ("one", "later"), [(accredit(), accredit(valid_from=2000)), (revoke(), revoke(effective_at=2000))]
)
def test_from_when_on_makes_no_difference_where_it_was_left_open_and_is_about_then(
    one: bytes, later: bytes
) -> None:
    assert same_call(one, later, moments=range(1000, 1001))
    assert not same_call(one, later, moments=range(1001, 3000))
    assert not same_call(one, later)
    assert same_call(one, bytes(one))


@pytest.mark.parametrize(
    "other",
    [
        accredit(name="Other"),
        accredit(credential_types=("Licence", "Permit")),
        accredit(jurisdictions=()),
        accredit(valid_until=9001),
        revoke(seq=8),
        revoke(root=bytes(32)),
        revoke(delta=b"\6"),
        revoke(list_id=b"\1" * 32),
        issuer_registry.change_standing(1, Standing.SUSPENDED, "audit"),
        accredit()[:40],
        b"",
    ],
)
def test_anything_else_does(other: bytes) -> None:
    assert not same_call(accredit(), other, moments=EVER)
    assert not same_call(revoke(), other, moments=EVER)


def test_calls_that_cannot_be_read_are_the_same_to_the_letter_or_not_at_all() -> None:
    assert not same_call(accredit()[:40], accredit()[:41], moments=EVER)
    assert same_call(b"\1\2\3\4", b"\1\2\3\4", moments=EVER)
