"""Whose badge it is, the files and schemas it refers to: compared with what is at hand, never fetched."""

from __future__ import annotations

import base64
import hashlib
import json
import logging
from dataclasses import replace
from typing import Any

import pytest

from node.crypto import multibase
from node.verification.given import Given, Identifier
from node.verification.proofs.contexts import VCDM_2
from node.verification.reasons import Reason
from node.verification.recipient import MAX_IDENTITIES, MAX_SALT_CHARS
from node.verification.resources import MAX_RELATED
from node.verification.verdict import CheckId, Decision, Outcome, Verdict
from registry.records import Standing
from tests.simulators.issuer import SimulatedIssuer
from tests.simulators.policies import DEFAULT_POLICY
from tests.simulators.relying_party import SimulatedRelyingParty, ended

OPEN_BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
EMAIL = "Ada.Okafor@hospital.example"
PASSED, FAILED, NA, OPEN = Outcome.PASSED, Outcome.FAILED, Outcome.NOT_APPLICABLE, Outcome.INDETERMINATE
NOT_CHECKED = (NA, Reason.RECIPIENT_NOT_CHECKED)
FITS, DIFFERS = (PASSED, Reason.OK), (FAILED, Reason.RECIPIENT_MISMATCH)


@pytest.fixture
def party() -> SimulatedRelyingParty:
    party = SimulatedRelyingParty()
    party.ledger.accredit(party.board.did, types=("NursingLicenceCredential", "OpenBadgeCredential"))
    return party


def identity(value: str = EMAIL, salt: str | None = "Kosher", **members: Any) -> dict[str, Any]:
    hashed = "sha256$" + hashlib.sha256((value + (salt or "")).encode()).hexdigest()
    found = {
        "type": "IdentityObject",
        "hashed": True,
        "identityHash": hashed,
        "identityType": "emailAddress",
        "salt": salt,
        **members,
    }
    return {name: one for name, one in found.items() if one is not None}


CAPITALS = identity()["identityHash"].upper().replace("SHA", "sha")


def badge(party: SimulatedRelyingParty, identities: Any, **members: Any) -> dict[str, Any]:
    return party.board.sign(
        {
            "@context": [VCDM_2, OPEN_BADGES],
            "id": "urn:uuid:44444444-0000-4000-8000-000000000001",
            "type": ["VerifiableCredential", "OpenBadgeCredential"],
            "issuer": {"id": party.board.did, "type": ["Profile"]},
            "validFrom": "2026-01-01T00:00:00Z",
            "credentialSubject": {
                "type": ["AchievementSubject"],
                "identifier": identities,
                "achievement": {"id": "urn:x:1", "type": ["Achievement"], "name": "Wound care"},
            },
            **members,
        },
        "eddsa-jcs-2022",
    )


def ended_up(verdict: Verdict, check_id: CheckId) -> list[tuple[Outcome, Reason]]:
    return [(one.outcome, one.reason) for one in verdict.credentials[0].checks if one.id is check_id]


# --- the recipient


