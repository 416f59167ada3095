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

_NONE = range(0)


def same_call(one: bytes, other: bytes, *, moments: range = _NONE) -> bool:
    """Of one contract. `moments`: Unix seconds from which on `one` may hold, whatever `other` says of that."""
    if one == other:
        return True
    if not moments or one[:4] != other[:4]:
        return False
    moment, rest = _parted(one)
    return moment is not None and moment in moments and rest == _parted(other)[1]


def _parted(data: bytes) -> tuple[int | None, object]:
    """The moment from when on a call is to hold, and the rest of it; None and the call where it names none."""
    function, part = _NAMING_A_MOMENT.get(data[:4], (None, None))
    if function is None or part is None:
        return None, data
    try:
        return part(*decoded(function.inputs, data[4:]))
    except AbiMismatch:
        return None, data


def _of_accreditation(did: str, admin: str, operator: str, terms: tuple[Any, ...]) -> tuple[int, object]:
    name, types, places, valid_from, valid_until = terms
    return valid_from, (did, admin, operator, name, types, places, valid_until)


def _of_update(update: tuple[Any, ...]) -> tuple[int, object]:
    list_id, seq, root, effective_at, delta = update
    return effective_at, (list_id, seq, root, delta)


_NAMING_A_MOMENT: dict[bytes, tuple[Function, Callable[..., tuple[int, object]]]] = {
    ACCREDIT.selector: (ACCREDIT, _of_accreditation),
    PUBLISHING_IN_EMERGENCY.selector: (PUBLISHING_IN_EMERGENCY, _of_update),
}
