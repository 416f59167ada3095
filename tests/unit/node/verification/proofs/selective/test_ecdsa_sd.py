"""ecdsa-sd-2023 against a holder who cheats: what is shown was signed, what decides is not hidden unseen."""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from node.crypto import base64url
from node.crypto.public_keys import KeyType, PublicKey
from node.verification.proofs.contexts import Contexts
from node.verification.proofs.data_integrity.data_integrity import DataIntegrity, ProofResult
from node.verification.proofs.data_integrity.members import PROOF_MEMBERS
from node.verification.proofs.selective.ecdsa_sd import (
    BaseProof,
    DerivedProof,
    Signatures,
    parse,
    signed_by_issuer,
)
from node.verification.proofs.selective.ecdsa_sd_making import always_mandatory
from node.verification.proofs.selective.reading import Whole, digest_name, read
from node.verification.proofs.selective.selection import BadPointer
from node.verification.reasons import Reason
from node.verification.refusals import Refused
from tests.simulators.signers import BOARD_TERMS, NOW, Signer, licence, resolve_did_key

BOARD = Signer(3, KeyType.P256)
MALLORY = Signer(4, KeyType.P256)
INTEGRITY = DataIntegrity(Contexts())
SHOWN = [f"/credentialSubject/{name}" for name in ("givenName", "licence/licenceNumber", "licence/ranked")]
Document = dict[str, Any]


def issue(
    document: Document | None = None, mandatory: list[str] | None = None, signer: Signer = BOARD
) -> Document:
    document = document or licence(BOARD.did)
    return INTEGRITY.sign(
        document,
        key=signer.key,
        verification_method=signer.method,
        cryptosuite="ecdsa-sd-2023",
        created=NOW,
        mandatory_pointers=always_mandatory(document, ["/issuer"]) if mandatory is None else mandatory,
    )


def check(document: Document) -> ProofResult:
    return INTEGRITY.check(document, purpose="assertionMethod", resolve_method=resolve_did_key, now=NOW, skew=0)


def reason(document: Document) -> Reason:
    try:
        check(document)
    except Refused as refused:
        return refused.reason
    return Reason.OK


@pytest.fixture(scope="module")
def base() -> Document:
    return issue()


@pytest.fixture(scope="module")
def derived(base: Document) -> Document:
    return INTEGRITY.derive(base, SHOWN)


def proof_of(document: Document) -> Any:
    return parse(document["proof"]["proofValue"])


def with_proof(document: Document, proof: BaseProof | DerivedProof) -> Document:
    return {**document, "proof": {**document["proof"], "proofValue": proof.encoded()}}


def test_a_credential_and_what_is_derived_from_it(base: Document, derived: Document) -> None:
    assert check(base).withheld == check(derived).withheld == frozenset()
    subject = derived["credentialSubject"]
    assert set(subject) == {"id", "givenName", "licence"}
    shown = {"type": "NursingLicence", "licenceNumber": "RN-4821093", "ranked": ["first", "second"]}
    assert subject["licence"] == shown
    assert {"validFrom", "validUntil", "credentialStatus", "issuer", "id", "type"} <= set(derived)


def test_nothing_more_than_what_was_chosen_can_be_read_off_the_proof(derived: Document) -> None:
    proof = proof_of(derived)
    assert isinstance(proof, DerivedProof)
    assert len(proof.signatures.statements) + len(proof.mandatory) < 30
    assert b"Siobh" not in base64url.decode(derived["proof"]["proofValue"][1:])


def test_nothing_drawn_is_drawn_twice() -> None:
    one, other = proof_of(issue()), proof_of(issue())
    assert one.hmac_key != other.hmac_key
    assert one.signatures.public_key != other.signatures.public_key


def test_the_holder_does_not_hide_what_decides(base: Document) -> None:
    """Statements taken out by hand, with their signatures, past what `derive` would do."""
    for member in ("credentialStatus", "validUntil", "validFrom", "issuer"):
        for source in (base, INTEGRITY.derive(base, SHOWN)):
            cut = {name: value for name, value in source.items() if name != member}
            assert reason(cut) in {Reason.SIGNATURE_INVALID, Reason.MALFORMED_PROOF, Reason.ISSUER_MISMATCH}
    fewer = copy.deepcopy(base)
    fewer["type"].remove("NursingLicenceCredential")
    assert reason(fewer) is Reason.SIGNATURE_INVALID


