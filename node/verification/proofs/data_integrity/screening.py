"""What every document must keep to, whatever secures it: the base context, plain spelling, plain shapes.

`screen` judges the text alone. A signature over JSON (eddsa-jcs-2022, JOSE) covers the text, so that this
is enough; for a signature over RDF, dataset.py goes on to judge what each key means.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from node.verification.proofs.contexts import Contexts
from node.verification.proofs.data_integrity.inline_contexts import check_context, check_root_context
from node.verification.proofs.data_integrity.members import READ_NAMES, local_name
from node.verification.reasons import Reason
from node.verification.refusals import Refused

_DATES = ("validFrom", "validUntil", "issuanceDate", "expirationDate")
_IDENTIFIED = ("issuer", "holder")
_OBJECT_TEXTS = ("id", "statusPurpose", "statusListCredential")
_VALUE_KEYS = frozenset({"@value", "@language", "@type", "@direction"})

# Objects found to be in order, by their keys alone: an issuer writes the same ones over and over.
_in_order: set[tuple[str, ...]] = set()
_REMEMBERED, _MOST_KEYS, _MOST_CHARS = 2_000, 64, 1_024


def screen(document: Mapping[str, Any], contexts: Contexts | None = None) -> None:
    """`contexts`: those that may be named; None: any.

    Raises Refused: RESPELLED_MEMBER, UNSAFE_CONTEXT, UNKNOWN_CONTEXT, MALFORMED_CREDENTIAL.
    """
    check_root_context(document)
    check_shapes(document)
    waiting: list[Any] = [document]
    while waiting:
        item = waiting.pop()
        if type(item) is list:
            values: Iterable[Any] = item
        else:
            values = item.values()
            if "@context" in item:
                check_context(item["@context"], contexts)
                values = [value for key, value in item.items() if key != "@context"]
            keys = tuple(item)
            if keys not in _in_order:
                _check_keys(keys)
        waiting += [value for value in values if type(value) is dict or type(value) is list]


def _check_keys(keys: tuple[str, ...]) -> None:
    """Of one object. Raises Refused(RESPELLED_MEMBER)."""
    for key in keys:
        if key[:1] == "@" and key != "@context" and (key not in _VALUE_KEYS or "@value" not in keys):
            raise Refused(Reason.RESPELLED_MEMBER, f"{key[:80]!r} stands where a member belongs.")
        if ":" in key and local_name(key) in READ_NAMES:
            raise Refused(Reason.RESPELLED_MEMBER, f"{key[:200]!r} is another spelling of {local_name(key)!r}.")
    if len(keys) <= _MOST_KEYS and sum(map(len, keys)) <= _MOST_CHARS:
        if len(_in_order) >= _REMEMBERED:
            _in_order.clear()
        _in_order.add(keys)


def check_shapes(document: Mapping[str, Any]) -> None:
    """What is read at the top has one shape: JSON-LD would let a text be a list or an object as well.

    Raises Refused(MALFORMED_CREDENTIAL).
    """
    for name in _DATES:
        if name in document and type(document[name]) is not str:
            raise _malformed(name, "a text")
    for name in _IDENTIFIED:
        if name in document:
            value = document[name]
            named = value.get("id") if type(value) is dict else value
            if type(named) is not str:
                raise _malformed(name, "an address, or an object with an `id`")
    if "id" in document and type(document["id"]) is not str:
        raise _malformed("id", "a text")
    for name in ("credentialStatus", "credentialSchema", "credentialSubject"):
        if name in document:
            value = document[name]
            for entry in value if type(value) is list else (value,):
                _check_entry(name, entry)


def _check_entry(name: str, entry: Any) -> None:
    if type(entry) is not dict:
        raise _malformed(name, "an object, or a list of objects")
    for text in _OBJECT_TEXTS:
        if text in entry and type(entry[text]) is not str and not _purposes(name, text, entry):
            raise _malformed(name, f"an object whose `{text}` is a text")
    if "statusListIndex" in entry and type(entry["statusListIndex"]) not in (str, int):
        raise _malformed(name, "an object whose `statusListIndex` is a number in a text")


def _purposes(name: str, text: str, entry: Mapping[str, Any]) -> bool:
    """Bitstring Status List §2.2: a list may be for several purposes. Read as a set, it has one meaning."""
    stated = entry[text]
    several = (name, text) == ("credentialSubject", "statusPurpose") and type(stated) is list
    return several and all(type(one) is str for one in stated)


def _malformed(name: str, expected: str) -> Refused:
    return Refused(Reason.MALFORMED_CREDENTIAL, f"`{name}` is not {expected}.", f"/{name}")
