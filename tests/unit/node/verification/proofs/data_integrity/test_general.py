"""What PyLD cannot read is refused, whatever it raises."""

from __future__ import annotations

from typing import Any

import pytest

from node.verification.proofs.contexts import Contexts
from node.verification.proofs.data_integrity.general import general_quads
from node.verification.reasons import Reason
from node.verification.refusals import Refused

VOCABULARY = {"@vocab": "https://board.example/vocabulary#"}


@pytest.mark.parametrize(
    "context",
    [
        [VOCABULARY, {"x": {"@id": []}}],
        [VOCABULARY, {"x": {"@id": {}}}],
        "",
        "@json",
        ["not an address"],
        [VOCABULARY, {"x": {"@id": "https://board.example/x", "@container": "@nothing"}}],
    ],
)
def test_a_context_that_makes_no_sense_is_refused(context: Any) -> None:
    with pytest.raises(Refused) as refused:
        general_quads({"@context": context, "x": 1e21}, Contexts())
    assert refused.value.reason in (Reason.MALFORMED_CREDENTIAL, Reason.UNKNOWN_CONTEXT)
