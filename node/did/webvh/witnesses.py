"""Whether enough witnesses approved every entry that needed it (did:webvh 1.0, "Verifying Witness Proofs")."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

from node.did.versions import HistoryInvalid
from node.did.webvh import proofs
from node.did.webvh.log import Entry
from node.verification.proofs import strict_json
from node.verification.proofs.limits import Limits
from node.verification.refusals import Refused

MAX_WITNESS_BYTES = 1 << 20
MAX_PROOFS = 4096  # looked at, each at the cost of a signature check
_LIMITS = Limits(max_bytes=MAX_WITNESS_BYTES, max_values=60_000)


def needed(entries: Sequence[Entry]) -> bool:
    """Whether any entry had to be approved."""
    return any(entry.witnesses for entry in entries)


def check(entries: Sequence[Entry], body: bytes, *, now: float) -> None:
    """Raises HistoryInvalid, or Refused for what is no acceptable JSON.

    A witness that approves one entry approves all before it, so the latest that each approved is all that
    counts. Proofs about versions that are not in the log, and proofs that are wrong, say nothing.
    """
    wanted = {witness for entry in entries if entry.witnesses for witness in entry.witnesses.witnesses}
    approved: dict[str, int] = {}  # witness → number of the latest entry it approved
    for number, witness, proof in sorted(_given(entries, body, wanted), key=lambda one: -one[0]):
        if witness not in approved and _holds(proof, entries[number - 1].version_id, now):
            approved[witness] = number
    for number, entry in enumerate(entries, 1):
        rule = entry.witnesses
        if rule and sum(approved.get(one, 0) >= number for one in rule.witnesses) < rule.threshold:
            raise HistoryInvalid(f"entry {number}: fewer than {rule.threshold} of its witnesses approved it")


def _given(entries: Sequence[Entry], body: bytes, wanted: set[str]) -> list[tuple[int, str, Mapping[str, Any]]]:
    """Entry number, witness and proof of each proof that could count."""
    file = strict_json.parse(body, _LIMITS)
    if not isinstance(file, list):
        raise HistoryInvalid("the file of witness proofs is not a list")
    numbers = {entry.version_id: number for number, entry in enumerate(entries, 1)}
    found: list[tuple[int, str, Mapping[str, Any]]] = []
    for one in file:
        if not isinstance(one, Mapping) or not isinstance(one.get("proof"), list):
            raise HistoryInvalid("the file of witness proofs holds something else")
        version_id = one.get("versionId")
        number = numbers.get(version_id) if isinstance(version_id, str) else None
        if number is not None:
            found += [(number, witness, proof) for witness, proof in _signed(one["proof"]) if witness in wanted]
    if len(found) > MAX_PROOFS:
        raise HistoryInvalid(f"there are more than {MAX_PROOFS} witness proofs")
    return found


def _signed(given: list[Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for proof in given:
        with suppress(HistoryInvalid):
            yield "did:key:" + proofs.signer_of(proof), proof


def _holds(proof: Mapping[str, Any], version_id: str, now: float) -> bool:
    try:
        proofs.check(proof, proofs.digest_of({"versionId": version_id}), now=now)
    except (HistoryInvalid, Refused):
        return False
    return True
