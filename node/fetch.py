"""The only HTTP client that visits addresses other people chose: of DID documents and status lists.

Every rule stands in `Fetcher.get`, in order:

1. https only, no credentials in the URL, no fragment; http only for hosts the operator allowed.
2. The name is resolved once; every address it has must be public; the address that was checked is the one
   that is connected to, so a resolver that changes its mind between check and use gains nothing.
3. No proxy, cookie or setting from the environment; no redirect is followed; only the identity encoding is
   accepted, so there is nothing to inflate.
4. Status 200, a media type that may hold JSON, at most `max_bytes`, all within one deadline.

`FetchRefused`: asking again will not help. `FetchFailed`: it may.
"""

from __future__ import annotations

import asyncio
import ipaddress
import ssl
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

import httpcore2
import httpx2

SocketOption = tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]
ResolveAddresses = Callable[[str, int], Awaitable[list[str]]]

MAX_URL_CHARS = 2048
MAX_ADDRESSES = 8  # connected to in turn, all within the one deadline
JSON_LINES = frozenset({"text/jsonl", "application/jsonl", "application/x-ndjson"})
TEXT_MEDIA_TYPES = JSON_LINES | {"", "application/json", "application/octet-stream", "text/json", "text/plain"}

_NOT_PUBLIC_V4 = (ipaddress.IPv4Network("192.88.99.0/24"),)  # 6to4 relays (RFC 7526): routed to who knows where
_GLOBAL_UNICAST_V6 = ipaddress.IPv6Network("2000::/3")  # the only block IANA hands out addresses from


class FetchRefused(Exception):
    """The address or what it served breaks a rule; another try would end the same."""


class FetchFailed(Exception):
    """No usable answer this time: a timeout, a broken connection, a server error (its HTTP `status`)."""

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True, slots=True)
class Fetched:
    """A body, as served."""

    url: str
    body: bytes
    media_type: str  # lower case, without parameters; empty when the server named none


def is_public(address: str) -> bool:
    """Whether an IP address is on the public internet, and not a way round to one that is not.

    Not public: private, loopback, link-local, shared (CGNAT), multicast, reserved and documentation ranges, and
    IPv6 forms that carry an IPv4 address: mapped, compatible, translated, NAT64, 6to4, Teredo.
    """
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if not ip.is_global or ip.is_multicast or ip.is_reserved:
        return False
    if isinstance(ip, ipaddress.IPv4Address):
        return not any(ip in network for network in _NOT_PUBLIC_V4)
    return ip in _GLOBAL_UNICAST_V6 and ip.sixtofour is None and ip.teredo is None


