"""Follows the ledger's changes: change → findings → alerts and deliveries, each exactly once.

The position in the change feed moves in the transaction that records the alerts. A crash before it is as
if nothing had been done; after it there is nothing left to do.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import Engine
from sqlmodel import Session

from node.clock import Clock
from node.monitoring.alerts import NO_ENTRY
from node.monitoring.concerned import load, told_of, touched_by
from node.monitoring.delivery import outbox
from node.monitoring.enrolment import Enrolment
from node.monitoring.position import lock_position, move_position, position
from node.monitoring.roster import Roster
from node.monitoring.rules import Accreditations, Finding, findings, withdrawn
from node.store.engine import writing
from node.store.tables import AlertRow, EnrolmentRow
from node.verification.evidence import LedgerView
from node.verification.verdict import Decision, Verdict
from registry.changes import Change, ChangeKind
from registry.records import AsOf

log = logging.getLogger(__name__)

BATCH = 256
"""Changes taken from the feed at a time."""
POLL = 5.0
"""Seconds between looks at the feed that nothing asked for: the safety net under the wake-ups."""
REVERIFY_BUDGET = 10.0
"""Seconds that verifying again may hold up a batch of alerts; what it does not reach is INDETERMINATE."""


class ChangeFeed(Protocol):
    """The replica's feed of changes."""

    def read(self, after: int, limit: int) -> list[Change]:
        """Changes with sequence numbers above `after`, ascending."""
        ...

    def last_seq(self) -> int:
        """Of the newest change that verification takes into account; 0 before the first."""
        ...

    async def wait(self, after: int, timeout: float) -> bool:  # noqa: ASYNC109 (running out is an answer)
        """Until there is a change above `after` (True), or the time is up, in seconds (False)."""
        ...


