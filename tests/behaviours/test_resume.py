"""A résumé (LER-RS): its lines are its holder's own words, backed where a credential that holds is attached."""

from __future__ import annotations

from typing import Any

from node.verification.proofs import jose
from node.verification.proofs.contexts import VCDM_2
from node.verification.reasons import Reason
from node.verification.verdict import Backing, CheckId, Decision, Verdict
from tests.simulators.issuer import STATUS_LIST
from tests.simulators.policies import ANY_ISSUER_POLICY
from tests.simulators.relying_party import SimulatedRelyingParty, check_of

LER_RS = "http://schema.hropenstandards.org/4.5/recruiting/json/LER-RSType.json"
VOCABULARY = {"@vocab": "http://schema.hropenstandards.org/recruiting/"}


def resume(party: SimulatedRelyingParty, licence: Any, position: Any = None) -> dict[str, Any]:
    """Made and signed by the nurse herself."""
    nurse = party.nurse.did
    return {
        "@context": [VCDM_2, VOCABULARY],
        "id": "urn:uuid:55555555-0000-4000-8000-000000000001",
        "type": ["VerifiableCredential", LER_RS],
        "issuer": nurse,
        "validFrom": "2026-01-01T00:00:00Z",
        "credentialSubject": {
            "id": nurse,
            "type": LER_RS,
            "person": {"name": {"formattedName": "Ada Okafor"}},
            "employmentHistories": [
                {
                    "organization": {"tradeName": "General Hospital"},
                    "positionHistories": [
                        {"title": "Chief surgeon"} | ({"verifications": [position]} if position else {})
                    ],
                }
            ],
            "licenses": [{"name": "Registered Nurse", "verifications": [licence]}],
            "skills": [{"name": "Telepathy"}],
        },
    }


def signed(party: SimulatedRelyingParty, document: dict[str, Any]) -> str:
    return jose.sign(document, key=party.nurse.key, kid=party.nurse.method, typ="vc+jwt")


def lines(verdict: Verdict) -> list[tuple[str, str, str, Backing]]:
    return [(one.kind, one.title, one.detail, one.backing) for one in verdict.credentials[0].records]


def test_what_is_backed_and_what_is_only_said(party: SimulatedRelyingParty) -> None:
    licence = party.board.sign(party.board.licence(party.nurse.did, 7))
    verdict = party.verify(signed(party, resume(party, licence)), ANY_ISSUER_POLICY)
    assert verdict.decision is Decision.REVIEW  # nobody recognised stands for the résumé as a whole
    assert lines(verdict) == [
        ("employmentHistories", "Chief surgeon", "General Hospital", Backing.SELF_ASSERTED),
        ("licenses", "Registered Nurse", "", Backing.BACKED),
        ("skills", "Telepathy", "", Backing.SELF_ASSERTED),
    ]
    summary = verdict.credentials[0].summary
    assert summary is not None
    assert summary.skills == ()
    (inner,) = verdict.credentials[0].enclosed
    assert inner.member == "/credentialSubject/licenses/0/verifications/0"
    assert inner.verdict.decision is Decision.ACCEPT


def test_the_same_signed_over_rdf(party: SimulatedRelyingParty) -> None:
    licence = party.board.sign(party.board.licence(party.nurse.did, 7))
    from_rdf = party.board.sign(resume(party, licence) | {"issuer": party.board.did}, "eddsa-rdfc-2022")
    assert lines(party.verify(from_rdf))[1][3] is Backing.BACKED


def test_a_resume_makes_nothing_of_itself(party: SimulatedRelyingParty) -> None:
    """However good what is attached, nobody vouches for the rest: by the default policy it is refused."""
    licence = party.board.sign(party.board.licence(party.nurse.did))
    verdict = party.verify(signed(party, resume(party, licence)))
    assert verdict.decision is Decision.REJECT
    assert check_of(verdict, CheckId.TRUST).reason is Reason.ISSUER_NOT_ACCREDITED
    assert verdict.credentials[0].enclosed[0].verdict.decision is Decision.ACCEPT


def test_what_is_attached_and_does_not_hold_backs_nothing(party: SimulatedRelyingParty) -> None:
    revoked = party.board.sign(party.board.licence(party.nurse.did, 7))
    stranger = party.board.sign(party.board.licence("did:example:someone-else"))
    party.ledger.publish(STATUS_LIST, {7: 1})
    for attached in (revoked, stranger, revoked | {"name": "changed"}, {"verified": True}, "true", 1):
        verdict = party.verify(signed(party, resume(party, attached)), ANY_ISSUER_POLICY)
        assert lines(verdict)[1][3] is Backing.NOT_BACKED
        assert check_of(verdict, CheckId.CONTENTS).reason is Reason.ENCLOSED_NOT_GOOD


def test_a_part_of_a_record_may_be_backed(party: SimulatedRelyingParty) -> None:
    licence = party.board.sign(party.board.licence(party.nurse.did))
    verdict = party.verify(signed(party, resume(party, licence, position=licence)), ANY_ISSUER_POLICY)
    assert lines(verdict)[0][3] is Backing.BACKED
    assert verdict.credentials[0].records[0].backed_by == (
        "/credentialSubject/employmentHistories/0/positionHistories/0/verifications/0",
    )


def test_the_lines_of_a_forged_resume_are_not_passed_on(party: SimulatedRelyingParty) -> None:
    licence = party.board.sign(party.board.licence(party.nurse.did))
    token = signed(party, resume(party, licence))
    verdict = party.verify(token[:-4] + ("AAAA" if not token.endswith("AAAA") else "BBBB"), ANY_ISSUER_POLICY)
    assert (verdict.credentials[0].records, verdict.credentials[0].enclosed) == ((), ())
