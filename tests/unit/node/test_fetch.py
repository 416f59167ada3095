"""Which addresses are never connected to, and which URLs are never asked for."""

from __future__ import annotations

import ssl

import pytest

from node.fetch import Fetcher, FetchFailed, FetchRefused, is_public

TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # loading the system's certificates takes long

NOT_PUBLIC = [
    "0.0.0.0",
    "10.1.2.3",
    "100.64.0.1",  # CGNAT
    "127.0.0.1",
    "127.8.9.10",
    "169.254.169.254",  # cloud metadata
    "172.16.0.1",
    "192.0.0.1",
    "192.0.2.1",
    "192.88.99.1",  # 6to4 relay
    "192.168.1.1",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",  # IPv4-compatible
    "::ffff:127.0.0.1",  # IPv4-mapped
    "::ffff:8.8.8.8",
    "::ffff:0:127.0.0.1",  # IPv4-translated
    "64:ff9b::7f00:1",  # NAT64
    "64:ff9b:1::7f00:1",
    "100::1",
    "2001::7f00:1",  # Teredo
    "2001:db8::1",
    "2002:7f00:1::",  # 6to4
    "2002:808:808::",
    "fc00::1",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "not an address",
    "",
]


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_an_address_that_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "93.184.216.34", "2606:4700:4700::1111", "2a00:1450::1"])
def test_a_public_address(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/",
        "ftp://example.com/",
        "file:///etc/passwd",
        "https:///etc/passwd",
        "https://",
        "https://[::1",
        "https://example.com:99999/",
        "https://example.com:0/",
        "https://user:secret@example.com/",
        "https://example.com/#fragment",
        "https://example.com/" + "a" * 4096,
        "",
        "nonsense",
        "https://exa\x00mple.com/",
    ],
)
async def test_a_url_that_is_never_asked_for(url: str) -> None:
    async def resolve(_host: str, _port: int) -> list[str]:
        pytest.fail("it was looked up")

    with pytest.raises(FetchRefused):
        await Fetcher(resolve=resolve, ssl_context=TLS).get(url)


@pytest.mark.parametrize("address", NOT_PUBLIC)
async def test_a_name_for_a_private_address_is_refused(address: str) -> None:
    async def resolve(_host: str, _port: int) -> list[str]:
        return [address]

    with pytest.raises(FetchRefused, match="public internet"):
        await Fetcher(resolve=resolve, ssl_context=TLS).get("https://board.example/")


async def test_one_private_address_among_public_ones_is_refused() -> None:
    async def resolve(_host: str, _port: int) -> list[str]:
        return ["93.184.216.34", "127.0.0.1"]

    with pytest.raises(FetchRefused, match="public internet"):
        await Fetcher(resolve=resolve, ssl_context=TLS).get("https://board.example/")


async def test_a_name_without_address_is_a_failure_that_may_pass() -> None:
    async def resolve(_host: str, _port: int) -> list[str]:
        raise OSError("no such name")

    with pytest.raises(FetchFailed):
        await Fetcher(resolve=resolve, ssl_context=TLS).get("https://board.example/")
