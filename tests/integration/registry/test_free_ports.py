"""Ports for programs: each its own, free, and none that a connection could be given meanwhile."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from registry import free_ports
from registry.free_ports import free_port

CONNECTIONS = Path("/proc/sys/net/ipv4/ip_local_port_range")


def test_none_is_given_twice_while_nothing_listens_yet() -> None:
    """Of four chosen at random for each of six programs, two would be the same once in forty times."""
    found = [free_port() for _ in range(2_000)]
    assert len(set(found)) == len(found)


def test_they_are_out_of_the_way_of_connections() -> None:
    lowest, _ = CONNECTIONS.read_text().split() if CONNECTIONS.exists() else ("32768", "")
    assert max(free_port() for _ in range(100)) < int(lowest)


def test_the_preferred_one_is_given_unless_it_is_taken() -> None:
    port = free_port()
    assert free_port(port) == port
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        assert free_port(port) != port


def test_a_port_that_is_taken_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    port = free_port()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        monkeypatch.setattr(free_ports, "_PORTS", range(port, port + 1))
        with pytest.raises(OSError, match="no free port"):
            free_port()
