"""The roster: the credentials this participant relies on, sealed at rest."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Iterable

from sqlalchemy import Engine, func
from sqlmodel import Session, col, select

from node.clock import Clock
from node.errors import Conflict, NotFound
from node.monitoring.concerned import in_pieces, load
from node.monitoring.enrolment import MAX_REFERENCE_CHARS, Enrolment, EnrolmentRefused, enrollable
from node.monitoring.position import lock_position
from node.monitoring.sealing import CredentialCipher, SealBroken
from node.store.engine import writing
from node.store.tables import EnrolmentRow, WatchedEntryRow, WatchedIssuerRow
from node.verification.verdict import CredentialVerdict
from registry.records import StatusListRecord

log = logging.getLogger(__name__)


class VerdictOutdated(Conflict):
    """The ledger changed while the credential was being verified: verify again, then enrol."""


class Roster:
    """Enrolments in the node's database. A call is one transaction: make it in a thread, not the event loop."""

    def __init__(
        self,
        engine: Engine,
        cipher: CredentialCipher,
        clock: Clock,
        status_list: Callable[[str], StatusListRecord | None] = lambda _: None,
    ) -> None:
        """`status_list`: the ledger's record of a list, None where it knows none."""
        self._reading = engine
        self._writing = writing(engine)
        self._cipher = cipher
        self._clock = clock
        self._status_list = status_list

    def enrol(
        self, found: CredentialVerdict, *, reference: str, since: int, compact: str | None = None
    ) -> Enrolment:
        """Rely on a verified credential for the person known here as `reference`.

        `since` is the change feed's last sequence number, read *before* the verification began: later
        changes are monitored, earlier ones are in the verdict. `compact` is the JWS of a credential that is
        secured by an envelope. The same credential for the same person is enrolled once.

        Raises EnrolmentRefused, or VerdictOutdated when monitoring has passed `since` already.
        """
        if not 0 < len(reference) <= MAX_REFERENCE_CHARS or not reference.isprintable():
            raise EnrolmentRefused(
                f"a reference has 1 to {MAX_REFERENCE_CHARS} printable characters", "/reference"
            )
        taken = enrollable(found, compact, status_list=self._status_list)
        now = int(self._clock())
        # The monitor moves its position under the same lock: it either finds this enrolment when it looks
        # for whom a change concerns, or has moved on and is seen here to have done so.
        with Session(self._writing) as session, session.begin():
            position = lock_position(session)
            same = select(EnrolmentRow.id).where(
                col(EnrolmentRow.credential_digest) == taken.digest, col(EnrolmentRow.reference) == reference
            )
            enrolled = session.exec(same).first()
            if enrolled is not None:
                return load(session, [enrolled])[0]
            if position > since:
                raise VerdictOutdated("the ledger has changed since the credential was verified")
            enrolment_id = uuid.uuid4().hex
            session.add(
                EnrolmentRow(
                    id=enrolment_id,
                    reference=reference,
                    credential_digest=taken.digest,
                    issuer_did=taken.issuer_did,
                    valid_until=taken.valid_until,
                    sealed=self._cipher.seal(taken.secured, enrolment_id),
                    decision=found.decision.value,
                    decided_at=now,
                    enrolled_at=now,
                    since_seq=since,
                )
            )
            session.flush()
            for number, entry in enumerate(taken.watched):
                session.add(
                    WatchedEntryRow(
                        enrolment_id=enrolment_id,
                        position=number,
                        list_uri=entry.list_uri,
                        entry_index=entry.index,
                        purpose=entry.purpose,
                        member=entry.member,
                    )
                )
            for number, issuer in enumerate(taken.enclosed_issuers):
                session.add(
                    WatchedIssuerRow(
                        enrolment_id=enrolment_id, position=number, did=issuer.did, member=issuer.member
                    )
                )
            session.flush()
            return load(session, [enrolment_id])[0]

    def get(self, enrolment_id: str) -> Enrolment:
        """Raises NotFound."""
        with Session(self._reading) as session:
            found = load(session, [enrolment_id])
        if not found:
            raise NotFound("no such enrolment")
        return found[0]

    def list(self, *, reference: str | None = None, after: str = "", limit: int = 100) -> tuple[Enrolment, ...]:
        """Enrolments by ascending id, those after the id `after`; of one person when `reference` is given."""
        ids = (
            select(EnrolmentRow.id)
            .where(col(EnrolmentRow.id) > after)
            .order_by(col(EnrolmentRow.id))
            .limit(limit)
        )
        if reference is not None:
            ids = ids.where(col(EnrolmentRow.reference) == reference)
        with Session(self._reading) as session:
            return tuple(load(session, session.exec(ids)))

    def count(self) -> int:
        """How many credentials are relied on."""
        with Session(self._reading) as session:
            return session.exec(select(func.count()).select_from(EnrolmentRow)).one()

    def remove(self, enrolment_id: str) -> None:
        """Forget the credential; the alerts about it stay. Raises NotFound."""
        with Session(self._writing) as session, session.begin():
            row = session.get(EnrolmentRow, enrolment_id)
            if row is None:
                raise NotFound("no such enrolment")
            session.delete(row)

    def credential(self, enrolment_id: str) -> bytes:
        """The credential as it was secured: JSON with its proof, or a JWS. Raises NotFound, SealBroken."""
        with Session(self._reading) as session:
            row = session.get(EnrolmentRow, enrolment_id)
        if row is None:
            raise NotFound("no such enrolment")
        return self._cipher.open(row.sealed, enrolment_id)

    def credentials(self, enrolment_ids: Iterable[str]) -> dict[str, bytes]:
        """Many at a time: those that are still there and can be opened. A broken seal is logged."""
        opened = {}
        with Session(self._reading) as session:
            for some in in_pieces(sorted(enrolment_ids)):
                sealed = select(EnrolmentRow.id, EnrolmentRow.sealed).where(col(EnrolmentRow.id).in_(some))
                for enrolment_id, value in session.exec(sealed):
                    try:
                        opened[enrolment_id] = self._cipher.open(value, enrolment_id)
                    except SealBroken:
                        log.error("the stored credential of enrolment %s cannot be opened", enrolment_id)
        return opened
