"""Any part of any credential: what is derived verifies, shows what was chosen, and says nothing else."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from node.crypto import base64url
from node.crypto.public_keys import KeyType
from node.verification.proofs.contexts import Contexts
from node.verification.proofs.data_integrity.data_integrity import DataIntegrity
from node.verification.proofs.selective.components import encode
from node.verification.proofs.selective.ecdsa_sd import parse
from node.verification.proofs.selective.ecdsa_sd_making import always_mandatory
from node.verification.proofs.selective.selection import BadPointer
from node.verification.proofs.selective.withheld import deciding
from node.verification.refusals import Refused
from tests.fuzz.proofs.documents import mutated
from tests.simulators.signers import NOW, Signer, licence, resolve_did_key

INTEGRITY = DataIntegrity(Contexts())
BOARD = Signer(3, KeyType.P256)
LICENCE = licence(BOARD.did, name="Licence", description={"@value": "Zulassung", "@language": "de"})
MANY = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
ALWAYS = {"@context", "id", "type"}


def sign(document: dict[str, Any], mandatory: tuple[str, ...]) -> dict[str, Any]:
    return INTEGRITY.sign(
        document,
        key=BOARD.key,
        verification_method=BOARD.method,
        cryptosuite="ecdsa-sd-2023",
        created=NOW,
        mandatory_pointers=mandatory,
    )


def withheld_of(document: dict[str, Any]) -> frozenset[str] | None:
    return INTEGRITY.check(
        document, purpose="assertionMethod", resolve_method=resolve_did_key, now=NOW, skew=0
    ).withheld


def pointers_of(value: Any, path: str = "") -> Iterator[str]:
    """To every member and item, objects' own names first."""
    if path:
        yield path
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, inner in inside:
        if name != "@context":
            yield from pointers_of(inner, f"{path}/{str(name).replace('~', '~0').replace('/', '~1')}")


def chosen(pointer: str, pointers: set[str]) -> bool:
    """Whether a pointer, what it stands in, or something in it was chosen."""
    return any(
        pointer == one or pointer.startswith(f"{one}/") or one.startswith(f"{pointer}/") for one in pointers
    )


BASE = sign(LICENCE, always_mandatory(LICENCE, []))
WHOLE = ("/ranked/", "/raw/", "/description/")  # a list, a JSON value, a text with its language
POINTERS = [pointer for pointer in pointers_of(LICENCE) if not any(one in pointer for one in WHOLE)]


@MANY
@given(st.sets(st.sampled_from(POINTERS)))
def test_any_choice_of_members(pointers: set[str]) -> None:
    derived = INTEGRITY.derive(BASE, sorted(pointers))
    assert withheld_of(derived) == frozenset()
    shown = pointers | {f"/{member}" for member in deciding(LICENCE)}
    for pointer in pointers_of(LICENCE):
        if chosen(pointer, shown) or pointer.rpartition("/")[2] in ALWAYS:
            continue
        value: Any = derived
        for token in pointer.split("/")[1:]:
            if isinstance(value, list):  # places move together; the values of the one list here differ
                value = value[int(token)] if int(token) < len(value) else None
            else:
                value = value.get(token) if isinstance(value, dict) else None
        original: Any = LICENCE
        for token in pointer.split("/")[1:]:
            original = original[int(token)] if isinstance(original, list) else original[token]
        assert value != original or value is None, pointer
    subject = derived.get("credentialSubject", {})
    assert ("givenName" in subject) is chosen("/credentialSubject/givenName", shown)


@MANY
@given(mutated(), st.data())
def test_any_document(document: dict[str, Any], data: st.DataObject) -> None:
    before = copy.deepcopy(document)
    document.pop("proof", None)
    pointers = [one for one in pointers_of(document) if len(one) < 500][:200]
    mandatory = data.draw(st.lists(st.sampled_from(pointers or [""]), max_size=3))
    selective = data.draw(st.lists(st.sampled_from(pointers or [""]), max_size=4))
    try:
        base = sign(document, tuple(mandatory))
    except (Refused, BadPointer) as refused:
        event(f"not issued: {getattr(refused, 'reason', 'pointer')}")
        return
    withheld_of(base)
    try:
        derived = INTEGRITY.derive(base, selective)
    except BadPointer:
        event("not derived")
        return
    event("derived")
    try:
        withheld_of(derived)
    except Refused as refused:
        # What is shown may lack what every document has; the signature holds.
        assert refused.reason.value in {"malformed_credential", "unknown_context"}, refused
    assert before.keys() >= document.keys()


@MANY
@given(st.data())
def test_any_bytes_for_a_proof_value(data: st.DataObject) -> None:
    """Reading one raises nothing but a refusal; changed ones hold no more."""
    genuine = base64url.decode(INTEGRITY.derive(BASE, [])["proof"]["proofValue"][1:])
    at = data.draw(st.integers(0, len(genuine) - 1))
    changed = genuine[:at] + data.draw(st.binary(max_size=8)) + genuine[at + data.draw(st.integers(0, 4)) :]
    noise = data.draw(st.binary(max_size=64))
    for raw in (changed, noise, b"\xd9\x5d\x01" + noise):
        if raw == genuine:
            continue
        twin = {**INTEGRITY.derive(BASE, [])}
        twin["proof"] = {**twin["proof"], "proofValue": "u" + base64url.encode(raw)}
        try:
            withheld_of(twin)
        except Refused:
            continue
        raise AssertionError(raw.hex())


NESTED = st.recursive(
    st.integers() | st.binary(max_size=70) | st.text(max_size=5) | st.booleans() | st.none() | st.floats(),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.integers(0, 9), inner, max_size=4),
    max_leaves=12,
)


@MANY
@given(st.lists(NESTED, max_size=6), st.sampled_from([b"\xd9\x5d\x00", b"\xd9\x5d\x01"]))
def test_any_components(parts: list[Any], kind: bytes) -> None:
    try:
        parse(encode(kind, parts))
    except Refused as refused:
        assert refused.member == "/proof/proofValue"