class Monitor:
    """Turns changes into alerts. `reverify` takes a credential as it was secured and answers with a verdict."""

    def __init__(
        self,
        *,
        engine: Engine,
        feed: ChangeFeed,
        roster: Roster,
        ledger: LedgerView,
        reverify: Callable[[bytes], Awaitable[Verdict]],
        endpoints: Collection[str],
        clock: Clock,
        on_alerts: Callable[[], None] = lambda: None,
        reverify_budget: float = REVERIFY_BUDGET,
    ) -> None:
        """`endpoints`: URLs to deliver to. `on_alerts`: called on the event loop once alerts are recorded."""
        self._reading = engine
        self._writing = writing(engine)
        self._feed = feed
        self._roster = roster
        self._ledger = ledger
        self._reverify = reverify
        self._endpoints = tuple(endpoints)
        self._clock = clock
        self._on_alerts = on_alerts
        self._reverify_budget = reverify_budget
        self.failure: str | None = None  # why monitoring does not get on, for the node's health

    async def run(self) -> None:
        """Follow the feed until cancelled."""
        while True:
            try:
                if not await self.step():
                    await self._wait()
                else:
                    self.failure = None
            except Exception as error:  # the task's outer edge: monitoring goes on when the database is back
                self.failure = type(error).__name__
                log.exception("monitoring is held up; trying again")
                await asyncio.sleep(POLL)

    async def _wait(self) -> None:
        position = await asyncio.to_thread(self.position)
        rebuilt = self._feed.last_seq() < position
        self.failure = (
            "the replica is behind what was monitored before: it is being rebuilt" if rebuilt else None
        )
        await self._feed.wait(position, POLL)

    def position(self) -> int:
        """The sequence number of the last change handled."""
        with Session(self._reading) as session:
            return position(session)

    async def step(self) -> int:
        """Handle the next changes, up to BATCH. Returns how many there were."""
        after = await asyncio.to_thread(self.position)
        # Only what verification sees too: a change is in the database a moment before it is in its memory.
        shown = self._feed.last_seq()
        changes = [one for one in await asyncio.to_thread(self._feed.read, after, BATCH) if one.seq <= shown]
        if not changes:
            return 0
        decisions: dict[str, Decision] = {}
        while True:
            # Whoever was enrolled meanwhile is found by the next round: they are looked up under the lock.
            undecided, alerts = await asyncio.to_thread(self._record, after, changes, decisions)
            if not undecided:
                break
            decisions |= await self._decide(undecided)
        if alerts:
            log.info("%d alerts from changes %d to %d", alerts, changes[0].seq, changes[-1].seq)
            self._on_alerts()
        return len(changes)

    def _record(
        self, after: int, changes: Sequence[Change], decisions: Mapping[str, Decision]
    ) -> tuple[set[str], int]:
        """Alerts, deliveries and position in one transaction; nothing if a decision is missing.

        Returns the enrolments to be verified again first, or how many alerts were recorded.
        """
        with Session(self._writing) as session, session.begin():
            if lock_position(session) != after:
                return set(), 0  # another process handled them
            found = list(self._findings(session, changes))
            undecided = {one.enrolment.id for one in found} - decisions.keys()
            if undecided:
                return undecided, 0
            now = self._clock()
            rows = [row for one in found if (row := _alert(one, decisions[one.enrolment.id], int(now)))]
            session.add_all(rows)
            session.flush()
            outbox.queue(session, [row.id for row in rows if row.id is not None], self._endpoints, now)
            for enrolment in {one.enrolment.id: one.enrolment for one in found}.values():
                if decisions[enrolment.id] is not enrolment.decision:
                    relied_on = session.get_one(EnrolmentRow, enrolment.id)
                    relied_on.decision, relied_on.decided_at = decisions[enrolment.id].value, int(now)
            move_position(session, changes[-1].seq)
        return set(), len(rows)

    def _findings(self, session: Session, changes: Sequence[Change]) -> Iterator[_Concern]:
        for change in _speaking(changes):
            if change.kind is ChangeKind.WITHDRAWN:
                yield from self._withdrawals(session, change)
                continue
            touched = [one for one in touched_by(session, change) if change.seq > one.since_seq]
            issuer = self._accreditations(change) if touched and change.kind is ChangeKind.ISSUER else None
            for enrolment in touched:
                for finding in findings(change, enrolment, issuer):
                    yield _Concern(change, enrolment, finding)

    def _withdrawals(self, session: Session, change: Change) -> Iterator[_Concern]:
        """Those who were told of the change that was undone, and those whom it would concern if it were new."""
        if change.withdraws is None:
            return
        for original in self._feed.read(change.withdraws - 1, 1):
            told = told_of(session, original.seq)
            touched = {one.id: one for one in touched_by(session, original)}
            touched |= {one.id: one for one in load(session, told)}
            for enrolment in touched.values():
                for finding in withdrawn(original, enrolment, told=enrolment.id in told):
                    yield _Concern(change, enrolment, finding, subject=original.key)

    def _accreditations(self, change: Change) -> Accreditations:
        """The issuer before the change's block and after it."""
        number = change.stamp.number
        before = self._ledger.accreditation(change.key, AsOf(block=number - 1)) if number else None
        return Accreditations(before, self._ledger.accreditation(change.key, AsOf(block=number)))

    async def _decide(self, enrolment_ids: Iterable[str]) -> dict[str, Decision]:
        """What verifying again says, within the budget; whatever cannot be told is INDETERMINATE."""
        decisions = dict.fromkeys(enrolment_ids, Decision.INDETERMINATE)
        credentials = await asyncio.to_thread(self._roster.credentials, decisions)
        try:
            async with asyncio.timeout(self._reverify_budget):
                for enrolment_id, credential in credentials.items():
                    decisions[enrolment_id] = await self._decision(enrolment_id, credential)
                    await asyncio.sleep(0)  # others get their turn, and the time is looked at
        except TimeoutError:
            log.warning("verifying again took too long: some alerts carry no decision")
        return decisions

    async def _decision(self, enrolment_id: str, credential: bytes) -> Decision:
        try:
            return (await self._reverify(credential)).decision
        except Exception:  # the task's outer edge: whatever verification does, the alert has to go out
            log.exception("enrolment %s could not be verified again", enrolment_id)
            return Decision.INDETERMINATE


@dataclass(frozen=True, slots=True)
class _Concern:
    """A finding about an enrolment, and the change it came from."""

    change: Change
    enrolment: Enrolment
    finding: Finding
    subject: str = ""


def _speaking(changes: Sequence[Change]) -> Iterator[Change]:
    """Of several changes of one issuer in one block the last speaks for all: rules compare whole blocks."""
    last = {(one.key, one.stamp): one.seq for one in changes if one.kind is ChangeKind.ISSUER}
    return (one for one in changes if one.kind is not ChangeKind.ISSUER or last[one.key, one.stamp] == one.seq)


def _alert(concern: _Concern, decision: Decision, now: int) -> AlertRow | None:
    """The row to store; None for a finding that would only matter had it turned the decision."""
    change, enrolment, finding = concern.change, concern.enrolment, concern.finding
    if not finding.material and decision is enrolment.decision:
        return None
    return AlertRow(
        enrolment_id=enrolment.id,
        reference=enrolment.reference,
        kind=finding.kind.value,
        detail=finding.detail,
        subject=concern.subject or change.key,
        member=finding.member,
        entry_index=NO_ENTRY if finding.entry_index is None else finding.entry_index,
        previous_decision=enrolment.decision.value,
        decision=decision.value,
        change_seq=change.seq,
        block_number=change.stamp.number,
        block_hash=change.stamp.hash,
        block_time=change.stamp.time,
        effective_at=change.effective_at,
        created_at=now,
    )
