"""A credential as its issuer signs it, and the part of it that its holder shows."""

from __future__ import annotations

import pytest

from tests.unit.node.verification.proofs.selective.signed import INTEGRITY, SHOWN, Document, issue


@pytest.fixture(scope="module")
def base() -> Document:
    return issue()


@pytest.fixture(scope="module")
def derived(base: Document) -> Document:
    return INTEGRITY.derive(base, SHOWN)
