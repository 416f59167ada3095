"""Alerts are read after a cursor, acknowledged once, and kept."""

from __future__ import annotations

from dataclasses import replace

from tests.simulators.licences import REVOCATIONS
from tests.unit.node.monitoring.hospital import Hospital


async def test_alerts_are_read_after_a_cursor_and_acknowledged_once(hospital: Hospital) -> None:
    for index in range(3):
        hospital.enrol(index)
    hospital.feed.status(REVOCATIONS, {0: 1, 1: 1, 2: 1})
    first, second, third = await hospital.settle()
    assert hospital.alerts.list(after=first.id) == (second, third)
    seen = hospital.alerts.acknowledge(second.id, by="ward 4")
    assert hospital.alerts.acknowledge(second.id, by="somebody else") == seen
    assert seen == replace(second, acknowledged_at=2_000, acknowledged_by="ward 4")
    assert hospital.alerts.list(open_only=True) == (first, third)
    assert hospital.alerts.list(enrolment_id=third.enrolment_id) == (third,)


async def test_alerts_outlive_the_enrolment(hospital: Hospital) -> None:
    nurse = hospital.enrol(7)
    hospital.feed.status(REVOCATIONS, {7: 1})
    alerts = await hospital.settle()
    hospital.roster.remove(nurse.id)
    assert list(hospital.alerts.list()) == alerts
