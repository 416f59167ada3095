"""Recursive Length Prefix (Yellow Paper, appendix B): bytes and lists of them as bytes, and strictly back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeAlias

Item: TypeAlias = "bytes | int | Sequence[Item]"
Decoded: TypeAlias = "bytes | list[Decoded]"

MAX_BYTES = 64 * 1024
MAX_DEPTH = 8  # lists in lists: block headers, trie nodes and our own proofs need five


class MalformedRlp(ValueError):
    """Not the one way to write a value, or more than anything we read has."""


def encode(item: Item) -> bytes:
    """Of bytes, natural numbers and lists of them."""
    if isinstance(item, int):
        item = item.to_bytes((item.bit_length() + 7) // 8, "big")
    if isinstance(item, bytes):
        return item if len(item) == 1 and item[0] < 0x80 else _prefix(len(item), 0x80) + item
    return list_of(map(encode, item))


def list_of(encoded: Iterable[bytes]) -> bytes:
    """A list of items that are encoded already."""
    body = b"".join(encoded)
    return _prefix(len(body), 0xC0) + body


def _prefix(length: int, offset: int) -> bytes:
    if length < 56:
        return bytes([offset + length])
    digits = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes([offset + 55 + len(digits)]) + digits


def decode(data: bytes, max_bytes: int = MAX_BYTES) -> Decoded:
    """The one item that `data` is. Raises MalformedRlp for anything `encode` would have written otherwise."""
    if len(data) > max_bytes:
        raise MalformedRlp(f"{len(data)} bytes are too many")
    item, end = _item(data, 0, len(data), MAX_DEPTH)
    if end != len(data):
        raise MalformedRlp("bytes follow the item")
    return item


def decode_list(data: bytes, max_bytes: int = MAX_BYTES) -> list[Decoded]:
    """The same, of a list. Raises MalformedRlp."""
    item = decode(data, max_bytes)
    if isinstance(item, bytes):
        raise MalformedRlp("a text of bytes where a list belongs")
    return item


def octets(item: Decoded, size: int | None = None) -> bytes:
    """A member that is bytes, of exactly that size if given. Raises MalformedRlp."""
    if not isinstance(item, bytes) or (size is not None and len(item) != size):
        raise MalformedRlp("not bytes of the length that belongs here")
    return item


def number(item: Decoded, bits: int = 256) -> int:
    """A member that is a natural number. Raises MalformedRlp."""
    raw = octets(item)
    if len(raw) * 8 > bits or raw[:1] == b"\0":
        raise MalformedRlp("not a number of the size that belongs here")
    return int.from_bytes(raw, "big")


def _item(data: bytes, start: int, end: int, depth: int) -> tuple[Decoded, int]:
    """The item that begins at `start` and has to end by `end`, and where it does."""
    if start >= end:
        raise MalformedRlp("an item is missing")
    first = data[start]
    if first < 0x80:
        return data[start : start + 1], start + 1
    is_list = first >= 0xC0
    length, body = first - (0xC0 if is_list else 0x80), start + 1
    if length > 55:
        width = length - 55
        length = int.from_bytes(data[body : body + width], "big")
        if width > 4 or length < 56 or data[body] == 0:
            raise MalformedRlp("a length that is written otherwise")
        body += width
    stop = body + length
    if stop > end:
        raise MalformedRlp("an item is cut short")
    if not is_list:
        if length == 1 and data[body] < 0x80:
            raise MalformedRlp("a byte that is written otherwise")
        return data[body:stop], stop
    if not depth:
        raise MalformedRlp("lists too deep in one another")
    members: list[Decoded] = []
    while body < stop:
        first = data[body]
        if first == 0x80:  # most of what a trie's nodes hold is nothing at all,
            members.append(b"")
            body += 1
        elif first == 0xA0 and body + 33 <= stop:  # or a hash
            members.append(data[body + 1 : body + 33])
            body += 33
        else:
            member, body = _item(data, body, stop, depth - 1)
            members.append(member)
    return members, stop
