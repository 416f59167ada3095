"""What only a hostile caller sends to the contracts: no log comes of it that a replica cannot read."""

from __future__ import annotations

import pytest

from registry import status_delta
from registry.bindings import status_registry
from registry.events import StatusPublished
from registry.records import StatusPurpose
from tests.simulators.registries import EMPTY, OPERATOR, Registries, refused


def test_unusual_call_data_still_gives_a_log_we_can_read(registries: Registries) -> None:
    """One event that cannot be decoded would stop every replica, so no caller may be able to cause one.

    Offsets out of order, members apart from each other, padding that is not zero: the contract takes it,
    and writes the log in order all the same.
    """
    registries.create()
    usual = status_registry.publish(registries.update(1, 5))
    offset = 4 + 4 * 32
    moved = bytearray(usual[:offset] + (7 * 32).to_bytes(32, "big") + b"\xff" * 64 + usual[offset + 32 :])
    moved[-1] = 0xFF  # padding after the one byte of the delta
    (found,) = registries.statuses(OPERATOR, bytes(moved))
    assert isinstance(found, StatusPublished)
    assert found.delta == status_delta.encode([5])


@pytest.mark.parametrize("uri", [b"\xff\xfe", b"https://b\xc3", b"a b", b"\x00", b"", b"x" * 2049])
def test_an_address_that_is_no_text_never_reaches_the_log(registries: Registries, uri: bytes) -> None:
    """As above: an operator could otherwise stop every replica with one status list."""
    usual = status_registry.create(
        1, "", size=256, purpose=StatusPurpose.REVOCATION, bits_per_entry=1, empty_root=EMPTY
    )
    data = usual[:-32] + len(uri).to_bytes(32, "big") + uri + bytes(-len(uri) % 32)
    refused("InvalidUri", lambda: registries.statuses(OPERATOR, data))
