"""Counters and gauges for Prometheus. One registry an application: nothing global, so tests do not meet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from fastapi import Request
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from node.api.services import Node
from node.verification.verdict import Verdict

_SECONDS = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0)


class Metrics:
    """What this application has done, and how fresh the records are it rests on."""

    def __init__(self, node: Node) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "goodstanding_http_requests",
            "Requests answered",
            ["method", "route", "status"],
            registry=self._registry,
        )
        self._by_labels: dict[tuple[str, str, int], Counter] = {}
        self._verdicts = Counter(
            "goodstanding_verdicts", "Verdicts given", ["decision"], registry=self._registry
        )
        self._seconds = Histogram(
            "goodstanding_verification_seconds",
            "Time one verification took",
            buckets=_SECONDS,
            registry=self._registry,
        )
        block = Gauge("goodstanding_replica_block", "Block the replica has come to", registry=self._registry)
        block.set_function(lambda: _block(node))
        damaged = Gauge(
            "goodstanding_damaged_lists",
            "Status lists whose head or root is not what was recomputed: an alarm",
            registry=self._registry,
        )
        damaged.set_function(lambda: sum(not one.intact for one in node.queries.status_lists()))
        age = Gauge(
            "goodstanding_replica_age_seconds",
            "Seconds of which nothing is known: since the head's own time, or since it was last confirmed",
            registry=self._registry,
        )
        age.set_function(lambda: max(0.0, node.clock() - node.queries.freshness().reaches))

        self._registry.register(_LedgerAddress(node))
        self._registry.register(_SlowPath(node))

    def request(self, method: str, route: str, status: int) -> None:
        # Prometheus' own look-up of labels takes a lock and makes texts of them, each time.
        counter = self._by_labels.get((method, route, status))
        if counter is None:
            counter = self._by_labels[method, route, status] = self._requests.labels(method, route, status)
        counter.inc()

    def verdict(self, verdict: Verdict, seconds: float) -> None:
        self._verdicts.labels(verdict.decision.value).inc()
        self._seconds.observe(seconds)

    def exposition(self) -> bytes:
        """All of it in Prometheus' text format."""
        return generate_latest(self._registry)


class _LedgerAddress(Collector):
    """Which address of the ledger is asked: its place among those configured, for an address may hold a key."""

    def __init__(self, node: Node) -> None:
        self._node = node

    def collect(self) -> Iterator[Metric]:
        address = self._node.replication.address
        place = "Which of the ledger's addresses is in use; 1: the first"
        yield GaugeMetricFamily("goodstanding_ledger_address", place, value=address.place)
        yield GaugeMetricFamily("goodstanding_ledger_addresses", "How many there are", value=address.of)
        failovers = "How often another address of the ledger took over"
        yield CounterMetricFamily("goodstanding_ledger_failovers", failovers, value=address.failovers)


class _SlowPath(Collector):
    """How often the fast path left a document to the general processor, and what came of it."""

    def __init__(self, node: Node) -> None:
        self._node = node

    def collect(self) -> Iterator[CounterMetricFamily]:
        """Read when asked: the counts are kept where the work is done."""
        counted = (
            ("declined", "Documents the fast path left over", "why", self._node.slow_path.declined),
            ("ended", "How the reading of those ended", "how", self._node.slow_path.ended),
        )
        for name, words, label, counts in counted:
            family = CounterMetricFamily(f"goodstanding_slow_path_{name}", words, labels=[label])
            for value, count in sorted(dict(counts).items()):
                family.add_metric([value], count)
            yield family


def _block(node: Node) -> float:
    head = node.queries.freshness().head
    return head.number if head else 0


class CountRequests:
    """Counts every response by the route that made it, never by its path: paths are without number."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = 500

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noting)
        finally:
            route = getattr(scope.get("route"), "path", "none")
            method = scope["method"] if scope["method"] in _METHODS else "other"
            self._metrics.request(method, route, status)


_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


def metrics_of(request: Request) -> Metrics:
    return cast(Metrics, request.app.state.metrics)
