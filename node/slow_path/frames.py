"""Messages over a pipe: four bytes of length, big-endian, then so many bytes."""

from __future__ import annotations

import os
import select
import time
from typing import BinaryIO

MAX_BYTES = 64 << 20  # of one message
_CHUNK = 1 << 16


class PeerLost(Exception):
    """The other end is gone, or did not answer in time."""


def read_frame(stream: BinaryIO) -> bytes:
    """The next message; empty at the end."""
    head = stream.read(4)
    return stream.read(int.from_bytes(head)) if len(head) == 4 else b""


def write_frame(stream: BinaryIO, message: bytes) -> None:
    stream.write(len(message).to_bytes(4) + message)
    stream.flush()


def send(descriptor: int, message: bytes, until: float) -> None:
    """All of a message to a non-blocking pipe. `until`: on the monotonic clock. Raises PeerLost."""
    left = memoryview(len(message).to_bytes(4) + message)
    while left:
        _wait(descriptor, select.POLLOUT, until)
        try:
            left = left[os.write(descriptor, left[:_CHUNK]) :]
        except BlockingIOError:
            continue
        except OSError as error:
            raise PeerLost("it has ended") from error


def receive(descriptor: int, until: float) -> bytes:
    """One message from a non-blocking pipe. Raises PeerLost."""
    size = int.from_bytes(_exactly(descriptor, 4, until))
    if size > MAX_BYTES:
        raise PeerLost("it answers with more than is taken")
    return _exactly(descriptor, size, until)


def _exactly(descriptor: int, size: int, until: float) -> bytes:
    parts = bytearray()
    while len(parts) < size:
        _wait(descriptor, select.POLLIN, until)
        try:
            part = os.read(descriptor, min(_CHUNK, size - len(parts)))
        except BlockingIOError:
            continue
        if not part:
            raise PeerLost("it has ended")
        parts += part
    return bytes(parts)


def _wait(descriptor: int, event: int, until: float) -> None:
    poll = select.poll()
    poll.register(descriptor, event)
    left = until - time.monotonic()
    if left <= 0 or not poll.poll(left * 1000):
        raise PeerLost("it did not answer in time")