def cut_by_hand(base: Document, kept: list[str], shown: list[str]) -> Document:
    """As a holder with tools of their own would: another choice of what is mandatory."""
    proof = proof_of(base)
    unsecured = {name: value for name, value in base.items() if name != "proof"}
    whole = Whole(unsecured, INTEGRITY)
    names = whole.reading.shuffled(proof.hmac_key)
    said = whole.reading.named(names)
    mandatory = said.places(whole.part(list(proof.mandatory_pointers))[1].named(names))
    revealed, part = whole.part([*kept, *shown])
    places = said.places(part.named(names))
    others = [place for place in range(len(said.lines)) if place not in mandatory]
    signatures = tuple(
        one for place, one in zip(others, proof.signatures.statements, strict=True) if place in places
    )
    digests = whole.reading.digests(proof.hmac_key)
    labels = tuple(digests[label] for label, _ in sorted(part.numbers().items(), key=lambda item: item[1]))
    return with_proof(
        {**revealed, "proof": base["proof"]},
        DerivedProof(
            replace(proof.signatures, statements=signatures),
            labels,
            tuple(number for number, place in enumerate(sorted(places)) if place in mandatory),
        ),
    )


def test_what_is_mandatory_does_not_go_missing(base: Document) -> None:
    everything = ["/issuer", "/validFrom", "/validUntil", "/credentialStatus"]
    assert reason(cut_by_hand(base, everything, SHOWN)) is Reason.OK
    for member in everything[1:]:
        kept = [one for one in everything if one != member]
        assert reason(cut_by_hand(base, kept, SHOWN)) is Reason.SIGNATURE_INVALID, member


def test_what_the_issuer_left_open_is_named() -> None:
    """Others issue with less care: then it is not known what was there."""
    careless = issue(mandatory=["/issuer"])
    assert check(careless).withheld == {"credentialStatus"}
    dates = ["/validFrom", "/validUntil"]
    assert check(INTEGRITY.derive(careless, SHOWN)).withheld == {"credentialStatus", "validFrom", "validUntil"}
    assert check(INTEGRITY.derive(careless, [*SHOWN, *dates])).withheld == {"credentialStatus"}
    # One of two entries shown: nobody can tell that there is another.
    assert check(INTEGRITY.derive(careless, [*dates, "/credentialStatus"])).withheld == {"credentialStatus"}
    nothing = issue(mandatory=[])
    assert "type" in (check(INTEGRITY.derive(nothing, ["/issuer", *SHOWN])).withheld or ())


def test_a_base_proof_can_be_thinned_out_and_says_no_more_than_a_derived_one() -> None:
    credential = licence(BOARD.did, credentialSubject={"id": "did:example:nurse", "givenName": "Ada"})
    del credential["credentialStatus"]
    signed = issue(credential, ["/issuer"])
    proof = proof_of(signed)
    whole = Whole({name: value for name, value in signed.items() if name != "proof"}, INTEGRITY)
    names = whole.reading.shuffled(proof.hmac_key)
    said = whole.reading.named(names)
    mandatory = said.places(whole.part(["/issuer"])[1].named(names))
    others = [line for place, line in enumerate(said.lines) if place not in mandatory]
    gone = next(number for number, line in enumerate(others) if "validUntil" in line)
    statements = tuple(one for number, one in enumerate(proof.signatures.statements) if number != gone)
    thinned = with_proof(
        {name: value for name, value in signed.items() if name != "validUntil"},
        replace(proof, signatures=replace(proof.signatures, statements=statements)),
    )
    assert check(thinned).withheld == {"validUntil", "credentialStatus"}


def test_a_node_cannot_be_taken_apart() -> None:
    """Two parts under one name would be one licence's number beside another's kind."""
    terms = {name: BOARD_TERMS + name for name in ("licences", "number", "kind")}
    document = {
        "@context": ["https://www.w3.org/ns/credentials/v2", terms],
        "type": ["VerifiableCredential"],
        "issuer": BOARD.did,
        "credentialSubject": {"licences": {"number": "RN-1", "kind": "student"}},
    }
    signed = issue(document, ["/issuer"])
    derived = INTEGRITY.derive(signed, ["/credentialSubject"])
    proof = proof_of(derived)
    derived["credentialSubject"]["licences"] = [{"number": "RN-1"}, {"kind": "student"}]
    for extra in (proof.labels[0], proof.labels[1], proof.labels[-1], bytes(32)):
        for signatures in (
            proof.signatures.statements,
            (*proof.signatures.statements, *proof.signatures.statements),
        ):
            attacked = DerivedProof(
                replace(proof.signatures, statements=signatures), (*proof.labels, extra), proof.mandatory
            )
            assert reason(with_proof(derived, attacked)) is not Reason.OK


