"""Attacks by re-spelling. Each keeps the signed quads: only our rules refuse it."""

from __future__ import annotations

import copy

import pytest

from node.verification.proofs.data_integrity.data_integrity import DataIntegrity
from node.verification.reasons import Reason
from node.verification.refusals import Refused
from tests.simulators.checked import check, reason
from tests.simulators.pyld_oracle import pyld_canonical
from tests.simulators.signers import BOARD_TERMS, VCDM_1, licence
from tests.unit.node.verification.proofs.data_integrity.attacks.signed import (
    BOARD,
    BY_MEANING,
    Change,
    Document,
    sign,
    with_context,
)

CREDENTIALS = "https://www.w3.org/2018/credentials#"
STATUS = "https://www.w3.org/ns/credentials/status#"
DATE_TIME = "http://www.w3.org/2001/XMLSchema#dateTime"


def rename(node: Document, old: str, new: str) -> None:
    node[new] = node.pop(old)


def spell_date(document: Document, key: str) -> None:
    document[key] = {"@type": DATE_TIME, "@value": document.pop("validUntil")}


def alias_type(document: Document) -> None:
    """A student's permit turned into a nurse's licence by a context of the holder's own."""
    document["@context"][1]["RegisteredNurse"] = BOARD_TERMS + "NursingLicenceCredential"
    document["type"] = ["VerifiableCredential", "RegisteredNurse"]


def alias_property(document: Document) -> None:
    document["@context"][1]["displayName"] = "https://schema.org/givenName"
    rename(document["credentialSubject"], "givenName", "displayName")


def alias_predicate(document: Document) -> None:
    with_context(document, {"until": {"@id": CREDENTIALS + "validUntil", "@type": DATE_TIME}})
    rename(document, "validUntil", "until")


def prefix_predicate(document: Document) -> None:
    with_context(document, {"c": CREDENTIALS})
    spell_date(document, "c:validUntil")


def half_prefix_predicate(document: Document) -> None:
    with_context(document, {"c": {"@id": CREDENTIALS + "valid", "@prefix": True}})
    spell_date(document, "c:Until")


def vocabulary_predicate(document: Document) -> None:
    with_context(document, {"@vocab": "https://www.w3.org/2018/"})
    spell_date(document, "credentials#validUntil")


def half_vocabulary_predicate(document: Document) -> None:
    with_context(document, {"@vocab": CREDENTIALS + "valid"})
    spell_date(document, "Until")


def prefix_value(document: Document) -> None:
    with_context(document, {"s": "https://board.example/status/"})
    document["credentialStatus"]["statusListCredential"] = "s:3"


def prefix_scheme_value(document: Document) -> None:
    with_context(document, {"s": "https://board.example/"})
    document["credentialStatus"]["id"] = "s:status/3#94567"


def keyword_alias(document: Document) -> None:
    with_context(document, {"kind": "@type"})
    rename(document["credentialStatus"], "type", "kind")


def included(document: Document) -> None:
    """The members of the credential moved to a second object of the same id."""
    document["@included"] = [
        {"id": document["id"], "type": "VerifiableCredential", "validUntil": document.pop("validUntil")}
    ]


def included_status(document: Document) -> None:
    document["@included"] = [
        {
            "id": document["id"],
            "type": "VerifiableCredential",
            "credentialStatus": document.pop("credentialStatus"),
        }
    ]


def nested(document: Document) -> None:
    with_context(document, {"more": "@nest"})
    document["more"] = {"validUntil": document.pop("validUntil")}


def at_nest(document: Document) -> None:
    document["@nest"] = {"validUntil": document.pop("validUntil")}


def in_a_list(document: Document) -> None:
    document["validUntil"] = [document["validUntil"]]


def as_a_value(document: Document) -> None:
    document["validUntil"] = {"@type": DATE_TIME, "@value": document["validUntil"]}


RESPELLINGS: list[tuple[str, Change, Reason]] = [
    ("validUntil by its IRI", lambda d: spell_date(d, CREDENTIALS + "validUntil"), Reason.RESPELLED_MEMBER),
    (
        "credentialStatus by its IRI",
        lambda d: rename(d, "credentialStatus", CREDENTIALS + "credentialStatus"),
        Reason.RESPELLED_MEMBER,
    ),
    (
        "statusListIndex by its IRI",
        lambda d: rename(d["credentialStatus"], "statusListIndex", STATUS + "statusListIndex"),
        Reason.RESPELLED_MEMBER,
    ),
    ("validUntil by a prefix", prefix_predicate, Reason.RESPELLED_MEMBER),
    ("validUntil by half a prefix", half_prefix_predicate, Reason.UNSAFE_CONTEXT),
    ("validUntil by @vocab", vocabulary_predicate, Reason.RESPELLED_MEMBER),
    ("validUntil by half a name and @vocab", half_vocabulary_predicate, Reason.UNSAFE_CONTEXT),
    ("validUntil by an alias", alias_predicate, Reason.UNSAFE_CONTEXT),
    ("validUntil in a list", in_a_list, Reason.MALFORMED_CREDENTIAL),
    ("validUntil as a value object", as_a_value, Reason.MALFORMED_CREDENTIAL),
    ("validUntil moved to @included", included, Reason.RESPELLED_MEMBER),
    ("credentialStatus moved to @included", included_status, Reason.RESPELLED_MEMBER),
    ("validUntil moved to an alias of @nest", nested, Reason.UNSAFE_CONTEXT),
    ("validUntil moved to @nest", at_nest, Reason.RESPELLED_MEMBER),
    ("@id for id", lambda d: rename(d["credentialSubject"], "id", "@id"), Reason.RESPELLED_MEMBER),
    ("@id for id of the status", lambda d: rename(d["credentialStatus"], "id", "@id"), Reason.RESPELLED_MEMBER),
    ("@type for type", lambda d: rename(d, "type", "@type"), Reason.UNSIGNED_CONTENT),
    ("another key for @type", keyword_alias, Reason.UNSAFE_CONTEXT),
    ("status list address by a prefix", prefix_value, Reason.RESPELLED_MEMBER),
    ("status id by a prefix", prefix_scheme_value, Reason.RESPELLED_MEMBER),
    (
        "status list address as an object",
        lambda d: d["credentialStatus"].update(
            statusListCredential={"id": d["credentialStatus"]["statusListCredential"]}
        ),
        Reason.MALFORMED_CREDENTIAL,
    ),
    ("a type by another name", alias_type, Reason.RENAMED_TERM),
    ("a claim by another name", alias_property, Reason.RENAMED_TERM),
    (
        "issuer as an object in a list",
        lambda d: d.update(issuer=[d["issuer"]]),
        Reason.MALFORMED_CREDENTIAL,
    ),
]


