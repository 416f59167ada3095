"""One verifier for the tests of a module: what it keeps of contexts is no part of any answer."""

from __future__ import annotations

import pytest

from node.verification.proofs.contexts import Contexts
from node.verification.proofs.data_integrity.data_integrity import DataIntegrity


@pytest.fixture(scope="module")
def integrity() -> DataIntegrity:
    return DataIntegrity(Contexts())
