"""Bad input and outages: each has its own reason code, none raises, none hangs, none is accepted."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from node.verification.presentation import MAX_CREDENTIALS
from node.verification.reasons import Reason
from node.verification.verdict import CheckId, Decision, Outcome
from tests.simulators.issuer import STATUS_LIST, SimulatedIssuer, status_entry
from tests.simulators.policies import DEFAULT_POLICY
from tests.simulators.relying_party import SimulatedRelyingParty, ended

FAILED, OPEN = Outcome.FAILED, Outcome.INDETERMINATE


@pytest.fixture(scope="module")
def party() -> SimulatedRelyingParty:
    return SimulatedRelyingParty()


@pytest.fixture(scope="module")
def signed(party: SimulatedRelyingParty) -> dict[str, Any]:
    return party.board.sign(party.board.licence(index=7))


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", Reason.MALFORMED_JSON),
        (b"\xff\xfe", Reason.MALFORMED_JSON),
        (b"nonsense", Reason.MALFORMED_JSON),
        (b'{"type": NaN}', Reason.MALFORMED_JSON),
        (b"{} {}", Reason.MALFORMED_JSON),
        ("\ud800", Reason.MALFORMED_JSON),
        (b'{"type": "a", "type": "VerifiableCredential"}', Reason.DUPLICATE_MEMBER),
        (b" " * (1 << 20) + b"{}", Reason.TOO_LARGE),
        (b"eyJ" + b"a" * (1 << 20), Reason.TOO_LARGE),
        (b"[" * 60 + b"]" * 60, Reason.TOO_DEEP),
        (b"[" * 100_000, Reason.TOO_DEEP),
        (b'{"a":' * 60 + b"1" + b"}" * 60, Reason.TOO_DEEP),
        (b"[" + b"0," * 30_000 + b"0]", Reason.TOO_MANY_VALUES),
        (b"null", Reason.UNKNOWN_FORMAT),
        (b"7", Reason.UNKNOWN_FORMAT),
        (b"[]", Reason.UNKNOWN_FORMAT),
        (b"{}", Reason.UNKNOWN_FORMAT),
        (b'"text"', Reason.UNKNOWN_FORMAT),
        (b'{"type": "Person"}', Reason.UNKNOWN_FORMAT),
        (b'{"type": {"VerifiableCredential": true}}', Reason.UNKNOWN_FORMAT),
        (b'{"type": "VerifiableCredential"}', Reason.MALFORMED_CREDENTIAL),
        (b'{"type": "EnvelopedVerifiableCredential", "id": "data:text/plain,x"}', Reason.UNKNOWN_FORMAT),
        (b'{"type": "EnvelopedVerifiableCredential"}', Reason.UNKNOWN_FORMAT),
        (b"eyJ", Reason.MALFORMED_PROOF),
        (b"eyJhbGciOiJFZERTQSJ9..", Reason.MALFORMED_JSON),
        ("eyJé.a.b", Reason.MALFORMED_PROOF),
    ],
)
def test_what_cannot_be_read(party: SimulatedRelyingParty, raw: bytes | str, reason: Reason) -> None:
    verdict = party.verify(raw)
    assert verdict.decision is Decision.REJECT
    assert ended(verdict, CheckId.PARSE, None) == (FAILED, reason)
    assert verdict.credentials == ()


@pytest.mark.parametrize(
    "change",
    [
        {"@context": None},
        {"@context": []},
        {"@context": "https://example.org/unknown"},
        {"@context": ["https://board.example/words", "https://www.w3.org/ns/credentials/v2"]},
        {"issuer": None},
        {"issuer": {}},
        {"issuer": {"id": 7}},
        {"issuer": ["did:key:a"]},
        {"credentialSubject": None},
        {"credentialSubject": []},
        {"credentialSubject": {}},
        {"credentialSubject": "did:example:x"},
        {"credentialSubject": [{"id": "a"}, 7]},
        {"id": 7},
    ],
)
def test_what_is_no_credential(
    party: SimulatedRelyingParty, signed: dict[str, Any], change: dict[str, Any]
) -> None:
    verdict = party.verify(signed | change)
    assert verdict.decision is Decision.REJECT
    assert ended(verdict, CheckId.PARSE, None) == (FAILED, Reason.MALFORMED_CREDENTIAL)


def test_too_many_credentials(party: SimulatedRelyingParty) -> None:
    verdict = party.verify(party.nurse.presentation(*[{}] * (MAX_CREDENTIALS + 1)))
    assert ended(verdict, CheckId.PARSE, None) == (FAILED, Reason.TOO_MANY_CREDENTIALS)


def test_an_unknown_context(party: SimulatedRelyingParty, signed: dict[str, Any]) -> None:
    changed = copy.deepcopy(signed)
    changed["@context"].append("https://unknown.example/v1")
    verdict = party.verify(changed)
    assert verdict.decision is Decision.INDETERMINATE
    assert ended(verdict, CheckId.PROOF) == (OPEN, Reason.UNKNOWN_CONTEXT)


@pytest.mark.parametrize(
    "proof", [{"cryptosuite": "future-2040"}, {"type": "RsaSignature2018"}, {"cryptosuite": None}]
)
def test_an_unknown_suite(party: SimulatedRelyingParty, signed: dict[str, Any], proof: dict[str, Any]) -> None:
    verdict = party.verify(signed | {"proof": signed["proof"] | proof})
    assert verdict.decision is Decision.INDETERMINATE
    assert ended(verdict, CheckId.PROOF) == (OPEN, Reason.UNKNOWN_CRYPTOSUITE)


@pytest.mark.parametrize(
    "proof",
    [{"proofValue": "zzz"}, {"proofValue": None}, {"verificationMethod": 7}, {"created": 7}, {"extra": 1}],
)
def test_a_malformed_proof(party: SimulatedRelyingParty, signed: dict[str, Any], proof: dict[str, Any]) -> None:
    verdict = party.verify(signed | {"proof": signed["proof"] | proof})
    assert ended(verdict, CheckId.PROOF) == (FAILED, Reason.MALFORMED_PROOF)


def test_an_unknown_did_method(party: SimulatedRelyingParty) -> None:
    issuer = SimulatedIssuer("board", did="did:unknown:1")
    verdict = party.verify(issuer.sign(issuer.licence()))
    assert verdict.decision is Decision.INDETERMINATE
    assert ended(verdict, CheckId.PROOF) == (OPEN, Reason.DID_METHOD_UNSUPPORTED)


def test_a_web_server_that_is_down(party: SimulatedRelyingParty) -> None:
    issuer = SimulatedIssuer("unpinned")
    verdict = party.verify(issuer.sign(issuer.licence()), replace(DEFAULT_POLICY, allow_web=True))
    assert verdict.decision is Decision.INDETERMINATE
    assert ended(verdict, CheckId.PROOF) == (OPEN, Reason.DID_UNRESOLVABLE)


def test_an_index_out_of_range(party: SimulatedRelyingParty) -> None:
    verdict = party.verify(party.board.sign(party.board.licence(index=131_072)))
    assert verdict.decision is Decision.REJECT
    assert ended(verdict, CheckId.STATUS) == (FAILED, Reason.STATUS_INDEX_OUT_OF_RANGE)


def test_a_ledger_that_was_never_reached() -> None:
    party = SimulatedRelyingParty()
    issuer = SimulatedIssuer.self_made("board")
    party.lose_the_ledger()
    verdict = party.verify(issuer.sign(issuer.licence(index=1)))
    assert verdict.decision is Decision.INDETERMINATE
    assert verdict.as_of is None
    for check_id in (CheckId.STATUS, CheckId.TRUST):
        assert ended(verdict, check_id) == (OPEN, Reason.LEDGER_UNAVAILABLE)


def test_a_schema_that_is_broken_by_the_credential() -> None:
    url = "https://board.example/licence.json"
    party = SimulatedRelyingParty({url: {"properties": {"name": {"maxLength": 3}}}})
    licence = party.board.licence(credentialSchema={"id": url, "type": "JsonSchema"})
    verdict = party.verify(party.board.sign(licence))
    assert verdict.decision is Decision.REJECT
    assert ended(verdict, CheckId.SCHEMA) == (FAILED, Reason.SCHEMA_VIOLATION)


def test_a_question_about_the_past(signed: dict[str, Any]) -> None:
    """Licensed then, as known then; revoked later."""
    from registry.records import AsOf

    party = SimulatedRelyingParty()
    then = party.clock.now
    party.clock.advance(86_400)
    party.ledger.publish(STATUS_LIST, {7: 1})
    assert party.verify(signed).decision is Decision.REJECT
    verdict = party.verify(signed, at=AsOf(valid_at=then, known_at=then + 10))
    assert verdict.decision is Decision.ACCEPT
    assert len(verdict.notes) == 2
    early = AsOf(valid_at=1_700_000_000)
    assert ended(party.verify(signed, at=early), CheckId.VALIDITY) == (FAILED, Reason.NOT_YET_VALID)


def test_without_the_web_there_is_an_answer_at_once(
    party: SimulatedRelyingParty, signed: dict[str, Any]
) -> None:
    assert party.service.verify_if_local(signed, policy=DEFAULT_POLICY) == party.verify(signed)
    unpinned = SimulatedIssuer("unpinned 2", did="did:web:unpinned2.example")
    credential = unpinned.sign(unpinned.licence())
    assert party.service.verify_if_local(credential, policy=replace(DEFAULT_POLICY, allow_web=True)) is None
    local = party.service.verify_if_local(credential, policy=DEFAULT_POLICY)
    assert local is not None
    assert local.decision is Decision.INDETERMINATE


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=3),
    max_leaves=8,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every member and element of a document."""
    below = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [found for key, one in below for found in [(*path, key), *places(one, (*path, key))]]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
@pytest.mark.parametrize("suite", ["eddsa-rdfc-2022", "eddsa-jcs-2022"])
def test_no_change_to_a_signed_presentation_raises_or_is_accepted(
    party: SimulatedRelyingParty, suite: str, data: st.DataObject
) -> None:
    licence = party.board.licence(party.nurse.did)
    licence["credentialStatus"] = [status_entry(7)]
    presentation = party.nurse.present(party.board.sign(licence, suite), cryptosuite=suite)
    path = data.draw(st.sampled_from(places(presentation)))
    place: Any = presentation
    for key in path[:-1]:
        place = place[key]
    before = place[path[-1]]
    place[path[-1]] = data.draw(JSON)
    verdict = party.verify(presentation, challenge="c0ffee00-1111-4222-8333-444455556666")
    # In RDF some changes of the text are no change of the meaning: `"a"` and `["a"]`.
    if json.dumps(place[path[-1]]) != json.dumps(before) and suite == "eddsa-jcs-2022":
        assert verdict.decision is not Decision.ACCEPT