@pytest.mark.parametrize(
    ("identities", "known", "expected"),
    [
        ([identity()], [Identifier(EMAIL)], FITS),
        ([identity()], [Identifier("bob@hospital.example"), Identifier(EMAIL, "emailAddress")], FITS),
        ([identity(identityType="name"), identity()], [Identifier(EMAIL)], FITS),
        ([identity(EMAIL.lower())], [Identifier(EMAIL)], FITS),
        ([identity(salt=None)], [Identifier(EMAIL)], FITS),
        ([identity(identityHash=EMAIL.lower(), hashed=False, salt=None)], [Identifier(EMAIL)], FITS),
        (
            [identity(identityHash=identity()["identityHash"].upper().replace("SHA", "sha"))],
            [Identifier(EMAIL)],
            FITS,
        ),
        ([identity()], [Identifier("bob@hospital.example")], DIFFERS),
        ([identity()], [Identifier(identity()["identityHash"])], DIFFERS),
        ([identity(hashed=False)], [Identifier(EMAIL)], DIFFERS),
        ([identity(salt="other")] * 2, [Identifier(EMAIL + "Kosher")], DIFFERS),
        ([identity()], [], NOT_CHECKED),
        ([identity()], [Identifier("RN-1", "studentId")], NOT_CHECKED),
        ([identity(salt="x" * (MAX_SALT_CHARS + 1))], [Identifier(EMAIL)], NOT_CHECKED),
        ([identity(identityHash="md5$0cc175b9c0f1b6a831c399e269772661")], [Identifier("a")], NOT_CHECKED),
        ([identity(hashed="yes")], [Identifier(EMAIL)], NOT_CHECKED),
        ([identity()] * (MAX_IDENTITIES + 1), [Identifier(EMAIL)], NOT_CHECKED),
        ([], [Identifier(EMAIL)], NOT_CHECKED),
    ],
)
def test_the_person_known_is_the_one_it_was_issued_to(
    party: SimulatedRelyingParty, identities: Any, known: list[Identifier], expected: tuple[Outcome, Reason]
) -> None:
    verdict = party.verify(badge(party, identities), given=Given(tuple(known)))
    assert ended_up(verdict, CheckId.RECIPIENT) == [expected]
    assert (verdict.decision is Decision.REJECT) is (expected is DIFFERS)


def test_a_salt_may_not_be_moved_into_the_identifier(party: SimulatedRelyingParty) -> None:
    """The hash is over both, one after the other: only the whole of it can be told."""
    found = party.verify(badge(party, [identity(salt="Kosher")]), given=Given((Identifier(EMAIL + "Kos"),)))
    assert ended(found, CheckId.RECIPIENT) == DIFFERS


def test_nothing_is_said_where_nobody_is_named_and_nothing_known(party: SimulatedRelyingParty) -> None:
    assert ended_up(party.verify(party.board.sign(party.board.licence())), CheckId.RECIPIENT) == []


def test_what_is_known_of_a_person_is_neither_logged_nor_answered(
    party: SimulatedRelyingParty, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    secret = "secret-person@clinic.example"
    given = Given((Identifier(secret),), {"urn:x": b"secret-file"})
    verdict = party.verify(badge(party, [identity()]), given=given)
    assert secret not in caplog.text
    assert secret not in repr(given)
    assert secret not in repr(verdict)
    assert "secret-file" not in repr(given)


# --- files it refers to


def related(data: bytes, url: str, **members: Any) -> dict[str, Any]:
    digest = "sha384-" + base64.b64encode(hashlib.sha384(data).digest()).decode()
    return {"id": url, "digestSRI": digest, **members}


BASE_DIGEST = bytes.fromhex("59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734")
BASE = {"id": VCDM_2, "digestMultibase": multibase.encode(b"\x12\x20" + BASE_DIGEST)}
PHOTO = "https://board.example/photo.png"


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        ([BASE], [(PASSED, Reason.OK)]),
        (BASE, [(PASSED, Reason.OK)]),
        ([related(b"other", VCDM_2)], [(FAILED, Reason.RESOURCE_DIGEST_MISMATCH)]),
        ([related(b"other", OPEN_BADGES)], [(NA, Reason.RESOURCE_NOT_CHECKED)]),
        ([related(b"photo", PHOTO)], [(PASSED, Reason.OK)]),
        ([related(b"fake", PHOTO)], [(FAILED, Reason.RESOURCE_DIGEST_MISMATCH)]),
        ([related(b"x", "https://board.example/x")], [(NA, Reason.RESOURCE_NOT_CHECKED)]),
        (
            [related(b"photo", PHOTO), related(b"photo", PHOTO)],
            [(PASSED, Reason.OK), (FAILED, Reason.RESOURCE_MALFORMED)],
        ),
        ([{"id": PHOTO}], [(FAILED, Reason.RESOURCE_MALFORMED)]),
        ([{"digestSRI": "sha256-AAAA"}], [(FAILED, Reason.RESOURCE_MALFORMED)]),
        ([related(b"", f"urn:{i}") for i in range(MAX_RELATED + 1)], [(FAILED, Reason.RESOURCE_MALFORMED)]),
    ],
)
def test_files_and_their_hashes(
    party: SimulatedRelyingParty, named: Any, expected: list[tuple[Outcome, Reason]]
) -> None:
    signed = party.board.sign(party.board.licence(relatedResource=named), "eddsa-jcs-2022")
    verdict = party.verify(signed, given=Given(resources={PHOTO: b"photo"}))
    assert ended_up(verdict, CheckId.RESOURCES) == expected
    failed = any(outcome is FAILED for outcome, _ in expected)
    assert verdict.decision is (Decision.REJECT if failed else Decision.ACCEPT)
    assert party.web.asked == []


