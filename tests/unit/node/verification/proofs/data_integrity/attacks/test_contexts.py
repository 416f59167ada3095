"""Attacks by contexts: injected ones, and terms that drop out of what is signed."""

from __future__ import annotations

from typing import Any

import pytest

from node.verification.proofs.data_integrity.data_integrity import DataIntegrity
from node.verification.reasons import Reason
from node.verification.refusals import Refused
from tests.simulators.checked import check, reason
from tests.simulators.signers import OPEN_BADGES, VCDM_2, fixture, licence, presentation
from tests.unit.node.verification.proofs.data_integrity.attacks.signed import (
    BOARD,
    BY_MEANING,
    ISSUED,
    Change,
    sign,
    with_context,
)

INTEGER = "http://www.w3.org/2001/XMLSchema#integer"


INJECTIONS: list[tuple[str, Any]] = [
    ("a term switched off", {"givenName": None}),
    ("a term switched off by its @id", {"forged": {"@id": None}}),
    ("@nest", {"forged": {"@id": "@nest"}}),
    ("a protected term redefined", {"validUntil": "https://evil.example/validUntil"}),
    ("an unprotected term redefined", {"licence": "https://evil.example/licence"}),
    ("a type redefined", {"VerifiableCredential": "https://evil.example/VerifiableCredential"}),
    ("id redefined", {"id": "https://evil.example/id"}),
    ("@reverse", {"forged": {"@reverse": "https://evil.example/forged"}}),
    ("@base", {"@base": "https://evil.example/"}),
    ("@import", {"@import": "https://evil.example/context"}),
    ("@propagate", {"@propagate": False, "forged": "https://evil.example/forged"}),
    ("@direction", {"@direction": "rtl"}),
    ("@vocab switched off", {"@vocab": None}),
    ("@vocab that is relative", {"@vocab": ""}),
    ("an index map", {"forged": {"@id": "https://evil.example/forged", "@container": "@index"}}),
    ("a graph", {"forged": {"@id": "https://evil.example/forged", "@container": "@graph"}}),
    ("a scoped context by address", {"forged": {"@id": "https://e.example/forged", "@context": VCDM_2}}),
    (
        "a scoped context that renames",
        {"Forged": {"@id": "https://e.example/Forged", "@context": {"a": "urn:b"}}},
    ),
    ("a scoped context that switches off", {"Forged": {"@id": "urn:Forged", "@context": {"licence": None}}}),
    ("a context that is null", None),
    ("a context that is false", False),
    ("a context that is a number", 1),
    ("a context in a list in a list", [VCDM_2]),
    ("a strange version", {"@version": 1.0}),
]


@pytest.mark.parametrize(("name", "context"), INJECTIONS, ids=[i[0] for i in INJECTIONS])
@pytest.mark.parametrize("where", ["top", "nested"])
@pytest.mark.parametrize("mechanism", BY_MEANING)
def test_injected_contexts(
    integrity: DataIntegrity, name: str, context: Any, where: str, mechanism: str
) -> None:
    signed = sign(integrity, licence(BOARD.did), mechanism)
    if where == "top":
        with_context(signed, context)
    else:
        signed["credentialSubject"]["@context"] = [context]
    expected = Reason.RENAMED_TERM if "renames" in name else Reason.UNSAFE_CONTEXT
    assert reason(integrity, signed) in (expected, Reason.UNKNOWN_CONTEXT)


@pytest.mark.parametrize("suite", ISSUED)
def test_a_context_from_elsewhere(integrity: DataIntegrity, suite: str) -> None:
    document = licence(BOARD.did)
    with_context(document, "https://attacker.example/context")
    with pytest.raises(Refused) as refused:
        sign(integrity, document, suite)
    assert refused.value.reason is Reason.UNKNOWN_CONTEXT