async def system_resolver(host: str, port: int) -> list[str]:
    """The addresses of a host name, by the operating system's resolver. Raises OSError."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port)
    return list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))


class _PinningBackend(httpcore2.AsyncNetworkBackend):
    """Connects to the addresses that were checked, and to nothing else."""

    def __init__(self, resolve: ResolveAddresses, allow: frozenset[tuple[str, int]]) -> None:
        self._resolve = resolve
        self._allow = allow
        self._network = httpcore2.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 -- the interface's own parameter
        local_address: str | None = None,
        socket_options: Iterable[SocketOption] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        try:
            addresses = await self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise httpcore2.ConnectError(f"{host} has no address") from error
        if not addresses:
            raise httpcore2.ConnectError(f"{host} has no address")
        if (host, port) not in self._allow and not all(map(is_public, addresses)):
            raise FetchRefused(f"{host} is not on the public internet")
        for address in addresses[:MAX_ADDRESSES]:
            try:
                return await self._network.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout):
                continue
        raise httpcore2.ConnectError(f"{host} does not answer")

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ASYNC109 -- the interface's own parameter
        socket_options: Iterable[SocketOption] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        raise FetchRefused("local sockets are never fetched from")

    async def sleep(self, seconds: float) -> None:
        await self._network.sleep(seconds)


class Fetcher:
    """Fetches small documents. Safe to share; holds no connection between calls."""

    def __init__(
        self,
        *,
        allow: frozenset[tuple[str, int]] = frozenset(),
        max_bytes: int = 256 * 1024,
        deadline: float = 5.0,
        max_concurrent: int = 16,
        resolve: ResolveAddresses = system_resolver,
        ssl_context: ssl.SSLContext | None = None,
    ) -> None:
        """`allow`: hosts (lower case) and ports that may be private and speak plain http (tests)."""
        self._allow = allow
        self._max_bytes = max_bytes
        self._deadline = deadline
        self._turns = asyncio.Semaphore(max_concurrent)
        self._backend = _PinningBackend(resolve, allow)
        self._ssl_context = ssl_context or httpcore2.default_ssl_context()

    async def get(
        self,
        url: str,
        *,
        accept: str = "application/json",
        max_bytes: int | None = None,
        media_types: frozenset[str] = frozenset(),
    ) -> Fetched:
        """One document. Raises FetchRefused or FetchFailed, and nothing else.

        `max_bytes`: of the body; None: as the fetcher was made for. `media_types`: taken beside JSON and text.
        """
        parsed = self._admit(url)
        limit = self._max_bytes if max_bytes is None else max_bytes
        headers = [("Accept", accept), ("Accept-Encoding", "identity"), ("User-Agent", "goodstanding")]
        target = httpcore2.URL(
            scheme=parsed.raw_scheme, host=parsed.raw_host, port=parsed.port, target=parsed.raw_path
        )
        try:
            async with (
                asyncio.timeout(self._deadline),
                self._turns,
                httpcore2.AsyncConnectionPool(
                    ssl_context=self._ssl_context, network_backend=self._backend, max_keepalive_connections=0
                ) as pool,
                pool.stream("GET", target, headers=headers) as response,
            ):
                media_type = self._admit_response(response, limit, media_types)
                return Fetched(url, await self._read(response, limit), media_type)
        except TimeoutError as error:
            raise FetchFailed(f"{parsed.host} took too long") from error
        except (httpcore2.NetworkError, httpcore2.ProtocolError, httpcore2.TimeoutException, OSError) as error:
            raise FetchFailed(f"{parsed.host}: {error or type(error).__name__}") from error

    def _admit(self, url: str) -> httpx2.URL:
        if len(url) > MAX_URL_CHARS:
            raise FetchRefused("the address is too long")
        try:
            parsed = httpx2.URL(url)
        except (httpx2.InvalidURL, UnicodeError) as error:
            raise FetchRefused("the address is not a URL") from error
        host = parsed.raw_host.decode("ascii")
        port = {"https": 443, "http": 80}.get(parsed.scheme, 0) if parsed.port is None else parsed.port
        if not host or not 0 < port < 65536:
            raise FetchRefused("the address names no host that could be asked")
        if parsed.scheme != "https" and not (parsed.scheme == "http" and (host, port) in self._allow):
            raise FetchRefused("only https addresses are fetched")
        if parsed.userinfo or parsed.fragment:
            raise FetchRefused("the address carries credentials or a fragment")
        return parsed

    def _admit_response(self, response: httpcore2.Response, max_bytes: int, media_types: frozenset[str]) -> str:
        """The media type of a response that may be read."""
        headers: dict[bytes, list[bytes]] = {}
        for name, value in response.headers:
            headers.setdefault(name.lower(), []).append(value)
        if 300 <= response.status < 400:
            raise FetchRefused("redirects are not followed")
        if response.status in {404, 410}:
            raise FetchRefused(f"there is no such document (HTTP {response.status})")
        if response.status != 200:
            raise FetchFailed(f"the server answered HTTP {response.status}", response.status)
        if headers.get(b"content-encoding", [b"identity"]) != [b"identity"]:
            raise FetchRefused("the body is compressed, which was not asked for")
        declared = b"".join(headers.get(b"content-length", []))
        if declared.isdigit() and int(declared[:20]) > max_bytes:
            raise FetchRefused(f"the body is larger than {max_bytes} bytes")
        content_type = b"".join(headers.get(b"content-type", []))[:256].decode("latin-1")
        media_type = content_type.partition(";")[0].strip().lower()
        if media_type not in TEXT_MEDIA_TYPES | media_types and not media_type.endswith("+json"):
            raise FetchRefused(f"the body is of a kind that is not read here: {media_type[:80]!r}")
        return media_type

    async def _read(self, response: httpcore2.Response, max_bytes: int) -> bytes:
        body = bytearray()
        async for chunk in response.aiter_stream():
            body += chunk
            if len(body) > max_bytes:
                raise FetchRefused(f"the body is larger than {max_bytes} bytes")
        return bytes(body)
