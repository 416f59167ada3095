"""What was found about one inline context is remembered, and says nothing of another."""

from __future__ import annotations

from typing import Any

import pytest

from node.verification.proofs.data_integrity.inline_contexts import check_inline
from node.verification.reasons import Reason
from node.verification.refusals import Refused

SAFE = {"licence": "https://board.example/vocabulary#licence"}
UNSAFE: list[dict[str, Any]] = [
    {"validUntil": "https://board.example/vocabulary#validUntil"},
    {"licence": None},
    {"@import": "https://elsewhere.example"},
]
LARGE = {f"term{n}": f"https://board.example/{'long' * 20}#term{n}" for n in range(100)}  # above what is kept


@pytest.mark.parametrize("context", UNSAFE)
@pytest.mark.parametrize("beside", [{}, SAFE, LARGE], ids=["alone", "small", "large"])
def test_a_refusal_does_not_wear_off(beside: dict[str, Any], context: dict[str, Any]) -> None:
    for _ in range(2):
        check_inline(beside)
        with pytest.raises(Refused) as refused:
            check_inline(beside | context)
        assert refused.value.reason is Reason.UNSAFE_CONTEXT
