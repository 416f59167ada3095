"""A did:webvh log, read and verified in full (did:webvh 1.0, "Read (Resolve)").

All or nothing: one entry that does not verify, and no version of the document is believed. Whoever could
append a broken entry could as well have served an older log.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from node.did.versions import HistoryInvalid
from node.did.webvh import parameters, proofs
from node.did.webvh.hashes import hash_of_json
from node.did.webvh.parameters import Parameters, WitnessRule
from node.verification.dates import unix_time
from node.verification.proofs import strict_json
from node.verification.proofs.data_integrity.jcs import canonical_json
from node.verification.proofs.limits import Limits

MAX_LOG_BYTES = 2 << 20
MAX_ENTRIES = 2000  # verifying one takes some 0.4 ms
MAX_PROOFS = 8  # of one entry
CLOCK_SKEW = 60  # seconds that the host's clock may be ahead of ours

_PLACEHOLDER = "{SCID}"
_MEMBERS = {"versionId", "versionTime", "parameters", "state", "proof"}
_ENTRY_LIMITS = Limits(max_bytes=256 << 10, max_values=5000)
_UTC = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.(\d{1,9}))?(?:Z|\+00:00)", re.ASCII).fullmatch


@dataclass(frozen=True, slots=True)
class Entry:
    """One version of the document, verified but for its witnesses."""

    version_id: str
    version_time: str  # as written
    time: tuple[int, str]  # Unix seconds, and nine digits of their fraction
    document_id: str
    document: bytes  # the `state`, JSON: kept as text, which takes a tenth of the memory
    parameters: Parameters  # in force after it
    witnesses: WitnessRule | None  # who had to approve it


def read(body: bytes, scid: str, *, now: float) -> list[Entry]:
    """All entries of a log, oldest first. Raises HistoryInvalid, or Refused for what is no acceptable JSON."""
    lines = body[: MAX_LOG_BYTES + 1].removesuffix(b"\n").split(b"\n", MAX_ENTRIES)
    if len(lines) > MAX_ENTRIES or len(body) > MAX_LOG_BYTES:
        raise HistoryInvalid(f"the log has more than {MAX_ENTRIES} entries or {MAX_LOG_BYTES} bytes")
    entries: list[Entry] = []
    for line in lines:
        number = len(entries) + 1
        try:
            entries.append(_entry(line, number, entries[-1] if entries else None, scid, now))
        except HistoryInvalid as error:
            raise HistoryInvalid(f"entry {number}: {error}") from error
    if entries[-1].time[0] > now + CLOCK_SKEW:
        raise HistoryInvalid("the log is of a time to come")
    return entries


def _entry(line: bytes, number: int, before: Entry | None, scid: str, now: float) -> Entry:
    stated = strict_json.parse(line.removesuffix(b"\r"), _ENTRY_LIMITS)
    if not isinstance(stated, dict) or stated.keys() != _MEMBERS:
        raise HistoryInvalid("it has not just the members of a log entry")
    document, settings = stated["state"], stated["parameters"]
    if not isinstance(document, Mapping) or not isinstance(settings, Mapping):
        raise HistoryInvalid("`state` or `parameters` is not an object")

    in_force = (
        parameters.first(settings) if before is None else parameters.following(before.parameters, settings)
    )
    if before is None:
        _check_scid(stated, in_force.scid, scid)
    _check_hash(stated, number, before.version_id if before else scid)
    time = _time(stated["versionTime"])
    if before is not None and time <= before.time:
        raise HistoryInvalid("it is not later than the one before")
    _check_proofs(stated, parameters.authorised_keys(before.parameters if before else None, in_force), now)
    return Entry(
        version_id=stated["versionId"],
        version_time=stated["versionTime"],
        time=time,
        document_id=_document_id(document, scid, before),
        document=orjson.dumps(document),
        parameters=in_force,
        witnesses=parameters.witnesses_of(before.parameters if before else None, in_force),
    )


def _check_scid(stated: Mapping[str, Any], claimed: str, scid: str) -> None:
    """ "Verify SCID". A placeholder left in place would let one identifier stand for several entries."""
    text = canonical_json(_without_proof(stated, _PLACEHOLDER)).decode()
    if text.count(_PLACEHOLDER) != 1:
        raise HistoryInvalid("a placeholder was left in place")
    if claimed != scid or hash_of_json(orjson.loads(text.replace(scid, _PLACEHOLDER))) != scid:
        raise HistoryInvalid("it is not the one that the DID certifies")


def _check_hash(stated: Mapping[str, Any], number: int, before: str) -> None:
    """ "Verify The Entry Hash"."""
    if stated["versionId"] != f"{number}-{hash_of_json(_without_proof(stated, before))}":
        raise HistoryInvalid("its hash does not follow from the entry before")


def _check_proofs(stated: Mapping[str, Any], keys: tuple[str, ...], now: float) -> None:
    given = stated["proof"]
    if not isinstance(given, list) or not 0 < len(given) <= MAX_PROOFS:
        raise HistoryInvalid(f"it has no proof, or more than {MAX_PROOFS}")
    digest = proofs.digest_of(_without_proof(stated, stated["versionId"]))
    for proof in given:
        if proofs.signer_of(proof) not in keys:
            raise HistoryInvalid("it is signed by a key that may not update the DID")
        proofs.check(proof, digest, now=now)


def _without_proof(stated: Mapping[str, Any], version_id: str) -> dict[str, Any]:
    return {name: value for name, value in stated.items() if name != "proof"} | {"versionId": version_id}


def _time(text: object) -> tuple[int, str]:
    match = _UTC(text) if isinstance(text, str) else None
    if match is None:
        raise HistoryInvalid("`versionTime` is not a time in UTC")
    return unix_time(text), (match[1] or "").ljust(9, "0")


def _document_id(document: Mapping[str, Any], scid: str, before: Entry | None) -> str:
    """The DID the document is of: the same as before, or moved to as portability allows."""
    did = document.get("id")
    if not isinstance(did, str) or not did.startswith(f"did:webvh:{scid}:"):
        raise HistoryInvalid("its document is of another DID")
    if before is not None and did != before.document_id:
        known_as = document.get("alsoKnownAs")
        if not before.parameters.portable:
            raise HistoryInvalid("it moves a DID that is not portable")
        if not isinstance(known_as, list) or before.document_id not in known_as:
            raise HistoryInvalid("it moves the DID and does not name where it was")
    return did
