"""Step 5: revoked, suspended, or in good standing? Read from the replica; the issuer is not asked.

What the credential names is compared with what the ledger records. A Token Status List names no purpose: that
of the ledger's record counts, and where that has none, the values. A list that is anchored on the ledger is
never fetched; of one that is not, what `fetched_list.py` let through is read, where the policy let it be
fetched at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from node.verification.dates import readable
from node.verification.evidence import Evidence, FetchedList, LedgerView, ListContent, UnusableList, WantedList
from node.verification.freshness import gap
from node.verification.packed_list import MINIMUM_ENTRIES
from node.verification.policy import Question
from node.verification.proofs.sd_jwt_claims import TOKEN_STATUS_ENTRY
from node.verification.reasons import Reason
from node.verification.refusals import Refused
from node.verification.status_entry import MAX_ENTRIES, StatusEntry, read_entry, stated_entries
from node.verification.status_meaning import Reading, judge, withdrawn
from node.verification.verdict import (
    Check,
    CheckId,
    CredentialVerdict,
    Decision,
    Outcome,
    Source,
    Verdict,
)
from registry.records import IndexOutOfRange, StatusPurpose, StatusReading, UnknownStatusList


def check_status(
    credential: Mapping[str, Any], issuer: str, evidence: Evidence, question: Question
) -> list[Check]:
    """One check for each status entry; one NOT_APPLICABLE when there is none."""
    entries = stated_entries(credential)
    if not entries:
        return [
            Check(
                CheckId.STATUS,
                Outcome.NOT_APPLICABLE,
                Reason.NOT_APPLICABLE,
                "The credential names no status list: its issuer has no way to revoke it.",
                question.now,
            )
        ]
    if len(entries) > MAX_ENTRIES:
        detail = f"It names more than {MAX_ENTRIES} status entries."
        return [_ended(Outcome.FAILED, Reason.STATUS_MALFORMED, detail, question, "/credentialStatus")]
    return [_check_entry(stated, member, issuer, evidence, question) for stated, member in entries]


def lists_to_fetch(verdict: Verdict) -> Iterator[WantedList]:
    """Lists that are not on the ledger, of credentials that nothing else has been found wrong with.

    Their proofs hold: nobody makes a node fetch an address by merely writing it somewhere.
    """
    yield from _lists_of(verdict.credentials)


def _lists_of(credentials: Iterable[CredentialVerdict]) -> Iterator[WantedList]:
    for one in credentials:
        yield from _lists_of(inner.verdict for inner in one.enclosed)
        if one.decision is Decision.INDETERMINATE and one.summary is not None:
            for check in one.checks:
                if check.reason is Reason.STATUS_LIST_UNKNOWN and check.source is not None:
                    yield WantedList(check.source.ref, one.summary.issuer_did)


def _check_entry(stated: object, member: str, issuer: str, evidence: Evidence, question: Question) -> Check:
    try:
        entry = read_entry(stated, member)
    except Refused as refused:
        unsupported = refused.reason is Reason.STATUS_TYPE_UNSUPPORTED
        outcome = Outcome.INDETERMINATE if unsupported else Outcome.FAILED
        return _ended(outcome, refused.reason, refused.detail, question, refused.member)
    try:
        reading = evidence.ledger.status(entry.uri, entry.index, question.at)
    except UnknownStatusList:
        return _off_the_ledger(entry, issuer, evidence, question)
    except IndexOutOfRange:
        detail = "Its status list has no such entry."
        return _ended(Outcome.FAILED, Reason.STATUS_INDEX_OUT_OF_RANGE, detail, question, entry.member)
    return _on_the_ledger(entry, reading, issuer, evidence.ledger, question)


# --- anchored on the ledger


def _on_the_ledger(
    entry: StatusEntry, found: StatusReading, issuer: str, ledger: LedgerView, question: Question
) -> Check:
    listed = found.list
    stamp = found.changed.stamp if found.changed else listed.stamp
    source = Source("ledger", listed.uri, stamp, listed.head.hex())
    mismatch = _mismatch(entry, found, issuer)
    if mismatch is not None:
        return _ended(Outcome.FAILED, *mismatch, question, entry.member, source)
    reading = Reading(entry, listed.purpose, found.value, source, question.now, found.changed)
    if listed.purpose is StatusPurpose.REVOCATION and found.value and listed.intact:
        # Final on the ledger: a replica that lags has nothing to add.
        return withdrawn(reading, Reason.REVOKED, "Revoked")
    obstacle = _obstacle(found, ledger, question)
    if obstacle is not None:
        return _ended(Outcome.INDETERMINATE, *obstacle, question, entry.member, source)
    return judge(reading)


def _mismatch(entry: StatusEntry, found: StatusReading, issuer: str) -> tuple[Reason, str] | None:
    """How the ledger's record of the list contradicts the credential."""
    listed = found.list
    if listed.issuer_did != issuer:
        return (
            Reason.STATUS_ISSUER_MISMATCH,
            "The status list it names belongs to someone else than its issuer.",
        )
    if entry.purpose is None:
        if listed.purpose is StatusPurpose.REFRESH:
            return Reason.STATUS_PURPOSE_MISMATCH, "The status list it names says nothing of its validity."
        return None
    if listed.purpose is not entry.purpose:
        return (
            Reason.STATUS_PURPOSE_MISMATCH,
            f"The status list it names is not one of {entry.purpose.label}.",
        )
    if listed.bits_per_entry != entry.bits:
        return (
            Reason.STATUS_MALFORMED,
            "Its status entry and the official register disagree on the entry's size.",
        )
    return None