def endorsed(issuer: str) -> Document:
    """A licence that holds an endorsement of itself, whose subject has the licence's id (Open Badges 3.0)."""
    document = licence(issuer)
    document["@context"].append("https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json")
    subject = {"id": document["id"], "type": ["EndorsementSubject"], "endorsementComment": "Well earned."}
    document["endorsement"] = [
        {
            "id": "urn:uuid:22222222-0000-4000-8000-000000000001",
            "type": ["VerifiableCredential", "EndorsementCredential"],
            "issuer": "did:web:guild.example",
            "credentialSubject": subject,
        }
    ]
    return document


@pytest.mark.parametrize("member", ["validUntil", "credentialStatus", "type", "validFrom"])
def test_members_moved_into_the_subject_of_an_endorsement(integrity: DataIntegrity, member: str) -> None:
    signed = sign(integrity, endorsed(BOARD.did), "eddsa-rdfc-2022")
    check(integrity, signed)
    attacked = copy.deepcopy(signed)
    subject = attacked["endorsement"][0]["credentialSubject"]
    if member == "type":
        subject["type"].append(attacked["type"].pop())
    else:
        subject["type"].append("VerifiableCredential")  # where these members have a meaning
        subject[member] = attacked.pop(member)
    before, after = (
        pyld_canonical({key: value for key, value in document.items() if key != "proof"})
        for document in (signed, attacked)
    )
    assert after == before, "not an attack: the signature would not hold"
    assert reason(integrity, attacked) is Reason.RESPELLED_MEMBER


@pytest.mark.parametrize("mechanism", BY_MEANING)
@pytest.mark.parametrize(("name", "change", "expected"), RESPELLINGS, ids=[r[0] for r in RESPELLINGS])
def test_respelled_members(
    integrity: DataIntegrity, name: str, change: Change, expected: Reason, mechanism: str
) -> None:
    signed = sign(integrity, licence(BOARD.did), mechanism)
    check(integrity, signed)
    attacked = copy.deepcopy(signed)
    change(attacked)
    before, after = (
        pyld_canonical({key: value for key, value in document.items() if key != "proof"})
        for document in (signed, attacked)
    )
    assert after == before, "not an attack: the signature would not hold"
    assert attacked != signed
    assert reason(integrity, attacked) is expected


def test_a_type_the_verifier_knows_by_its_iri(integrity: DataIntegrity) -> None:
    document = licence(BOARD.did)
    document["type"] = [CREDENTIALS + "VerifiableCredential", "VerifiableCredential"]
    with pytest.raises(Refused) as refused:
        sign(integrity, document)
    assert refused.value.reason is Reason.RESPELLED_MEMBER


def test_members_spread_over_two_objects_of_one_id(integrity: DataIntegrity) -> None:
    """Without @included: a reference that was signed anyway is where the member moves to."""
    document = licence(BOARD.did)
    document["evidence"] = [{"id": document["id"], "type": "VerifiableCredential"}]
    with pytest.raises(Refused) as refused:
        sign(integrity, document)
    assert refused.value.reason is Reason.RESPELLED_MEMBER

    document["evidence"] = [{"id": document["id"]}]  # a bare reference is no place for a member …
    signed = sign(integrity, document)
    check(integrity, signed)
    signed["evidence"][0] |= {"type": "VerifiableCredential", "validUntil": signed.pop("validUntil")}
    assert reason(integrity, signed) is Reason.RESPELLED_MEMBER


def test_two_status_entries_of_one_id_cannot_swap_members(integrity: DataIntegrity) -> None:
    document = licence(BOARD.did)
    entry = document["credentialStatus"]
    document["credentialStatus"] = [entry, {**entry, "statusPurpose": "suspension", "statusListIndex": "7"}]
    with pytest.raises(Refused) as refused:
        sign(integrity, document)
    assert refused.value.reason is Reason.RESPELLED_MEMBER
    document["credentialStatus"][1]["id"] += "-2"
    check(integrity, sign(integrity, document))


def test_a_credential_does_not_change_its_version(integrity: DataIntegrity) -> None:
    """Under the context of VCDM 1.1 a reader may look for expirationDate alone."""
    signed = sign(integrity, licence(BOARD.did))
    signed["@context"][0] = VCDM_1
    assert reason(integrity, signed) in (Reason.UNSIGNED_CONTENT, Reason.SIGNATURE_INVALID)
