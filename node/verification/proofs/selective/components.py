"""Proof values of the selective disclosure suites: three bytes that name the kind, then CBOR.

Read strictly: no tags ("CBOR tagging MUST NOT be used on any of the components", vc-di-ecdsa §3.5.2), no open
lengths, no repeated keys, no second spelling of the same bytes, and nothing past the end.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Never, TypeVar

import cbor2

from node.crypto import base64url
from node.verification.reasons import Reason
from node.verification.refusals import Refused

MAX_STATEMENTS = 1_000  # of one credential; an Open Badge makes some 100
MAX_CHARS = 120_000  # of a proof value: a signature of 64 bytes for each statement
MAX_POINTERS = 256

_Label = TypeVar("_Label", bytes, int)

_KIND_BYTES = 3
_MAX_DEPTH = 3
_MEMBER = "/proof/proofValue"


class _NoTags(dict[int, Callable[[Any], Any]]):
    """In the place of cbor2's decoders of tags, some of which work (regular expressions, fractions)."""

    def get(self, *_: Any) -> Never:
        raise ValueError("a tag")

    __getitem__ = get


def kind_of(text: object) -> bytes:
    """The three bytes that say what a proof value is. Raises Refused(MALFORMED_PROOF)."""
    return _decoded(text)[:_KIND_BYTES]


def components_of(text: object) -> list[Any]:
    """The CBOR array behind them. Raises Refused(MALFORMED_PROOF)."""
    data = _decoded(text)[_KIND_BYTES:]
    try:
        value = cbor2.loads(
            data,
            semantic_decoders=_NoTags(),
            tag_hook=_NoTags().get,
            max_depth=_MAX_DEPTH,
            allow_indefinite=False,
            allow_duplicate_keys=False,
        )
        once = cbor2.dumps(value) == data
    except (cbor2.CBORDecodeError, cbor2.CBOREncodeError) as error:
        raise malformed("is not CBOR of the form it should have") from error
    if type(value) is not list or not once:
        raise malformed("is not CBOR of the form it should have")
    return value


def encode(kind: bytes, components: list[Any]) -> str:
    """A proof value."""
    return "u" + base64url.encode(kind + cbor2.dumps(components))


def octets(value: object, size: int | None = None) -> bytes:
    """A byte string, `size` long. Raises Refused(MALFORMED_PROOF)."""
    if type(value) is not bytes or (size is not None and len(value) != size):
        raise malformed("lacks bytes it should have")
    return value


def places(value: object) -> tuple[int, ...]:
    """Places in a list of statements, none twice. Raises Refused(MALFORMED_PROOF)."""
    if (
        type(value) is not list
        or len(value) > MAX_STATEMENTS
        or not all(type(one) is int and 0 <= one < MAX_STATEMENTS for one in value)
        or len(set(value)) != len(value)
    ):
        raise malformed("names statements in a way that cannot be read")
    return tuple(value)


def label_map(value: object, label: Callable[[Any], _Label]) -> tuple[_Label, ...]:
    """The label of each blank node, by its canonical number. `label` reads one, and raises Refused.

    One label for two nodes would let a holder take a node apart: its licence here, its restrictions there.
    """
    if type(value) is not dict or len(value) > MAX_STATEMENTS or not all(type(one) is int for one in value):
        raise malformed("names parts in a way that cannot be read")
    if set(value) != set(range(len(value))):
        raise malformed("does not name every part")
    labels = tuple(label(value[number]) for number in range(len(value)))
    if len(set(labels)) != len(labels):
        raise malformed("gives two parts the same name")
    return labels


def malformed(what: str) -> Refused:
    return Refused(Reason.MALFORMED_PROOF, f"The proof value {what}.", _MEMBER)


def _decoded(text: object) -> bytes:
    if type(text) is not str or not 1 < len(text) <= MAX_CHARS or text[0] != "u":
        raise malformed("is not base64url text of acceptable length")
    try:
        return base64url.decode(text[1:])
    except base64url.MalformedBase64url as error:
        raise malformed("is not base64url") from error
