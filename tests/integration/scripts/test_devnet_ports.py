"""A network's ports: each its own, free, and none that a connection could be given meanwhile."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from scripts.devnet import node
from scripts.devnet.node import GethFailed, free_ports

CONNECTIONS = Path("/proc/sys/net/ipv4/ip_local_port_range")


def test_they_are_out_of_the_way_of_connections() -> None:
    found = free_ports(28)
    assert len(set(found)) == 28
    lowest, _ = CONNECTIONS.read_text().split() if CONNECTIONS.exists() else ("32768", "")
    assert max(found) < int(lowest)


def test_a_port_that_is_taken_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    (port,) = free_ports(1)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        monkeypatch.setattr(node, "_PORTS", range(port, port + 1))
        with pytest.raises(GethFailed):
            free_ports(1)
