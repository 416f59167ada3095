"""Call data in words: what a governor is asked to approve, or a command is about to send."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from registry.bindings import council, did_registry, directory, issuer_registry, ownership, status_registry
from registry.bindings.abi import AbiMismatch, Function, decoded
from registry.bindings.addresses import ContractAddresses, checksummed, parsed
from registry.governance import CouncilRule
from registry.status_delta import StatusDeltaInvalid, decode

MAX_BITS = 1 << 27  # the largest status list
MAX_NAMED = 10  # positions named one by one

Names = Callable[[int], str]
"""An issuer's number → its DID."""
Lists = Callable[[bytes], str | None]
"""A status list's number → its address."""


def described(target: str, data: bytes, contracts: ContractAddresses, did_of: Names, uri_of: Lists) -> str:
    """One sentence. Says so where it cannot read the call, or the contract is none of ours. Never raises."""
    name = _NAMES.get(next((m for m in _NAMES if getattr(contracts, m) == target), ""), "")
    known = _CALLS.get((name, data[:4]))
    if known is None:
        where = f"the {name}" if name else f"{target}, which is no contract of this network,"
        shown = f"0x{data[:36].hex()}{'…' if len(data) > 36 else ''}"
        return f"call {where} with {shown}, which cannot be read here"
    function, say = known
    try:
        return say(decoded(function.inputs, data[4:]), _Known(contracts, did_of, uri_of))
    except (AbiMismatch, ValueError, LookupError, OverflowError) as error:
        return f"call {function.signature} of the {name} with arguments that are none: {error}"


def function_of(target: str, selector: bytes | None, contracts: ContractAddresses) -> str:
    """The function a rule is for, e.g. `IssuerRegistry.suspend`."""
    name = next((_NAMES[m] for m in _NAMES if getattr(contracts, m) == target), target)
    if selector is None:
        return f"{name}, all functions"
    known = _CALLS.get((name, selector))
    return f"{name}.{known[0].signature.partition('(')[0] if known else '0x' + selector.hex()}"


def rule_text(rule: CouncilRule, contracts: ContractAddresses) -> str:
    """A rule in words."""
    needed = f"{rule.quorum} approvals" if rule.quorum else "the council's quorum"
    return f"{function_of(rule.target, rule.selector, contracts)}: {needed}, {_delay(rule.delay)}"


class _Known:
    """What the sentences look up."""

    def __init__(self, contracts: ContractAddresses, did_of: Names, uri_of: Lists) -> None:
        self.contracts = contracts
        self._did_of = did_of
        self._uri_of = uri_of

    def issuer(self, number: int) -> str:
        try:
            return self._did_of(number)
        except LookupError:
            return f"issuer {number}, whom nobody accredited"

    def list(self, list_id: bytes) -> str:
        return self._uri_of(list_id) or f"list 0x{list_id.hex()}, which nobody created"


def _accredit(given: tuple[Any, ...], _: _Known) -> str:
    did, admin, operator, terms = given
    return f"accredit {did} as {_terms(terms)}; admin {_address(admin)}, operator {_address(operator)}"


def _terms(terms: tuple[Any, ...]) -> str:
    name, types, places, since, until = terms
    where = ", ".join(places) or "everywhere"
    return f"{name!r} for {', '.join(types)} in {where}, from {_day(since)} until {_day(until)}"


def _set_members(given: tuple[Any, ...], _: _Known) -> str:
    governors, quorum = given
    return f"replace the council's members: {quorum} of {', '.join(map(_address, governors))}"


def _set_rule(given: tuple[Any, ...], known: _Known) -> str:
    ((target, selector, quorum, delay),) = given
    rule = CouncilRule(_address(target), bytes(selector) if any(selector) else None, quorum, delay)
    return f"make it a rule for {rule_text(rule, known.contracts)}"


def _emergency(given: tuple[Any, ...], known: _Known) -> str:
    ((list_id, seq, _, effective_at, delta),) = given
    try:
        positions = decode(delta, MAX_BITS)
    except StatusDeltaInvalid as error:
        return f"revoke on {known.list(list_id)} with a delta that is none: {error}"
    named = ", ".join(map(str, positions[:MAX_NAMED])) + (", …" if len(positions) > MAX_NAMED else "")
    return (
        f"revoke in an emergency, as update {seq} of {known.list(list_id)}, {len(positions)} entries ({named}) "
        f"from {_day(effective_at)} on"
    )


def _standing(verb: str) -> Callable[[tuple[Any, ...], _Known], str]:
    return lambda given, known: f"{verb} {known.issuer(given[0])}, because: {given[1] or 'no reason given'}"


def _day(seconds: int) -> str:
    try:
        return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M UTC")
    except (ValueError, OverflowError, OSError):
        return f"second {seconds}"


def _delay(seconds: int) -> str:
    return f"then {seconds / 86_400:g} days" if seconds else "at once"


def _address(address: str) -> str:
    return checksummed(parsed(address))


_NAMES = {
    "council": "Council",
    "issuer_registry": "IssuerRegistry",
    "did_registry": "DidRegistry",
    "status_registry": "StatusRegistry",
    "directory": "Directory",
}
"""Members of ContractAddresses → names of contracts."""

_Sentence = Callable[[tuple[Any, ...], _Known], str]
_OWNED: list[tuple[Function, _Sentence]] = [
    (ownership.TRANSFER, lambda it, _: f"offer the contract to another owner, {_address(it[0])}"),
    (ownership.ACCEPT, lambda _, __: "accept the contract from its owner before"),
]
_SENTENCES: dict[str, list[tuple[Function, _Sentence]]] = {
    "IssuerRegistry": [
        (issuer_registry.ACCREDIT, _accredit),
        (issuer_registry.SET_TERMS, lambda it, k: f"accredit {k.issuer(it[0])} anew as {_terms(it[1])}"),
        (issuer_registry.SUSPENDING, _standing("suspend")),
        (issuer_registry.REINSTATING, _standing("reinstate")),
        (issuer_registry.WITHDRAWING, _standing("withdraw for good the accreditation of")),
        (
            issuer_registry.RECOVER_ADMIN,
            lambda it, k: f"replace the admin key of {k.issuer(it[0])} by {_address(it[1])}",
        ),
        *_OWNED,
    ],
    "DidRegistry": [
        (did_registry.DEACTIVATE, lambda it, _: f"end {it[0]} for good, as version {it[1]}"),
        *_OWNED,
    ],
    "StatusRegistry": [
        (status_registry.PUBLISHING_IN_EMERGENCY, _emergency),
        (status_registry.MOVE, lambda it, k: f"give {k.list(it[0])} to {k.issuer(it[1])}"),
        *_OWNED,
    ],
    "Council": [(council.SET_MEMBERS, _set_members), (council.SET_RULE, _set_rule)],
    "Directory": [
        (directory.SET, lambda it, _: f"name {_address(it[1])} the network's {it[0]} from now on"),
        *_OWNED,
    ],
}
_CALLS = {
    (name, function.selector): (function, say)
    for name, sentences in _SENTENCES.items()
    for function, say in sentences
}
