"""Records that hold credentials, all of it signed by an independent implementation (tests/fixtures)."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from node.verification.given import Given, Identifier
from node.verification.reasons import Reason
from node.verification.verdict import Backing, CheckId, Decision, Outcome, Verdict
from tests.simulators.policies import ANY_ISSUER_POLICY
from tests.simulators.relying_party import SimulatedRelyingParty, check_of, ended

FIXTURES = Path(__file__).parents[1] / "fixtures"
KEYS = json.loads((FIXTURES / "keys.json").read_text())
TYPES = (
    "NursingLicenceCredential",
    "UniversityDegreeCredential",
    "ClrCredential",
    "EndorsementCredential",
    "OpenBadgeCredential",
)


def fixture(name: str) -> Any:
    return json.loads((FIXTURES / name).read_text())


@pytest.fixture
def party() -> SimulatedRelyingParty:
    """Recognises the board, the institute and the university; the board's register is on the ledger."""
    party = SimulatedRelyingParty()
    for name in ("board", "weldingInstitute", "university"):
        party.ledger.accredit(KEYS[name]["did"], name=name, types=TYPES)
    party.ledger.pin(KEYS["board"]["did"], (FIXTURES / "did-board.json").read_bytes())
    party.ledger.create_list(KEYS["statusList"], KEYS["board"]["did"])
    return party


def inside(verdict: Verdict) -> list[Decision]:
    return [one.verdict.decision for one in verdict.credentials[0].enclosed]


def test_an_endorsed_badge_of_a_person_known_by_their_address(party: SimulatedRelyingParty) -> None:
    badge = fixture("welding-certificate-endorsed.json")
    known = Given((Identifier("mateo.fuentes@welder.example", "emailAddress"),))
    verdict = party.verify(badge, given=known)
    assert (verdict.decision, inside(verdict)) == (Decision.ACCEPT, [Decision.ACCEPT])
    assert ended(verdict, CheckId.RECIPIENT) == (Outcome.PASSED, Reason.OK)
    assert verdict.credentials[0].enclosed[0].verdict.summary is not None
    other = party.verify(badge, given=Given((Identifier("someone@welder.example", "emailAddress"),)))
    assert ended(other, CheckId.RECIPIENT) == (Outcome.FAILED, Reason.RECIPIENT_MISMATCH)


def test_a_learner_record(party: SimulatedRelyingParty) -> None:
    record = fixture("learner-record.json")
    verdict = party.verify(record)
    assert (verdict.decision, inside(verdict)) == (Decision.ACCEPT, [Decision.ACCEPT, Decision.ACCEPT])
    summary = verdict.credentials[0].summary
    assert summary is not None
    (link,) = summary.links
    assert (link.type, link.source, link.target, link.resolved) == (
        "precedes",
        "Bachelor of Science in Nursing",
        "Registered Nurse licence",
        True,
    )
    party.ledger.publish(KEYS["statusList"], {94567: 1})
    verdict = party.verify(record)
    assert (verdict.decision, inside(verdict)) == (Decision.REVIEW, [Decision.ACCEPT, Decision.REJECT])
    assert check_of(verdict, CheckId.CONTENTS).reason is Reason.ENCLOSED_NOT_GOOD


def test_a_resume(party: SimulatedRelyingParty) -> None:
    verdict = party.verify(fixture("resume.json"), ANY_ISSUER_POLICY)
    assert verdict.decision is Decision.REVIEW
    assert [(one.title, one.backing) for one in verdict.credentials[0].records] == [
        ("Charge nurse", Backing.SELF_ASSERTED),
        ("Registered Nurse", Backing.BACKED),
        ("Wound care", Backing.SELF_ASSERTED),
    ]


def leaves(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The places of every text in a document."""
    if isinstance(value, dict):
        for key, one in value.items():
            yield from leaves(one, (*at, key))
    elif isinstance(value, list):
        for i, one in enumerate(value):
            yield from leaves(one, (*at, i))
    elif isinstance(value, str):
        yield at


@pytest.mark.parametrize("name", ["welding-certificate-endorsed.json", "learner-record.json"])
def test_no_text_of_it_may_change(party: SimulatedRelyingParty, name: str) -> None:
    """Whatever is changed, however deep inside: the whole is refused, and nothing inside is passed on."""
    genuine = fixture(name)
    assert party.verify(genuine).decision is Decision.ACCEPT
    for place in leaves({key: value for key, value in genuine.items() if key != "@context"}):
        changed = copy.deepcopy(genuine)
        holder = changed
        for step in place[:-1]:
            holder = holder[step]
        holder[place[-1]] += "x"
        verdict = party.verify(changed)
        assert verdict.decision in {Decision.REJECT, Decision.INDETERMINATE}, place
        assert all(one.enclosed == () for one in verdict.credentials), place