def _obstacle(found: StatusReading, ledger: LedgerView, question: Question) -> tuple[Reason, str] | None:
    """Why the reading cannot be relied on."""
    listed, oldest = found.list, question.policy.max_list_age
    if not listed.intact:
        return Reason.STATUS_LIST_CORRUPT, "The copy of its status list held here is damaged."
    missing = gap(ledger.freshness(), question)
    if missing is None and oldest is not None and question.moment - listed.stamp.time > oldest:
        return _too_old(listed.stamp.time)
    return missing


# --- elsewhere


def _off_the_ledger(entry: StatusEntry, issuer: str, evidence: Evidence, question: Question) -> Check:
    missing = gap(evidence.ledger.freshness(), question)
    if missing is not None:  # it may be there, and not have come here yet: then nothing else counts
        return _ended(Outcome.INDETERMINATE, *missing, question, entry.member)
    found = evidence.lists.get(WantedList(entry.uri, issuer))
    if found is None:
        detail = "The status list it names is not in the official register."
        source = Source("ledger", entry.uri)
        return _ended(Outcome.INDETERMINATE, Reason.STATUS_LIST_UNKNOWN, detail, question, entry.member, source)
    if isinstance(found, UnusableList):
        source = Source("web", entry.uri)
        return _ended(Outcome.INDETERMINATE, found.reason, found.detail, question, entry.member, source)
    source = Source("web", found.uri, None, found.digest, found.content.issued_at, found.fetched_at)
    obstacle = _contradiction(entry, found, question)
    if obstacle is not None:
        return _ended(Outcome.INDETERMINATE, *obstacle, question, entry.member, source)
    bits = entry.bits or found.content.entry_bits or 1
    purpose = entry.purpose or StatusPurpose.MESSAGE  # of a Token Status List, whose values say it
    told_by = f", by its issuer's own list{_of_when(found.content)}, fetched {readable(found.fetched_at)}"
    value = found.content.bits.value(entry.index, bits)
    return judge(Reading(entry, purpose, value, source, question.now, None, told_by))


def _contradiction(entry: StatusEntry, found: FetchedList, question: Question) -> tuple[Reason, str] | None:
    """Why a list that is genuine does not answer for this entry, now."""
    if entry.type != found.content.entry_type:
        return Reason.STATUS_LIST_INVALID, "What is served there is a list of another kind."
    if entry.purpose is not None and entry.purpose.label not in found.content.purposes:
        return (
            Reason.STATUS_PURPOSE_MISMATCH,
            f"The status list it names is not one of {entry.purpose.label}.",
        )
    if None not in (entry.bits, found.content.entry_bits) and entry.bits != found.content.entry_bits:
        return Reason.STATUS_LIST_INVALID, "Its status entry and the list disagree on the entry's size."
    return _shortfall(entry, found.content) or _age(found, question)


def _shortfall(entry: StatusEntry, content: ListContent) -> tuple[Reason, str] | None:
    """Bitstring Status List §3.2: too short a list, and then an entry beyond its end."""
    size = content.bits.entries(entry.bits or content.entry_bits or 1)
    if entry.type != TOKEN_STATUS_ENTRY and size < MINIMUM_ENTRIES:
        return Reason.STATUS_LIST_LENGTH, f"The list has fewer than {MINIMUM_ENTRIES} entries of this size."
    if entry.index >= size:
        return Reason.STATUS_INDEX_OUT_OF_RANGE, "Its status list has no such entry."
    return None


def _age(found: FetchedList, question: Question) -> tuple[Reason, str] | None:
    """It may have been kept since it was checked."""
    if found.content.expires is not None and found.content.expires + question.policy.clock_skew < question.now:
        return Reason.STATUS_STALE, f"The status list itself expired on {readable(found.content.expires)}."
    told, oldest = found.content.issued_at or found.fetched_at, question.policy.max_list_age
    if oldest is not None and question.now - told > oldest:
        return _too_old(told)
    return None


def _of_when(content: ListContent) -> str:
    return "" if content.issued_at is None else f" of {readable(content.issued_at)}"


# --- both


def _too_old(confirmed: int) -> tuple[Reason, str]:
    return Reason.STATUS_STALE, f"Its status list was last confirmed on {readable(confirmed)}, too long ago."


def _ended(  # noqa: PLR0917 -- as a check has them
    outcome: Outcome, reason: Reason, detail: str, question: Question, member: str, source: Source | None = None
) -> Check:
    return Check(CheckId.STATUS, outcome, reason, detail, question.now, member, source)
