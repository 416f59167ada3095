"""The compiled path against PyLD, on generated and mutated documents: it may refuse, it is never wrong."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
import rfc8785
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from node.verification.proofs.contexts import Contexts
from node.verification.proofs.data_integrity.data_integrity import DataIntegrity
from node.verification.proofs.data_integrity.jcs import canonical_json
from node.verification.refusals import Refused
from tests.fuzz.proofs.documents import SEEDS, mutated
from tests.simulators.pyld_oracle import pyld_canonical
from tests.simulators.signers import NOW, Signer, resolve_did_key

INTEGRITY = DataIntegrity(Contexts())
BOARD = Signer()
MANY = settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("seed", SEEDS, ids=range(len(SEEDS)))
def test_seeds(seed: dict[str, Any]) -> None:
    assert INTEGRITY.documents.canonical(seed) == pyld_canonical(seed)


@MANY
@given(mutated())
def test_canonical_forms(document: dict[str, Any]) -> None:
    before = copy.deepcopy(document)
    try:
        ours = INTEGRITY.documents.canonical(document)
    except Refused as refused:
        event(f"refused: {refused.reason}")
        return
    assert document == before
    event("compared")
    assert ours == pyld_canonical(document)


@MANY
@given(mutated(), st.data())
def test_whatever_keeps_its_signature_keeps_what_is_read(document: dict[str, Any], data: st.DataObject) -> None:
    """Sign, mutate, check: what still passes says the same wherever the verifier looks."""
    try:
        signed = INTEGRITY.sign(
            document,
            key=BOARD.key,
            verification_method=BOARD.method,
            cryptosuite="eddsa-rdfc-2022",
            created=NOW,
        )
    except Refused:
        return
    other = data.draw(mutated())
    attacked = {**copy.deepcopy(signed)}
    for key in data.draw(st.lists(st.sampled_from(sorted(other)), max_size=2)):
        attacked[key] = other[key]
    for key in data.draw(st.lists(st.sampled_from(sorted(attacked)), max_size=1)):
        if key not in ("proof", "@context"):
            del attacked[key]
    try:
        INTEGRITY.check(attacked, purpose="assertionMethod", resolve_method=resolve_did_key, now=NOW, skew=0)
    except (Refused, ValueError):
        return
    event("still valid")
    for member in ("issuer", "validFrom", "validUntil", "issuanceDate", "expirationDate", "holder", "id"):
        assert attacked.get(member) == signed.get(member), member
    for member in ("credentialStatus", "type"):
        assert _as_set(attacked.get(member)) == _as_set(signed.get(member)), member


def _as_set(value: Any) -> set[str]:
    """Order, repetition and null are not signed, and mean nothing."""
    items = value if isinstance(value, list) else [value]
    return {json.dumps(_plain(item), sort_keys=True) for item in items if item is not None}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items() if item is not None and item != []}
    if isinstance(value, list):
        items = [_plain(item) for item in value if item is not None]
        return items[0] if len(items) == 1 else items
    return value


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=15,
)


@settings(max_examples=1500, deadline=None)
@given(json_values)
def test_jcs(value: Any) -> None:
    try:
        expected: bytes | None = rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, UnicodeEncodeError):
        expected = None
    try:
        ours: bytes | None = canonical_json(value)
    except Refused:
        ours = None
    assert ours == expected


_PLAIN = ["licence", "class", "since", "remark", "grade", "hours", "state", "name"]
_NAMES = st.sampled_from([*_PLAIN * 4, "id", "type", "@value", "@language", "@list"])
_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**60), 2**60)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=("Cs",)), max_size=8)
    | st.sampled_from(["urn:x:1", "https://e.example/#x", "_:b", "2020-01-01", "en"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_NAMES, inner, max_size=4),
    max_leaves=12,
)


@settings(MANY, max_examples=200)
@given(st.dictionaries(_NAMES, _VALUES, max_size=5))
def test_canonical_forms_of_anything_at_all(subject: dict[str, Any]) -> None:
    """Whatever is written as a subject: refused, or what PyLD makes of it; never anything else."""
    document = {
        "@context": ["https://www.w3.org/ns/credentials/v2", {"@vocab": "https://board.example/any#"}],
        "type": ["VerifiableCredential"],
        "issuer": "did:example:issuer",
        "credentialSubject": subject,
    }
    try:
        ours = INTEGRITY.documents.canonical(document)
    except Refused as refused:
        event(f"refused: {refused.reason}")
        return
    event("compared")
    assert ours == pyld_canonical(document)
