"""Licences whose status stands in a list on the web, and what a verifier finds there."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from node.verification.reasons import Reason
from node.verification.verdict import Check, CheckId, Outcome
from tests.simulators import sd_jwt
from tests.simulators.issuer import status_entry
from tests.simulators.policies import DEFAULT_POLICY
from tests.simulators.relying_party import SimulatedRelyingParty, check_of
from tests.simulators.web_lists import WEB_LIST, served

FETCHING = replace(DEFAULT_POLICY, fetch_status_lists=True)
FAILED, PASSED, OPEN = Outcome.FAILED, Outcome.PASSED, Outcome.INDETERMINATE
INVALID, LENGTH, STALE = Reason.STATUS_LIST_INVALID, Reason.STATUS_LIST_LENGTH, Reason.STATUS_STALE
ENTRY = status_entry(7, WEB_LIST)


def licence(party: SimulatedRelyingParty, *entries: dict[str, Any]) -> dict[str, Any]:
    stated = list(entries) if len(entries) > 1 else entries[0] if entries else ENTRY
    return party.board.sign(party.board.licence(credentialStatus=stated), "eddsa-jcs-2022")


def sd_licence(party: SimulatedRelyingParty, index: int = 7) -> str:
    status = {"status_list": {"idx": index, "uri": WEB_LIST}}
    return sd_jwt.issue(party.board, sd_jwt.licence_claims(party.board, status=status))


def serve(party: SimulatedRelyingParty, document: dict[str, Any], suite: str = "eddsa-jcs-2022") -> None:
    party.web.pages[WEB_LIST] = served(party.board.sign(document, suite))


def status(party: SimulatedRelyingParty, presented: Any = None, **options: Any) -> Check:
    presented = licence(party) if presented is None else presented
    return check_of(party.verify(presented, options.pop("policy", FETCHING), **options), CheckId.STATUS)


def found(check: Check) -> tuple[Outcome, Reason]:
    assert check.detail.endswith(".")
    return check.outcome, check.reason
