"""A credential shown in part, as a relying party judges it: what may have been left out is never "fine"."""

from __future__ import annotations

import json
from typing import Any

import pytest

from node.api.presenters import verdict_json
from node.cli.commands.verify import verdict_lines
from node.crypto.public_keys import KeyType
from node.verification.policy import Policy
from node.verification.proofs.selective.ecdsa_sd_making import always_mandatory
from node.verification.reasons import Reason
from node.verification.verdict import CheckId, Decision, Outcome, Verdict
from node.web import views
from registry.records import Standing, StatusPurpose
from tests.simulators.issuer import DATA_INTEGRITY, STATUS_LIST, SimulatedIssuer, status_entry
from tests.simulators.policies import ANY_ISSUER_POLICY, UNSAFE_PROOF_ONLY_POLICY
from tests.simulators.relying_party import SimulatedRelyingParty, check_of

NAME = "/credentialSubject/givenName"
DATES = ["/validFrom", "/validUntil"]
ACCEPTING_OMISSIONS = Policy(name="lenient", require_accreditation=True, require_disclosure=False)
Document = dict[str, Any]


@pytest.fixture
def party() -> SimulatedRelyingParty:
    party = SimulatedRelyingParty()
    party.board = SimulatedIssuer("board", type_=KeyType.P256)
    party.ledger.pin(party.board.did, party.board.document_bytes())
    return party


def issued(party: SimulatedRelyingParty, mandatory: list[str] | None = None, **members: Any) -> Document:
    """`mandatory` None: as this node issues."""
    licence = party.board.licence(index=7, **members)
    pointers = always_mandatory(licence, []) if mandatory is None else mandatory
    return party.board.sign(licence, "ecdsa-sd-2023", mandatory_pointers=pointers)


def shown(credential: Document, *pointers: str) -> Document:
    return DATA_INTEGRITY.derive(credential, list(pointers))


def outcomes(verdict: Verdict, check_id: CheckId) -> list[tuple[Outcome, Reason]]:
    return [(one.outcome, one.reason) for one in verdict.credentials[0].checks if one.id is check_id]


OPEN = (Outcome.INDETERMINATE, Reason.POSSIBLY_WITHHELD)


def test_what_this_node_issues_is_accepted_whole_and_in_part(party: SimulatedRelyingParty) -> None:
    credential = issued(party)
    for presented in (credential, shown(credential, NAME)):
        verdict = party.verify(presented)
        assert verdict.decision is Decision.ACCEPT
        assert verdict.credentials[0].mechanism == "ecdsa-sd-2023"
    summary = verdict.credentials[0].summary
    assert summary is not None
    assert (summary.subject_name, summary.issuer_did) == ("Ada", party.board.did)
    assert verdict.credentials[0].credential is not None
    assert "familyName" not in json.dumps(verdict.credentials[0].credential["credentialSubject"])


def test_hidden_or_not_revoked_is_revoked(party: SimulatedRelyingParty) -> None:
    credential = issued(party)
    party.ledger.publish(STATUS_LIST, {7: 1})
    for presented in (credential, shown(credential, NAME)):
        assert party.verify(presented).decision is Decision.REJECT
        assert check_of(party.verify(presented), CheckId.STATUS).reason is Reason.REVOKED


def test_a_status_left_out_is_not_known_to_be_good(party: SimulatedRelyingParty) -> None:
    credential = issued(party, ["/issuer"])
    party.ledger.publish(STATUS_LIST, {7: 1})
    verdict = party.verify(shown(credential, NAME, *DATES))
    assert verdict.decision is Decision.INDETERMINATE
    assert outcomes(verdict, CheckId.STATUS) == [OPEN]
    assert check_of(verdict, CheckId.STATUS).member == "/credentialStatus"
    assert check_of(verdict, CheckId.VALIDITY).outcome is Outcome.PASSED
    assert party.verify(shown(credential, NAME, "/credentialStatus")).decision is Decision.REJECT


def test_as_a_person_reads_it(party: SimulatedRelyingParty) -> None:
    verdict = party.verify(shown(issued(party, ["/issuer"]), NAME))
    assert "  valid to    not shown" in list(verdict_lines(verdict_json(verdict)))
    assert views.page(verdict).lead.startswith("Part of it may have been left out.")
    good = party.verify(shown(issued(party), NAME))
    assert "  valid to    2030-01-01T00:00:00Z" in list(verdict_lines(verdict_json(good)))
    assert views.page(good).heading == "In good standing"


