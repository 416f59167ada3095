"""The bindings are written by hand; the artifacts come from the compiler. They must say the same."""

from __future__ import annotations

from typing import Any

import pytest
from eth_abi.abi import encode
from hypothesis import given
from hypothesis import strategies as st

from registry.bindings import (
    council,
    did_registry,
    directory,
    errors,
    issuer_registry,
    ownership,
    status_registry,
)
from registry.bindings.abi import Function
from registry.bindings.addresses import keccak256
from registry.bindings.compiled import CONTRACTS, artifact
from registry.bindings.decoder import TOPICS
from registry.records import Terms

OWNERSHIP = {"owner", "pendingOwner", "transferOwnership", "acceptOwnership", "renounceOwnership"}
DOMAIN = {"eip712Domain"}
LINKS = {"issuers"}  # to the other contract, for whoever looks at the ledger without us


def entries(kind: str, contract: str) -> list[dict[str, Any]]:
    return [entry for entry in artifact(contract).abi if entry["type"] == kind]


def typed(parameter: dict[str, Any]) -> str:
    """`(a,b)[]` for `tuple[]`."""
    if not parameter["type"].startswith("tuple"):
        return str(parameter["type"])
    members = ",".join(typed(member) for member in parameter["components"])
    return f"({members}){parameter['type'].removeprefix('tuple')}"


def signature(entry: dict[str, Any]) -> str:
    return f"{entry['name']}({','.join(typed(parameter) for parameter in entry['inputs'])})"


def bound(module: Any) -> dict[str, Function]:
    """All functions of a module, by signature."""
    found = [member for member in vars(module).values() if isinstance(member, Function)]
    for member in vars(module).values():
        if isinstance(member, dict):
            found += [value for value in member.values() if isinstance(value, Function)]
    return {function.signature: function for function in found}


MODULES = {
    "Council": council,
    "Directory": directory,
    "IssuerRegistry": issuer_registry,
    "DidRegistry": did_registry,
    "StatusRegistry": status_registry,
}


@pytest.mark.parametrize("contract", CONTRACTS)
def test_every_function_is_bound_and_no_other(contract: str) -> None:
    declared = {
        signature(entry): entry
        for entry in entries("function", contract)
        if entry["name"] not in OWNERSHIP | DOMAIN | LINKS
    }
    assert bound(MODULES[contract]).keys() == declared.keys()


@pytest.mark.parametrize("contract", CONTRACTS)
def test_results_have_the_declared_types(contract: str) -> None:
    functions = bound(MODULES[contract]) | bound(ownership)
    for entry in entries("function", contract):
        if (function := functions.get(signature(entry))) and entry["stateMutability"] in ("view", "pure"):
            assert function._outputs == tuple(typed(output) for output in entry["outputs"]), entry["name"]


@pytest.mark.parametrize("contract", [name for name in CONTRACTS if name != "Council"])
def test_ownership_is_the_same_on_all_that_the_council_owns(contract: str) -> None:
    assert bound(ownership).keys() <= {signature(entry) for entry in entries("function", contract)}


def test_every_event_is_decoded_and_no_other() -> None:
    declared = {signature(entry) for contract in CONTRACTS for entry in entries("event", contract)}
    declared.discard("EIP712DomainChanged()")  # declared by OpenZeppelin for others; nothing here emits it
    assert declared == TOPICS.keys()
    assert {keccak256(name.encode()) for name in declared} == set(TOPICS.values())


def test_every_event_has_as_many_indexed_members_as_the_decoder_expects() -> None:
    from registry.bindings.decoder import _SIGNATURES

    for contract in CONTRACTS:
        for entry in entries("event", contract):
            if signature(entry) in _SIGNATURES:
                indexed = sum(parameter["indexed"] for parameter in entry["inputs"])
                assert _SIGNATURES[signature(entry)][0] == indexed, entry["name"]


@pytest.mark.parametrize("contract", CONTRACTS)
def test_every_error_is_explained(contract: str) -> None:
    for entry in entries("error", contract):
        selector = keccak256(signature(entry).encode())[:4]
        assert errors.refusal(selector).name == entry["name"]


@pytest.mark.parametrize("contract", CONTRACTS)
def test_bytecode_is_within_the_limit_and_links_to_nothing(contract: str) -> None:
    assert 1000 < len(artifact(contract).bytecode) < 24_576  # ERC-170


def test_an_unknown_contract_is_no_path() -> None:
    with pytest.raises(ValueError, match="no contract"):
        artifact("../compiled")


_TEXT = st.text(max_size=70)


@given(_TEXT, st.lists(_TEXT, max_size=4), st.lists(_TEXT, max_size=4), st.integers(0, 2**40 - 1))
def test_terms_are_hashed_as_the_contract_does(
    name: str, types: list[str], places: list[str], moment: int
) -> None:
    """abi.encode(terms), which is written by hand there."""
    terms = Terms(name, tuple(types), tuple(places), moment, moment)
    right = encode([issuer_registry.TERMS], [(name, types, places, moment, moment)])
    assert issuer_registry.terms_hash(terms) == keccak256(right)
