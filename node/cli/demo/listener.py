"""The hospital's own system, as the demo plays it: an HTTP address that alerts are delivered to."""

from __future__ import annotations

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import orjson

MAX_BODY = 1 << 20


class AlertListener:
    """Collects what is posted to it, with the time it came."""

    def __init__(self) -> None:
        self._arrived = threading.Condition()
        self._alerts: list[tuple[float, dict[str, Any]]] = []
        listener = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = min(int(self.headers.get("content-length") or 0), MAX_BODY)
                listener._add(orjson.loads(self.rfile.read(length)))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                """The demo prints its own lines."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        """Where to deliver."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/alerts"

    def _add(self, alert: dict[str, Any]) -> None:
        with self._arrived:
            self._alerts.append((time.monotonic(), alert))
            self._arrived.notify_all()

    def wait(self, patience: float) -> tuple[float, dict[str, Any]] | None:
        """The first alert and its time on the monotonic clock; None if none came in time."""
        with self._arrived:
            self._arrived.wait_for(lambda: self._alerts, patience)
            return self._alerts[0] if self._alerts else None

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()