def _edits(proof: Any) -> Iterator[tuple[str, Any]]:
    signed: Signatures = proof.signatures

    def signatures(**changes: Any) -> Any:
        return replace(proof, signatures=replace(signed, **changes))

    yield "a signature less", signatures(statements=signed.statements[1:])
    yield "a signature more", signatures(statements=(*signed.statements, signed.statements[0]))
    yield (
        "two signatures swapped",
        signatures(statements=(signed.statements[1], signed.statements[0], *signed.statements[2:])),
    )
    yield "no signature", signatures(statements=())
    yield "another key", signatures(public_key=b"\x80\x24" + MALLORY.key.public.raw)
    yield "no key at all", signatures(public_key=b"\x80\x24\x02" + b"\xff" * 32)
    yield "zeros", signatures(base=bytes(64))
    if isinstance(proof, DerivedProof):
        yield "nothing mandatory", replace(proof, mandatory=())
        yield "a place less", replace(proof, mandatory=proof.mandatory[1:])
        yield "a place past the end", replace(proof, mandatory=(*proof.mandatory, 999))
        yield "a place more", replace(proof, mandatory=(*proof.mandatory, max(proof.mandatory) + 1))
        yield "labels swapped", replace(proof, labels=(proof.labels[1], proof.labels[0], *proof.labels[2:]))
        yield "a label less", replace(proof, labels=proof.labels[1:])
        yield "a label more", replace(proof, labels=(*proof.labels, bytes(32)))
    else:
        yield "another label key", replace(proof, hmac_key=bytes(32))
        yield "less is mandatory", replace(proof, mandatory_pointers=proof.mandatory_pointers[1:])
        yield (
            "more is mandatory",
            replace(proof, mandatory_pointers=(*proof.mandatory_pointers, "/credentialSubject")),
        )
        yield "nothing is", replace(proof, mandatory_pointers=())
        yield "what is not there", replace(proof, mandatory_pointers=("/nothing",))
        yield "no pointer", replace(proof, mandatory_pointers=("issuer",))


@pytest.mark.parametrize("kind", ["base", "derived"])
def test_every_part_of_a_proof_counts(request: pytest.FixtureRequest, kind: str) -> None:
    document = request.getfixturevalue(kind)
    assert reason(document) is Reason.OK
    for what, proof in _edits(proof_of(document)):
        assert reason(with_proof(document, proof)) in {Reason.SIGNATURE_INVALID, Reason.MALFORMED_PROOF}, what


@pytest.mark.parametrize("kind", ["base", "derived"])
def test_no_bit_of_a_proof_value_can_be_changed(request: pytest.FixtureRequest, kind: str) -> None:
    document = request.getfixturevalue(kind)
    if kind == "base":  # fewer statements, fewer signatures
        document = issue(licence(BOARD.did, credentialSubject={"givenName": "Ada"}))
    data = base64url.decode(document["proof"]["proofValue"][1:])
    for place in range(len(data)):
        flipped = bytearray(data)
        flipped[place] ^= 1 << (place % 8)
        twin = {
            **document,
            "proof": {**document["proof"], "proofValue": "u" + base64url.encode(bytes(flipped))},
        }
        assert reason(twin) is not Reason.OK, place


def test_no_member_can_be_added_or_respelled(derived: Document) -> None:
    subject = derived["credentialSubject"]
    for twin in (
        {**derived, "name": "Surgeon"},
        {**derived, "credentialSubject": {**subject, "https://schema.org/jobTitle": "Surgeon"}},
        {**derived, "credentialSubject": [subject, {"id": "did:example:mallory", "givenName": "M"}]},
        {**derived, "type": [*derived["type"], "https://board.example/vocabulary#Administrator"]},
        {**derived, "undefined": 1},
    ):
        assert reason(twin) in {Reason.SIGNATURE_INVALID, Reason.UNSIGNED_CONTENT}
    respelled = {name: value for name, value in derived.items() if name != "validUntil"}
    respelled["https://www.w3.org/2018/credentials#validUntil"] = {
        "@type": "http://www.w3.org/2001/XMLSchema#dateTime",
        "@value": derived["validUntil"],
    }
    assert reason(respelled) is Reason.RESPELLED_MEMBER
    nulled = {**derived, "@context": [*derived["@context"], {"credentialStatus": None}]}
    assert reason(nulled) is Reason.UNSAFE_CONTEXT


def test_another_issuers_statements_do_not_mix(derived: Document) -> None:
    """The key of the statements is signed by the issuer, and made for one credential."""
    forged = issue(licence(BOARD.did), signer=MALLORY)
    theirs, ours = proof_of(INTEGRITY.derive(forged, SHOWN)), proof_of(derived)
    mixed = replace(theirs, signatures=replace(theirs.signatures, base=ours.signatures.base))
    assert reason(with_proof(derived, mixed)) is Reason.SIGNATURE_INVALID


