"""A process that reads documents by the general JSON-LD processor, one after another, until its input ends.

It is given contexts first, then documents; it has no secret and no network to speak of. Whatever keeps it busy
too long ends it: the kernel's alarm works however PyLD is entangled, and whoever started it may be gone.
"""

from __future__ import annotations

import resource
import signal
import sys
from typing import Any, BinaryIO

import orjson

from node.slow_path.frames import read_frame, write_frame
from node.verification.proofs.contexts import Contexts
from node.verification.proofs.data_integrity.general import general_quads
from node.verification.proofs.limits import DEFAULT_LIMITS
from node.verification.refusals import Refused

MAX_MEMORY = 1 << 30  # bytes of address space


def serve(given: BinaryIO, answers: BinaryIO) -> None:
    """Answer documents until `given` ends."""
    start = orjson.loads(read_frame(given))
    contexts = Contexts({url: text.encode() for url, text in start["contexts"].items()})
    general_quads({"@context": "https://www.w3.org/ns/credentials/v2"}, contexts)  # warm
    write_frame(answers, b"{}")
    while raw := read_frame(given):
        signal.setitimer(signal.ITIMER_REAL, start["seconds"])  # SIGALRM, unhandled, ends the process
        write_frame(answers, orjson.dumps(_answer(orjson.loads(raw), contexts)))
        signal.setitimer(signal.ITIMER_REAL, 0)


def _answer(document: dict[str, Any], contexts: Contexts) -> dict[str, Any]:
    try:
        return {"quads": general_quads(document, contexts, DEFAULT_LIMITS)}
    except Refused as refused:
        return {"refused": [refused.reason, refused.detail, refused.member]}


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    serve(sys.stdin.buffer, sys.stdout.buffer)
