"""A web host on loopback."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar


class PageHost(BaseHTTPRequestHandler):
    """Serves `pages`: path → media type and body. For one test at a time."""

    pages: ClassVar[dict[str, tuple[str, bytes]]] = {}
    asked: ClassVar[list[tuple[str, str]]] = []  # path, and what it may be

    def do_GET(self) -> None:
        type(self).asked.append((self.path, self.headers["Accept"]))
        media_type, body = self.pages.get(self.path, ("text/html", b"nothing here"))
        self.send_response(200 if self.path in self.pages else 404)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def hosting(handler: type[BaseHTTPRequestHandler]) -> Iterator[int]:
    """The port it answers on, until the end of the block."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield server.server_port
    server.shutdown()
    server.server_close()
    thread.join()


@contextmanager
def page_host() -> Iterator[int]:
    """With no pages yet."""
    PageHost.pages.clear()
    PageHost.asked.clear()
    with hosting(PageHost) as port:
        yield port