@pytest.mark.parametrize("suite", ISSUED)
@pytest.mark.parametrize(
    "context", [None, [], {}, "https://www.w3.org/ns/did/v1", [{"@vocab": "urn:x:"}, VCDM_2]]
)
def test_the_base_context_comes_first(integrity: DataIntegrity, suite: str, context: Any) -> None:
    with pytest.raises(Refused) as refused:
        sign(integrity, licence(BOARD.did, **{"@context": context}), suite)
    assert refused.value.reason in (Reason.UNKNOWN_CONTEXT, Reason.MALFORMED_CREDENTIAL)


UNSIGNED: list[tuple[str, Change]] = [
    ("an undefined term at the top", lambda d: d.update(licenceClass="A")),
    ("an undefined term in the subject", lambda d: d["credentialSubject"].update(restriction="none")),
    ("an undefined term in a typed node", lambda d: d["credentialSubject"]["licence"].update(restriction="x")),
    ("a scoped term outside its scope", lambda d: d["credentialSubject"].update(licenceNumber="RN-1")),
    ("an undefined type", lambda d: d["type"].append("AdvancedPractice")),
    ("an undefined type, nested", lambda d: d["credentialSubject"]["licence"].update(type="Advanced")),
    ("a relative id", lambda d: d["credentialSubject"].update(id="nurse")),
    ("a relative address", lambda d: d["credentialSubject"]["licence"].update(authority="boards/co")),
    ("an address with a space", lambda d: d["credentialSubject"]["licence"].update(authority="https://a b/")),
    ("a language that is none", lambda d: d.update(name={"@value": "x", "@language": "no language!"})),
    ("@direction", lambda d: d.update(name={"@value": "x", "@language": "ar", "@direction": "rtl"})),
    ("a blank node for a predicate", lambda d: d.update({"_:p": "x"})),
    ("@index", lambda d: d["credentialSubject"].update({"@index": "x"})),
    ("a key that looks like a keyword", lambda d: d["credentialSubject"].update({"@foo": "x"})),
    ("@index beside a value", lambda d: d.update(name={"@value": "x", "@index": "i"})),
    ("a value's type, given twice", lambda d: d.update(name={"@value": 3, "@type": INTEGER, "type": INTEGER})),
    ("a value that is null", lambda d: d.update(name={"@value": None})),
    ("an object of undefined terms", lambda d: d.update(evidence={"foo": 1})),
]


@pytest.mark.parametrize("mechanism", BY_MEANING)
@pytest.mark.parametrize(("name", "change"), UNSIGNED, ids=[u[0] for u in UNSIGNED])
def test_what_would_not_be_signed(integrity: DataIntegrity, name: str, change: Change, mechanism: str) -> None:
    signed = sign(integrity, licence(BOARD.did), mechanism)
    change(signed)
    with pytest.raises(Refused) as refused:
        check(integrity, signed)
    assert refused.value.reason is not Reason.SIGNATURE_INVALID
    unsigned = licence(BOARD.did)
    change(unsigned)
    with pytest.raises(Refused):
        sign(integrity, unsigned)


def test_vocab_makes_every_member_signed(integrity: DataIntegrity) -> None:
    document = licence(BOARD.did)
    with_context(document, {"@vocab": "https://board.example/any#"})
    document["credentialSubject"]["restriction"] = "day shifts"
    signed = sign(integrity, document)
    check(integrity, signed)
    signed["credentialSubject"]["restriction"] = "none"
    assert reason(integrity, signed) is Reason.SIGNATURE_INVALID


def test_open_badges_dropped_terms(integrity: DataIntegrity) -> None:
    signed = fixture("welding-certificate.json")
    assert OPEN_BADGES in signed["@context"]
    signed["credentialSubject"]["achievement"]["grade"] = "A"
    assert reason(integrity, signed) is Reason.UNSIGNED_CONTENT


@pytest.mark.parametrize(
    "held", [{"@value": "forged"}, {"id": "urn:forged"}, {}, "forged", {"@language": "en"}]
)
def test_a_graph_that_says_nothing_that_is_signed(integrity: DataIntegrity, held: Any) -> None:
    document = presentation(BOARD.did, held)
    with pytest.raises(Refused) as refused:
        sign(integrity, document)
    assert refused.value.reason is Reason.UNSIGNED_CONTENT
