"""How long documents made to keep a verifier busy keep this one: `python -m scripts.bench.poison`.

Each must be refused; the table says as what, and the processor time that took: the median of nine, the worst.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from typing import Any

from node.verification.proofs.contexts import VCDM_2, Contexts
from node.verification.proofs.data_integrity.data_integrity import DataIntegrity
from node.verification.refusals import Refused

ROUNDS = 9
_TERMS = {"@vocab": "https://e.example/#", "p": {"@id": "https://e.example/#p", "@type": "@id"}}


def _document(subjects: list[Any], *contexts: Any) -> dict[str, Any]:
    return {
        "@context": [VCDM_2, _TERMS, *contexts],
        "type": ["VerifiableCredential"],
        "issuer": "did:example:issuer",
        "credentialSubject": subjects,
    }


def _everyone_knows_everyone(count: int) -> dict[str, Any]:
    return _document(
        [{"id": f"_:b{i}", "p": [f"_:b{j}" for j in range(count) if j != i]} for i in range(count)]
    )


def _two_alike_rings(length: int) -> dict[str, Any]:
    return _document(
        [
            {"id": f"_:{side}{i}", "p": {"id": f"_:{side}{(i + 1) % length}"}}
            for side in "ab"
            for i in range(length)
        ]
    )


def _alike_leaves(roots: int, each: int) -> dict[str, Any]:
    return _document([{"q": [{"r": "x"} for _ in range(each)]} for _ in range(roots)])


def _contexts_of_their_own(count: int) -> dict[str, Any]:
    """Each a new one to compile before the fault is found."""
    evidence = [
        {"@context": {f"t{i}": f"https://e.example/t{i}"}, "id": f"urn:x:{i}", "type": "Evidence"}
        for i in range(count)
    ]
    head = _document([])
    del head["credentialSubject"]
    return head | {"evidence": evidence, "credentialSubject": {"id": "relative"}}


CASES = {
    "8 blank nodes that all know one another": _everyone_knows_everyone(8),
    "12 of them": _everyone_knows_everyone(12),
    "40 of them": _everyone_knows_everyone(40),
    "two rings of 150 that look alike": _two_alike_rings(150),
    "2 × 9 leaves that look alike": _alike_leaves(2, 9),
    "2 × 900 of them": _alike_leaves(2, 900),
    "140 contexts of their own": _contexts_of_their_own(140),
}


def main() -> int:
    """Prints the table; 1 where something was not refused."""
    accepted = False
    print("| document | size | refused as | ms | worst |\n| --- | ---: | --- | ---: | ---: |")
    for name, document in CASES.items():
        durations: list[float] = []
        reason = ""
        for _ in range(ROUNDS):
            integrity = DataIntegrity(Contexts())
            integrity.documents.canonical({"@context": [VCDM_2], "type": ["VerifiableCredential"]})
            started = time.process_time()
            try:
                integrity.documents.canonical(document)
            except Refused as refused:
                reason = refused.reason
            durations.append((time.process_time() - started) * 1000)
        accepted = accepted or not reason
        size = len(json.dumps(document, separators=(",", ":")))
        median, worst = statistics.median(durations), max(durations)
        print(f"| {name} | {size:,} B | {reason or 'ACCEPTED'} | {median:.1f} | {worst:.1f} |")
    return 1 if accepted else 0


if __name__ == "__main__":
    sys.exit(main())
