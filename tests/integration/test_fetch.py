"""The fetcher against a real, hostile server on loopback."""

from __future__ import annotations

import contextlib
import gzip
import http.server
import time
from collections.abc import Iterator

import pytest

from node.fetch import Fetcher, FetchFailed, FetchRefused
from tests.simulators.loopback_host import hosting


class HostileServer(http.server.BaseHTTPRequestHandler):
    """Each path misbehaves in its own way."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        body = {"/bomb": gzip.compress(bytes(10_000_000)), "/big": bytes(300_000)}.get(self.path, b'{"id": 1}')
        self.send_response({"/redirect": 302, "/error": 500, "/gone": 404}.get(self.path, 200))
        if self.path == "/redirect":
            self.send_header("Location", "http://169.254.169.254/latest/meta-data")
        if self.path == "/bomb":
            self.send_header("Content-Encoding", "gzip")
        kinds = {
            "/html": "text/html",
            "/jwt": "application/statuslist+jwt",
            "/cwt": "application/statuslist+cwt",
        }
        self.send_header("Content-Type", kinds.get(self.path, "application/did+json; charset=utf-8"))
        if self.path in {"/big-chunked", "/drip"}:
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            with contextlib.suppress(OSError):
                for _ in range(100):
                    self.wfile.write(
                        b"1000\r\n" + bytes(0x1000) + b"\r\n" if self.path != "/drip" else b"1\r\nx\r\n"
                    )
                    self.wfile.flush()
                    time.sleep(0.05 if self.path == "/drip" else 0)
                self.wfile.write(b"0\r\n\r\n")
            return
        if self.path == "/torn":
            self.send_header("Content-Length", "1000")
            self.end_headers()
            self.close_connection = True
            return
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with contextlib.suppress(OSError):
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with hosting(HostileServer) as port:
        yield port


@pytest.fixture
def fetcher(port: int) -> Fetcher:
    return Fetcher(allow=frozenset({("127.0.0.1", port)}), deadline=1.0)


async def test_an_allowed_host_is_read(fetcher: Fetcher, port: int) -> None:
    fetched = await fetcher.get(f"http://127.0.0.1:{port}/")
    assert (fetched.body, fetched.media_type) == (b'{"id": 1}', "application/did+json")


@pytest.mark.parametrize("path", ["/bomb", "/redirect", "/big", "/big-chunked", "/html", "/gone"])
async def test_what_breaks_a_rule_is_refused(fetcher: Fetcher, port: int, path: str) -> None:
    with pytest.raises(FetchRefused):
        await fetcher.get(f"http://127.0.0.1:{port}{path}")


async def test_another_kind_of_body_is_read_where_it_is_asked_for(fetcher: Fetcher, port: int) -> None:
    wanted = frozenset({"application/statuslist+jwt"})
    with pytest.raises(FetchRefused, match=r"statuslist\+jwt"):
        await fetcher.get(f"http://127.0.0.1:{port}/jwt")
    assert (await fetcher.get(f"http://127.0.0.1:{port}/jwt", media_types=wanted)).body
    with pytest.raises(FetchRefused, match=r"statuslist\+cwt"):
        await fetcher.get(f"http://127.0.0.1:{port}/cwt", media_types=wanted)


@pytest.mark.parametrize("path", ["/drip", "/error", "/torn"])
async def test_what_may_pass_is_a_failure(fetcher: Fetcher, port: int, path: str) -> None:
    with pytest.raises(FetchFailed):
        await fetcher.get(f"http://127.0.0.1:{port}{path}")


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "0.0.0.0", "[::1]", "[::ffff:127.0.0.1]", "2130706433"]
)
async def test_loopback_by_any_name_is_refused_unless_allowed(port: int, host: str) -> None:
    with pytest.raises(FetchRefused):
        await Fetcher(deadline=1.0).get(f"https://{host}:{port}/")


async def test_an_allowance_is_for_one_host_and_port(fetcher: Fetcher, port: int) -> None:
    with pytest.raises(FetchRefused):
        await fetcher.get(f"http://localhost:{port}/")


async def test_a_resolver_that_changes_its_mind_is_asked_once(port: int) -> None:
    answers = iter([["93.184.216.34"], ["127.0.0.1"]])
    asked: list[str] = []

    async def rebinding(host: str, _port: int) -> list[str]:
        asked.append(host)
        return next(answers)

    # Where the machine has no way out the connection fails; where it has one it is not our server that answers.
    with pytest.raises((FetchFailed, FetchRefused)):
        await Fetcher(resolve=rebinding, deadline=0.5).get(f"https://rebound.example:{port}/")
    assert asked == ["rebound.example"]


async def test_the_address_checked_is_the_address_connected_to(port: int) -> None:
    async def resolve(_host: str, _port: int) -> list[str]:
        return ["127.0.0.1"]

    allowed = Fetcher(resolve=resolve, allow=frozenset({("board.example", port)}), deadline=1.0)
    assert (await allowed.get(f"http://board.example:{port}/")).body == b'{"id": 1}'


async def test_settings_of_the_environment_are_ignored(
    fetcher: Fetcher, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert (await fetcher.get(f"http://127.0.0.1:{port}/")).body == b'{"id": 1}'
