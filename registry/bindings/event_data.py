"""The members of an event, read from its topics and data: by hand, for this is where a replica's time goes.

Strict: what is not exactly as our contracts write it, byte for byte, is refused.
"""

from __future__ import annotations

from registry.bindings.addresses import checksummed, keccak256
from registry.records import Terms

WORD = 32


class UndecodableEvent(ValueError):
    """The log is none that our contracts emit."""


def octets(hexadecimal: str) -> bytes:
    found = bytes.fromhex(hexadecimal[2:])
    if hexadecimal[:2] != "0x" or len(hexadecimal) != 2 + 2 * len(found):  # fromhex skips white space
        raise UndecodableEvent("not hexadecimal with 0x")
    return found


def word(hexadecimal: str) -> bytes:
    found = octets(hexadecimal)
    if len(found) != WORD:
        raise UndecodableEvent("a topic is one word")
    return found


def exactly(data: bytes, words: int) -> bytes:
    if len(data) != words * WORD:
        raise UndecodableEvent(f"{len(data)} bytes of data, expected {words * WORD}")
    return data


def uint(word: bytes, bits: int) -> int:
    value = int.from_bytes(word, "big")
    if value >> bits:
        raise UndecodableEvent(f"{value} does not fit {bits} bits")
    return value


def boolean(word: bytes) -> bool:
    return uint(word, 1) == 1


def address(word: bytes) -> str:
    if any(word[:12]):
        raise UndecodableEvent("not an address")
    return checksummed(word[12:])


def named(topic: bytes, name: str) -> None:
    """A list is indexed by the hash of its URL, an issuer by that of its DID."""
    if keccak256(name.encode()) != topic:
        raise UndecodableEvent(f"{name!r} is not what the topic names")


class Tail:
    """The members of variable length. They follow the words of the head one after another, without gaps.

    So `end` is at once where the next member begins and the proof that it does: an offset that points
    elsewhere (back, ahead, into another member) is refused, and no byte is read twice.
    """

    __slots__ = ("data", "end")

    def __init__(self, data: bytes, head_words: int) -> None:
        self.data = data
        self.end = head_words * WORD
        if len(data) < self.end:
            raise UndecodableEvent(f"{len(data)} bytes of data, expected {self.end} or more")

    def finish(self) -> None:
        """Nothing may follow the last member."""
        if self.end != len(self.data):
            raise UndecodableEvent(f"{len(self.data) - self.end} bytes after the last member")

    def octets(self, word: int, base: int = 0) -> bytes:
        """The `bytes` whose offset from `base` stands in that word after `base`."""
        length = self._begin(word, base)
        start = self.end
        stop = start + length
        self.end = stop + -length % WORD
        if self.end > len(self.data) or any(self.data[stop : self.end]):
            raise UndecodableEvent("a member runs past the end, or is not padded with zeros")
        return self.data[start:stop]

    def text(self, word: int, base: int = 0) -> str:
        return self.octets(word, base).decode()

    def texts(self, word: int, base: int = 0) -> tuple[str, ...]:
        count = self._begin(word, base)
        start = self.end
        if count > (len(self.data) - start) // WORD:
            raise UndecodableEvent("an array runs past the end")
        self.end += count * WORD
        return tuple(self.text(index, start) for index in range(count))

    def addresses(self, word: int) -> tuple[str, ...]:
        count = self._begin(word, 0)
        start = self.end
        if count > (len(self.data) - start) // WORD:
            raise UndecodableEvent("an array runs past the end")
        self.end += count * WORD
        return tuple(address(self.data[at : at + WORD]) for at in range(start, self.end, WORD))

    def terms(self, word: int) -> Terms:
        """struct Terms: three offsets from its own beginning, two numbers, then the members."""
        self._expect(word, 0)
        base = self.end
        self.end += 5 * WORD
        if self.end > len(self.data):
            raise UndecodableEvent("the terms run past the end")
        return Terms(
            name=self.text(0, base),
            credential_types=self.texts(1, base),
            jurisdictions=self.texts(2, base),
            valid_from=uint(self.data[base + 96 : base + 128], 40),
            valid_until=uint(self.data[base + 128 : base + 160], 40),
        )

    def _expect(self, word: int, base: int) -> None:
        at = base + word * WORD
        if int.from_bytes(self.data[at : at + WORD], "big") != self.end - base:
            raise UndecodableEvent("an offset does not point to where its member is")

    def _begin(self, word: int, base: int) -> int:
        """Moves to just after the length of the member, and returns the length."""
        self._expect(word, base)
        start = self.end
        self.end += WORD
        if self.end > len(self.data):
            raise UndecodableEvent("a member runs past the end")
        return int.from_bytes(self.data[start : self.end], "big")