def test_the_proofs_own_members_are_signed(derived: Document) -> None:
    for members in (
        {"created": "2026-01-01T00:00:00Z"},
        {"challenge": "c"},
        {"verificationMethod": MALLORY.method},
    ):
        assert reason({**derived, "proof": {**derived["proof"], **members}}) is Reason.SIGNATURE_INVALID
    other = {**derived["proof"], "cryptosuite": "ecdsa-rdfc-2019"}
    assert reason({**derived, "proof": other}) is Reason.MALFORMED_PROOF


def test_in_a_chain_or_for_a_presentation_it_is_not_judged(derived: Document, base: Document) -> None:
    first = {**base["proof"], "id": "urn:uuid:1"}
    second = {**base["proof"], "previousProof": "urn:uuid:1"}
    del first["proofValue"]
    signed = INTEGRITY.sign(
        {name: value for name, value in base.items() if name != "proof"},
        key=BOARD.key,
        verification_method=BOARD.method,
        cryptosuite="ecdsa-rdfc-2019",
        created=NOW,
    )
    assert reason({**signed, "proof": [signed["proof"], second]}) is Reason.MALFORMED_PROOF
    both = {**signed, "proof": [base["proof"], signed["proof"]]}
    assert check(both).withheld is None  # one of them covers it all
    chained = {**base["proof"], "id": "urn:uuid:2", "previousProof": "urn:uuid:1"}
    chain = {**base, "proof": [{**base["proof"], "id": "urn:uuid:1"}, chained]}
    assert reason(chain) is Reason.SIGNATURE_INVALID  # the first has another id than was signed
    presentation = {"@context": base["@context"][:1], "type": ["VerifiablePresentation"], "holder": BOARD.did}
    with pytest.raises(Refused) as refused:
        INTEGRITY.sign(
            presentation,
            key=BOARD.key,
            verification_method=BOARD.method,
            cryptosuite="ecdsa-sd-2023",
            created=NOW,
            purpose="authentication",
        )
    assert refused.value.reason is Reason.UNKNOWN_CRYPTOSUITE
    presentation["proof"] = {**base["proof"], "proofPurpose": "authentication"}
    with pytest.raises(Refused) as refused:
        INTEGRITY.check(presentation, purpose="authentication", resolve_method=resolve_did_key, now=NOW, skew=0)
    assert refused.value.reason is Reason.UNKNOWN_CRYPTOSUITE


def test_what_is_not_for_us_in_a_set_is_passed_over(base: Document) -> None:
    """As a wallet keeps a credential: proofs of several suites, for whatever its verifiers read."""
    document = {name: value for name, value in base.items() if name != "proof"}
    signed = INTEGRITY.sign(
        document,
        key=BOARD.key,
        verification_method=BOARD.method,
        cryptosuite="ecdsa-rdfc-2019",
        created=NOW,
    )
    bls = "did:key:" + PublicKey.from_raw(KeyType.BLS12_381_G2, b"\x81" + bytes(95)).to_multikey()
    for kind in (b"\xd9\x5d\x02", b"\xd9\x5d\x05"):
        other = {
            **signed["proof"],
            "cryptosuite": "bbs-2023",
            "verificationMethod": f"{bls}#{bls[8:]}",
            "proofValue": "u" + base64url.encode(kind),
        }
        assert reason({**signed, "proof": [other, signed["proof"]]}) is Reason.OK
        assert reason({**signed, "proof": [other]}) is Reason.UNKNOWN_CRYPTOSUITE
        broken = {**signed["proof"], "created": "2026-01-01T00:00:00Z"}
        assert reason({**signed, "proof": [other, broken]}) is Reason.SIGNATURE_INVALID


@pytest.mark.parametrize("kind", ["base", "derived"])
def test_a_poison_graph_is_refused_before_any_signature(request: pytest.FixtureRequest, kind: str) -> None:
    """Ten blank nodes, each linked to all the others."""
    poisoned = copy.deepcopy(request.getfixturevalue(kind))
    terms = {"knows": {"@id": BOARD_TERMS + "knows", "@type": "@id"}}
    clique = [f"_:n{number}" for number in range(10)]
    poisoned["@context"].append(terms)
    poisoned["credentialSubject"] = [{"id": one, "knows": [o for o in clique if o != one]} for one in clique]
    assert reason(poisoned) is Reason.TOO_COMPLEX
    for pointers in ([], ["/credentialSubject"]):
        with pytest.raises(Refused) as refused:
            INTEGRITY.derive(poisoned, pointers)
        assert refused.value.reason in {Reason.TOO_COMPLEX, Reason.MALFORMED_PROOF}