def test_a_file_that_is_not_at_hand_leaves_it_open_where_the_policy_wants_it(
    party: SimulatedRelyingParty,
) -> None:
    signed = party.board.sign(party.board.licence(relatedResource=[related(b"photo", PHOTO)]), "eddsa-jcs-2022")
    verdict = party.verify(signed, replace(DEFAULT_POLICY, require_resources=True))
    assert ended(verdict, CheckId.RESOURCES) == (OPEN, Reason.RESOURCE_NOT_CHECKED)
    assert verdict.decision is Decision.INDETERMINATE


# --- schemas that a credential vouches for

SCHEMA = "https://guild.example/schemas/licence.json"
NAMED = {"id": SCHEMA, "type": "JsonSchemaCredential"}
GUILD = SimulatedIssuer("guild")


def vouching(issuer: SimulatedIssuer, **members: Any) -> dict[str, Any]:
    return issuer.sign(
        {
            "@context": [VCDM_2],
            "id": SCHEMA,
            "type": ["VerifiableCredential", "JsonSchemaCredential"],
            "issuer": issuer.did,
            "validFrom": "2026-01-01T00:00:00Z",
            "credentialSubject": {
                "id": "https://guild.example/plain.json",
                "type": "JsonSchema",
                "jsonSchema": {"properties": {"credentialSubject": {"required": ["licenceNumber"]}}},
            },
            **members,
        },
        "eddsa-jcs-2022",
    )


def judged(schema: Any, *, accredited: bool = True, withdrawn: bool = False, number: bool = True) -> Verdict:
    party = SimulatedRelyingParty({SCHEMA: schema})
    party.ledger.pin(GUILD.did, GUILD.document_bytes())
    if accredited:
        party.ledger.accredit(GUILD.did, types=("JsonSchemaCredential",))
    if withdrawn:
        party.ledger.change_standing(GUILD.did, Standing.WITHDRAWN)
    licence = party.board.licence(credentialSchema=NAMED)
    if not number:
        del licence["credentialSubject"]["licenceNumber"]
    return party.verify(party.board.sign(licence))


def test_a_schema_that_a_recognised_body_vouches_for() -> None:
    assert judged(vouching(GUILD)).decision is Decision.ACCEPT
    short = judged(vouching(GUILD), number=False)
    assert ended(short, CheckId.SCHEMA) == (FAILED, Reason.SCHEMA_VIOLATION)


def test_a_schema_that_the_issuer_itself_vouches_for() -> None:
    assert judged(vouching(SimulatedIssuer("board"))).decision is Decision.ACCEPT


@pytest.mark.parametrize(
    "verdict",
    [
        judged(vouching(GUILD), accredited=False),
        judged(vouching(GUILD), withdrawn=True),
        judged(vouching(GUILD) | {"name": "changed"}),
        judged(vouching(GUILD, validUntil="2026-02-01T00:00:00Z")),
        judged(vouching(SimulatedIssuer("nobody"))),
    ],
)
def test_a_schema_that_nobody_who_counts_vouches_for(verdict: Verdict) -> None:
    assert ended(verdict, CheckId.SCHEMA) == (OPEN, Reason.SCHEMA_CREDENTIAL_NOT_GOOD)
    assert verdict.decision is Decision.INDETERMINATE


def test_identifiers_stay_out_of_what_is_written_of_a_question() -> None:
    assert "Okafor" not in json.dumps([repr(Identifier(EMAIL)), repr(Given((Identifier(EMAIL),)))])
