"""Delivers alerts to the configured endpoints, and to no other address."""

from __future__ import annotations

import asyncio
import ipaddress
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import httpx2
import orjson

from node.clock import Clock
from node.errors import NotConfigured
from node.monitoring.alerts import Alert
from node.monitoring.delivery import signature
from node.monitoring.delivery.outbox import Delivery, Outbox

log = logging.getLogger(__name__)

TIMEOUT = 10.0
"""Seconds an endpoint has to answer."""
AT_A_TIME = 32
"""Deliveries under way to one endpoint."""
MAX_ANSWER = 16 * 1024
"""Bytes of an answer that are worth a connection."""
POLL = 5.0
"""Seconds between looks at the outbox that nobody asked for: the safety net under the wake-ups."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where alerts go. The secret signs them and is never shown. Raises NotConfigured for an unsafe URL."""

    url: str
    secret: bytes = field(repr=False)

    def __post_init__(self) -> None:
        try:
            parts = urlsplit(self.url)
            named = bool(parts.hostname) and parts.port != 0
        except ValueError:
            raise NotConfigured("a webhook's URL cannot be read") from None
        if not named or parts.username is not None or parts.fragment:
            raise NotConfigured("a webhook's URL names a host, no user, no fragment")
        if parts.scheme != "https" and not (parts.scheme == "http" and _is_loopback(parts.hostname or "")):
            raise NotConfigured("a webhook's URL is https, or http on this machine")
        if len(self.secret) < 16:
            raise NotConfigured("a webhook's secret has at least 16 bytes")


class WebhookSender:
    """Sends what waits in the outbox: one loop for each endpoint, so that a dead one holds up no other."""

    def __init__(
        self, outbox: Outbox, endpoints: Sequence[Endpoint], *, clock: Clock, poll: float = POLL
    ) -> None:
        self._outbox = outbox
        self._endpoints = tuple(endpoints)
        self._clock = clock
        self._poll = poll
        self._wake_ups = {endpoint.url: asyncio.Event() for endpoint in endpoints}

    def wake(self) -> None:
        """There is something new to send. Call on the event loop."""
        for event in self._wake_ups.values():
            event.set()

    async def run(self) -> None:
        """Send until cancelled."""
        gone = await asyncio.to_thread(self._outbox.abandon_all_but, list(self._wake_ups))
        if gone:
            log.warning("%d deliveries were waiting for endpoints that are no longer configured", gone)
        limits = httpx2.Limits(max_connections=AT_A_TIME, max_keepalive_connections=AT_A_TIME)
        # trust_env: no proxy or credentials that an environment variable names; no redirect: only this URL.
        async with (
            httpx2.AsyncClient(
                timeout=TIMEOUT, limits=limits, trust_env=False, follow_redirects=False
            ) as client,
            asyncio.TaskGroup() as group,
        ):
            for endpoint in self._endpoints:
                group.create_task(self._serve(client, endpoint))

    async def _serve(self, client: httpx2.AsyncClient, endpoint: Endpoint) -> None:
        wake_up = self._wake_ups[endpoint.url]
        while True:
            wake_up.clear()
            try:
                sent = await self._send_due(client, endpoint)
                pause = 0.0 if sent else await self._pause(endpoint)
            except Exception:  # the task's outer edge: whatever the database does, sending goes on later
                log.exception("deliveries to %s are held up", endpoint.url)
                pause = self._poll
            if pause > 0:
                try:
                    await asyncio.wait_for(wake_up.wait(), pause)
                except TimeoutError:
                    continue

    async def _send_due(self, client: httpx2.AsyncClient, endpoint: Endpoint) -> int:
        deliveries = await asyncio.to_thread(self._outbox.due, endpoint.url, AT_A_TIME)
        if deliveries:
            errors = await asyncio.gather(*(self._attempt(client, endpoint, one) for one in deliveries))
            await asyncio.to_thread(self._outbox.record, list(zip(deliveries, errors, strict=True)))
        return len(deliveries)

    async def _pause(self, endpoint: Endpoint) -> float:
        soonest = await asyncio.to_thread(self._outbox.next_due, endpoint.url)
        return self._poll if soonest is None else min(max(soonest - self._clock(), 0.0), self._poll)

    async def _attempt(self, client: httpx2.AsyncClient, endpoint: Endpoint, delivery: Delivery) -> str | None:
        """None when delivered, else what went wrong. An answer of 2xx is a receipt, whatever it says."""
        body = body_of(delivery)
        headers = {
            "Content-Type": "application/json",
            signature.ID_HEADER: delivery.id,
            signature.HEADER: signature.sign(endpoint.secret, body, int(self._clock())),
        }
        try:
            async with (
                asyncio.timeout(TIMEOUT),
                client.stream("POST", endpoint.url, content=body, headers=headers) as response,
            ):
                status = response.status_code
                await _drain(response)
        except (httpx2.HTTPError, TimeoutError) as failure:
            error = type(failure).__name__
        else:
            if 200 <= status < 300:
                return None
            error = f"the endpoint answered {status}"
        log.warning("alert %d was not delivered to %s: %s", delivery.alert.id, endpoint.url, error)
        return error


def body_of(delivery: Delivery) -> bytes:
    """What is sent: the same bytes on every attempt. No content of the credential."""
    return orjson.dumps({"id": delivery.id, "type": "alert", "alert": alert_document(delivery.alert)})


def alert_document(alert: Alert) -> dict[str, object]:
    """An alert as clients see it, without what changes when it is acknowledged."""
    return {
        "id": alert.id,
        "enrolmentId": alert.enrolment_id,
        "reference": alert.reference,
        "kind": alert.kind.value,
        "detail": alert.detail,
        "subject": alert.subject,
        "statusListIndex": alert.entry_index,
        "member": alert.member,
        "previousDecision": alert.previous_decision.value,
        "decision": alert.decision.value,
        "change": alert.change_seq,
        "block": {
            "number": alert.stamp.number,
            "hash": "0x" + alert.stamp.hash.hex(),
            "time": alert.stamp.time,
        },
        "effectiveAt": alert.effective_at,
        "createdAt": alert.created_at,
    }


async def _drain(response: httpx2.Response) -> None:
    """Take a short answer off the connection, so that it serves the next delivery; cut a long one off."""
    taken = 0
    async for chunk in response.aiter_raw():
        taken += len(chunk)
        if taken > MAX_ANSWER:
            return


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
