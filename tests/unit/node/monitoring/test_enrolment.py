"""What an enrolment takes from a verdict, and which it refuses."""

from __future__ import annotations

from typing import Any

import pytest

from node.monitoring.enrolment import EnrolmentRefused, WatchedEntry, WatchedIssuer, enrollable
from node.verification.enclosed import Relation
from node.verification.reasons import Reason
from node.verification.verdict import (
    Check,
    CheckId,
    CredentialVerdict,
    Decision,
    EnclosedVerdict,
    Outcome,
    Source,
)
from registry.records import StatusPurpose
from tests.simulators.licences import BOARD, REVOCATIONS, SUSPENSIONS, licence, verified
from tests.simulators.status_lists import SimulatedLists


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


# --- SD-JWT VC


def token_licence(index: object = "7") -> CredentialVerdict:
    """As verification maps its claims."""
    document = {
        "type": ["VerifiableCredential", "NursingLicence"],
        "issuer": BOARD,
        "validUntil": "2031-01-01T00:00:00Z",
        "credentialSubject": {"given_name": "Ada"},
        "credentialStatus": [
            {"type": "status_list", "statusListCredential": REVOCATIONS, "statusListIndex": index}
        ],
    }
    return CredentialVerdict(Decision.ACCEPT, (), None, document, "dc+sd-jwt")


@pytest.mark.parametrize(
    ("purpose", "watched_for"),
    [
        (StatusPurpose.REVOCATION, "revocation"),
        (StatusPurpose.SUSPENSION, "suspension"),
        (StatusPurpose.MESSAGE, "status_list"),
    ],
)
def test_an_entry_of_a_token_status_list_is_watched_for_what_the_ledger_says_the_list_is(
    purpose: StatusPurpose, watched_for: str
) -> None:
    lists = SimulatedLists()
    lists.create(REVOCATIONS, BOARD, purpose=purpose)
    taken = enrollable(token_licence(), "eyJ.eyJ.c2ln~ZGlz~", status_list=lists.status_list)
    assert taken.watched == (WatchedEntry(REVOCATIONS, 7, watched_for),)
    assert (taken.issuer_did, taken.valid_until) == (BOARD, 1_924_992_000)


def test_an_entry_of_a_list_the_ledger_does_not_know_is_refused() -> None:
    with pytest.raises(EnrolmentRefused, match="monitored"):
        enrollable(token_licence(), "eyJ.eyJ.c2ln~")


def test_what_the_holder_signed_for_one_occasion_is_not_kept() -> None:
    lists = SimulatedLists()
    lists.create(REVOCATIONS, BOARD)
    bare = enrollable(token_licence(), "eyJ.eyJ.c2ln~ZGlz~", status_list=lists.status_list)
    bound = enrollable(token_licence(), "eyJ.eyJ.c2ln~ZGlz~eyJ.eyJ.b3duZXI", status_list=lists.status_list)
    assert bound == bare
    assert bound.secured == b"eyJ.eyJ.c2ln~ZGlz~"


def test_a_status_that_was_read_elsewhere_than_on_the_ledger_cannot_be_watched() -> None:
    source = Source("web", REVOCATIONS)
    check = Check(CheckId.STATUS, Outcome.PASSED, Reason.OK, "Not revoked.", 0, "", source)
    found = CredentialVerdict(Decision.ACCEPT, (check,), None, licence(7), "eddsa-jcs-2022")
    with pytest.raises(EnrolmentRefused, match="not on the ledger"):
        enrollable(found)


# --- credentials inside it


def holding(*inside: EnclosedVerdict) -> CredentialVerdict:
    return verified(7)._replace(enclosed=inside)


def contained(
    found: CredentialVerdict, member: str = "/credentialSubject/verifiableCredential/0"
) -> EnclosedVerdict:
    return EnclosedVerdict(Relation.CONTAINED, member, found)


def test_what_is_inside_is_watched_at_any_depth() -> None:
    endorsement = EnclosedVerdict(
        Relation.ENDORSEMENT, "/endorsement/0", verified(9, issuer="did:web:guild.example")
    )
    taken = enrollable(holding(contained(verified(8)._replace(enclosed=(endorsement,)))))
    first = "/credentialSubject/verifiableCredential/0"
    inner = f"{first}/endorsement/0"
    assert [(one.index, one.purpose, one.member) for one in taken.watched] == [
        (7, "revocation", ""),
        (7, "suspension", ""),
        (8, "revocation", first),
        (8, "suspension", first),
        (9, "revocation", inner),
        (9, "suspension", inner),
    ]
    assert taken.enclosed_issuers == (
        WatchedIssuer(BOARD, first),
        WatchedIssuer("did:web:guild.example", inner),
    )


def test_what_is_inside_and_relied_on_must_be_possible_to_watch() -> None:
    with pytest.raises(EnrolmentRefused, match="inside it") as refused:
        enrollable(holding(contained(verified(8, credentialStatus={"type": "SomethingElse"}))))
    assert refused.value.member == "/credentialSubject/verifiableCredential/0/credentialStatus/0"


def test_what_is_inside_and_not_relied_on_hinders_nothing() -> None:
    unwatchable = verified(8, Decision.INDETERMINATE, credentialStatus={"type": "SomethingElse"})
    unreadable = CredentialVerdict(Decision.REJECT, (), None, None)
    suspended = verified(9, Decision.REJECT)
    taken = enrollable(
        holding(contained(unwatchable), contained(unreadable), contained(suspended, "/endorsement"))
    )
    assert [(one.index, one.member) for one in taken.watched] == [
        (7, ""),
        (7, ""),
        (9, "/endorsement"),
        (9, "/endorsement"),
    ]


def test_an_entry_named_twice_is_watched_once() -> None:
    assert len(enrollable(verified(7, credentialStatus=[ENTRY, ENTRY])).watched) == 1
