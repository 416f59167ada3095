"""Whether two calls ask for the same. Pure.

Some calls name the moment from when on they are to hold, which whoever asks for them may leave to the node: two
governors that ask for the same, one after the other, then send different bytes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from registry.bindings.abi import AbiMismatch, Function, decoded
from registry.bindings.issuer_registry import ACCREDIT
from registry.bindings.status_registry import PUBLISHING_IN_EMERGENCY


def same_call(one: bytes, other: bytes, *, at_any_moment: bool) -> bool:
    """Of one contract. `at_any_moment`: from when on they hold makes no difference."""
    if one == other:
        return True
    return at_any_moment and one[:4] == other[:4] and _without_moment(one) == _without_moment(other)


def _without_moment(data: bytes) -> object:
    """What the call asks for, but for that moment; the call itself where it names none."""
    function, rest = _MOMENTS.get(data[:4], (None, None))
    if function is None or rest is None:
        return data
    try:
        return rest(*decoded(function.inputs, data[4:]))
    except AbiMismatch:
        return data


def _of_accreditation(did: str, admin: str, operator: str, terms: tuple[Any, ...]) -> object:
    name, types, places, _valid_from, valid_until = terms
    return did, admin, operator, name, types, places, valid_until


def _of_update(update: tuple[Any, ...]) -> object:
    list_id, seq, root, _effective_at, delta = update
    return list_id, seq, root, delta


_MOMENTS: dict[bytes, tuple[Function, Callable[..., object]]] = {
    ACCREDIT.selector: (ACCREDIT, _of_accreditation),
    PUBLISHING_IN_EMERGENCY.selector: (PUBLISHING_IN_EMERGENCY, _of_update),
}