def test_one_entry_of_two_is_not_known_to_be_all(party: SimulatedRelyingParty) -> None:
    suspensions = "https://board.example/status-lists/2"
    party.ledger.create_list(suspensions, party.board.did, StatusPurpose.SUSPENSION)
    entries = [status_entry(7), status_entry(9, suspensions, "suspension")]
    credential = issued(party, ["/issuer", *DATES], credentialStatus=entries)
    party.ledger.publish(suspensions, {9: 1})
    verdict = party.verify(shown(credential, NAME, "/credentialStatus/0"))
    assert verdict.decision is Decision.INDETERMINATE
    assert outcomes(verdict, CheckId.STATUS) == [(Outcome.PASSED, Reason.OK), OPEN]
    careful = issued(party, credentialStatus=entries)
    assert party.verify(shown(careful, NAME)).decision is Decision.REJECT


@pytest.mark.parametrize("left_out", ["/validFrom", "/validUntil"])
def test_a_date_left_out_may_be_past_or_to_come(party: SimulatedRelyingParty, left_out: str) -> None:
    rest = [one for one in DATES if one != left_out]
    credential = issued(party, ["/issuer", "/credentialStatus", *rest])
    verdict = party.verify(shown(credential, NAME))
    assert verdict.decision is Decision.INDETERMINATE
    assert outcomes(verdict, CheckId.VALIDITY) == [OPEN]
    assert check_of(verdict, CheckId.VALIDITY).member == left_out
    assert party.verify(shown(credential, NAME, left_out)).decision is Decision.ACCEPT


def test_types_left_out(party: SimulatedRelyingParty) -> None:
    """Nothing is mandatory: one kind may be hidden behind another."""
    credential = issued(party, [])
    verdict = party.verify(shown(credential, NAME, "/issuer", *DATES, "/credentialStatus"))
    assert verdict.decision is Decision.INDETERMINATE
    assert outcomes(verdict, CheckId.TRUST)[-1] == OPEN


def test_expired_is_expired_whatever_else_is_missing(party: SimulatedRelyingParty) -> None:
    credential = issued(party, ["/issuer"], validUntil="2026-02-01T00:00:00Z")
    verdict = party.verify(shown(credential, NAME, "/validUntil"))
    assert verdict.decision is Decision.REJECT
    assert check_of(verdict, CheckId.VALIDITY).reason is Reason.EXPIRED


def test_a_policy_may_leave_it_to_a_person(party: SimulatedRelyingParty) -> None:
    derived = shown(issued(party, ["/issuer"]), NAME)
    for policy in (ACCEPTING_OMISSIONS, ANY_ISSUER_POLICY):
        verdict = party.verify(derived, policy)
        assert verdict.decision is Decision.REVIEW
        assert outcomes(verdict, CheckId.STATUS) == [(Outcome.NOT_APPLICABLE, Reason.POSSIBLY_WITHHELD)]
    assert party.verify(derived, UNSAFE_PROOF_ONLY_POLICY).decision is Decision.ACCEPT


def test_a_form_is_not_violated_by_what_is_not_shown() -> None:
    url = "https://board.example/schemas/licence"
    required = ["givenName", "familyName"]
    schema = {"properties": {"credentialSubject": {"required": required}}}
    party = SimulatedRelyingParty({url: schema})
    party.board = SimulatedIssuer("board", type_=KeyType.P256)
    party.ledger.pin(party.board.did, party.board.document_bytes())
    credential = issued(party, credentialSchema={"id": url, "type": "JsonSchema"})
    assert party.verify(credential).decision is Decision.ACCEPT
    verdict = party.verify(shown(credential, NAME, "/credentialSchema"))
    assert verdict.decision is Decision.INDETERMINATE
    assert outcomes(verdict, CheckId.SCHEMA) == [OPEN]


def test_an_issuer_out_of_favour(party: SimulatedRelyingParty) -> None:
    party.ledger.change_standing(party.board.did, Standing.SUSPENDED)
    derived = shown(issued(party, ["/issuer"]), NAME)
    assert check_of(party.verify(derived), CheckId.TRUST).reason is Reason.ISSUER_SUSPENDED


def test_a_presentation_by_the_nurse(party: SimulatedRelyingParty) -> None:
    subject = {"id": party.nurse.did, "givenName": "Ada", "familyName": "Okafor"}
    credential = issued(party, credentialSubject=subject)
    presentation = party.nurse.present(shown(credential, NAME), challenge="c-1", domain="hospital.example")
    verdict = party.verify(presentation, challenge="c-1", domain="hospital.example")
    assert verdict.decision is Decision.ACCEPT
    assert check_of(verdict, CheckId.HOLDER).outcome is Outcome.PASSED
