"""What an enrolment takes from a verdict, and which it refuses."""

from __future__ import annotations

from typing import Any

import pytest

from node.monitoring.enrolment import EnrolmentRefused, WatchedEntry, enrollable
from node.verification.verdict import CredentialVerdict, Decision
from tests.simulators.licences import BOARD, REVOCATIONS, SUSPENSIONS, licence, verified


def test_an_accepted_credential_is_taken_whole() -> None:
    taken = enrollable(verified(7))
    assert taken.issuer_did == BOARD
    assert taken.valid_until == 1_924_992_000
    assert taken.watched == (
        WatchedEntry(REVOCATIONS, 7, "revocation"),
        WatchedEntry(SUSPENSIONS, 7, "suspension"),
    )


def test_the_order_of_members_makes_no_other_credential() -> None:
    shuffled = dict(reversed(licence(7).items()))
    assert enrollable(verified(7)) == enrollable(
        CredentialVerdict(Decision.ACCEPT, (), None, shuffled, "eddsa-jcs-2022")
    )


@pytest.mark.parametrize("decision", [Decision.REJECT, Decision.INDETERMINATE])
def test_only_what_may_be_relied_on_is_enrolled(decision: Decision) -> None:
    with pytest.raises(EnrolmentRefused, match="accepted"):
        enrollable(verified(7, decision))


def test_a_credential_to_be_looked_at_may_be_enrolled() -> None:
    assert enrollable(verified(7, Decision.REVIEW))


def test_an_enveloped_credential_needs_its_envelope() -> None:
    plain = {name: value for name, value in licence(7).items() if name != "proof"}
    found = CredentialVerdict(Decision.ACCEPT, (), None, plain, "vc+jwt")
    with pytest.raises(EnrolmentRefused, match="envelope"):
        enrollable(found)
    assert enrollable(found, "eyJ.eyJ.c2ln").secured == b"eyJ.eyJ.c2ln"


def test_a_proof_inside_an_envelope_is_not_what_secures_it() -> None:
    found = CredentialVerdict(Decision.ACCEPT, (), None, licence(7), "vc+jwt")
    assert enrollable(found, "eyJ.eyJ.c2ln").secured == b"eyJ.eyJ.c2ln"


def test_what_could_not_be_read_is_refused() -> None:
    with pytest.raises(EnrolmentRefused, match="read"):
        enrollable(CredentialVerdict(Decision.ACCEPT, (), None, None))


ENTRY = licence(7)["credentialStatus"][0]


@pytest.mark.parametrize(
    "status",
    [
        "https://board.example/status/7",
        {"id": "https://board.example/status/7", "type": "SomethingElse"},
        ENTRY | {"statusListIndex": "-1"},
        ENTRY | {"statusListIndex": "١"},  # a digit, though not one of ours
        ENTRY | {"statusListIndex": "1" * 11},
        ENTRY | {"statusListIndex": 1.5},
        ENTRY | {"statusPurpose": None},
        [ENTRY, None],
    ],
)
def test_a_status_that_cannot_be_watched_is_refused_rather_than_left_unwatched(status: Any) -> None:
    with pytest.raises(EnrolmentRefused) as refused:
        enrollable(verified(7, credentialStatus=status))
    assert refused.value.member.startswith("/credentialStatus")


@pytest.mark.parametrize("issuer", [None, "", {"name": "no id"}, ["did:web:board.example"]])
def test_a_credential_without_issuer_is_refused(issuer: Any) -> None:
    with pytest.raises(EnrolmentRefused, match="issuer"):
        enrollable(verified(7, issuer=issuer))


def test_a_date_that_is_none_is_refused() -> None:
    with pytest.raises(EnrolmentRefused):
        enrollable(verified(7, validUntil="next summer"))


def test_nothing_to_watch_and_no_end_is_fine() -> None:
    credential = licence(7)
    del credential["credentialStatus"], credential["validUntil"]
    taken = enrollable(CredentialVerdict(Decision.ACCEPT, (), None, credential))
    assert (taken.watched, taken.valid_until) == ((), None)
