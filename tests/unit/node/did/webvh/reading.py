"""A log read as it is, or refused."""

from __future__ import annotations

import pytest

from node.did.versions import HistoryInvalid
from node.did.webvh import log
from node.did.webvh.log import Entry
from tests.simulators.webvh_log import START, WebvhController

LATER = START + 10**6


def read(controller: WebvhController, body: bytes | None = None, now: float = LATER) -> list[Entry]:
    return log.read(controller.log if body is None else body, controller.scid, now=now)


def refused(controller: WebvhController, message: str, body: bytes | None = None, now: float = LATER) -> None:
    with pytest.raises(HistoryInvalid, match=message):
        read(controller, body, now)