def test_too_many_statements() -> None:
    many = licence(BOARD.did)
    many["credentialSubject"]["licence"]["specialties"] = [f"number {i}" for i in range(1_001)]
    with pytest.raises(Refused) as refused:
        issue(many)
    assert refused.value.reason is Reason.TOO_COMPLEX


@pytest.mark.parametrize(
    "pointer",
    [
        "/nothing",
        "issuer",
        "/credentialSubject/licence/ranked/1",
        "/credentialSubject/licence/raw/b",
        "/description/@value",
        "/description/@language",
    ],
)
def test_pointers_to_what_cannot_be_shown(pointer: str) -> None:
    description = {"@value": "Zulassung", "@language": "de"}
    base = issue(licence(BOARD.did, description=description))
    with pytest.raises(BadPointer) as error:
        INTEGRITY.derive(base, ["/credentialSubject/givenName", pointer])
    assert error.value.pointer == pointer
    with pytest.raises(BadPointer):
        issue(licence(BOARD.did, description=description), ["/issuer", pointer])


def test_lists_and_json_are_shown_whole(base: Document) -> None:
    derived = INTEGRITY.derive(
        base,
        [
            "/credentialSubject/licence/ranked",
            "/credentialSubject/licence/raw",
            "/credentialSubject/licence/hours",
        ],
    )
    assert reason(derived) is Reason.OK
    assert derived["credentialSubject"]["licence"]["ranked"] == ["first", "second"]


def test_only_what_its_issuer_signed_is_derived_from(base: Document, derived: Document) -> None:
    tampered = copy.deepcopy(base)
    tampered["credentialSubject"]["givenName"] = "Mallory"
    plain = INTEGRITY.sign(
        licence(BOARD.did),
        key=BOARD.key,
        verification_method=BOARD.method,
        cryptosuite="ecdsa-rdfc-2019",
        created=NOW,
    )
    for document, expected in (
        (derived, Reason.MALFORMED_PROOF),
        (plain, Reason.UNKNOWN_CRYPTOSUITE),
        (licence(BOARD.did), Reason.NO_PROOF),
        ({**base, "proof": [base["proof"], base["proof"]]}, Reason.UNKNOWN_CRYPTOSUITE),
        (tampered, Reason.SIGNATURE_INVALID),
    ):
        with pytest.raises(Refused) as refused:
            INTEGRITY.derive(document, SHOWN)
        assert refused.value.reason is expected


def test_values_of_the_general_processor_are_verified_and_not_issued() -> None:
    """Somebody else's credential with a number beyond exactness; what is mandatory of it is not known."""
    document = licence(BOARD.did)
    document["credentialSubject"]["licence"]["hours"] = 2**53 + 1
    with pytest.raises(Refused) as refused:
        issue(document)
    assert refused.value.reason is Reason.UNKNOWN_CRYPTOSUITE

    proof = {name: value for name, value in issue()["proof"].items() if name != "proofValue"}
    config = hashlib.sha256(
        INTEGRITY.canonical({**proof, "@context": document["@context"]}, PROOF_MEMBERS).encode()
    ).digest()
    reading = read(document, INTEGRITY)
    labels = tuple(bytes([number]) * 32 for number in range(len(reading.canonical)))
    said = reading.named(reading.mapped([digest_name(label) for label in labels]))
    public_key = b"\x80\x24" + MALLORY.key.public.raw
    signature = BOARD.key.sign(signed_by_issuer(config, public_key, "".join(said.lines)))
    derived = DerivedProof(Signatures(signature, public_key, ()), labels, tuple(range(len(said.lines))))
    signed = {**document, "proof": {**proof, "proofValue": derived.encoded()}}
    assert check(signed).withheld == {"type", "credentialStatus"}
    signed["credentialSubject"] = {"id": "did:example:mallory"}
    assert reason(signed) in {Reason.SIGNATURE_INVALID, Reason.MALFORMED_PROOF}


def test_one_object_in_two_places_is_two_parts() -> None:
    """Python may hold one object twice where JSON has two."""
    again = {"type": "NursingLicence", "licenceNumber": "RN-1"}
    document = licence(BOARD.did)
    document["credentialSubject"]["licence"] = [again, again]
    signed = issue(document)
    assert reason(signed) is Reason.OK
    twin = copy.deepcopy(signed)
    assert reason(INTEGRITY.derive(twin, ["/credentialSubject"])) is Reason.OK
