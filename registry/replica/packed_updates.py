"""A block's status updates as bytes: one after another, each its fixed members and its delta."""

from __future__ import annotations

import struct

from registry.events import BlockBatch, LoggedEvent, StatusPublished

_UPDATE = struct.Struct(">I32s32sQ32s32sQI")
"""Log index, transaction, list, number, head, root, effective at, length of the delta."""


def packed(batch: BlockBatch) -> bytes:
    """Empty: it has none."""
    parts: list[bytes] = []
    for logged in batch.events:
        event = logged.event
        if type(event) is StatusPublished:
            parts += (
                _UPDATE.pack(
                    logged.log_index,
                    logged.tx_hash,
                    event.list_id,
                    event.seq,
                    event.head,
                    event.root,
                    event.effective_at,
                    len(event.delta),
                ),
                event.delta,
            )
    return b"".join(parts)


def unpacked(payload: bytes) -> list[LoggedEvent]:
    """Raises ValueError where they are damaged."""
    found = []
    at, end = 0, len(payload)
    while at < end:
        try:
            log_index, tx_hash, list_id, seq, head, root, effective_at, size = _UPDATE.unpack_from(payload, at)
        except struct.error as error:
            raise ValueError(f"packed status updates are cut short: {error}") from error
        at += _UPDATE.size
        delta = payload[at : at + size]
        if len(delta) != size:
            raise ValueError("packed status updates are cut short")
        at += size
        event = StatusPublished(list_id, seq, head, root, effective_at, delta)
        found.append(LoggedEvent(event, tx_hash, log_index))
    return found
