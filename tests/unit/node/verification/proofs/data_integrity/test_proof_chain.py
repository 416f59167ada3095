"""Chains of proofs: what each link covers, and what a holder could do to them."""

from __future__ import annotations

import copy
import itertools
from typing import Any

import pytest

from node.crypto.public_keys import KeyType
from node.verification.proofs.data_integrity.data_integrity import DataIntegrity
from node.verification.reasons import Reason
from tests.simulators.checked import check, reason
from tests.simulators.proof_oracle import prove
from tests.simulators.signers import Signer, licence, only, resolve_did_key

BOARD, CLERK, NOTARY = Signer(1), Signer(2), Signer(3)
SUITES = ["eddsa-rdfc-2022", "eddsa-jcs-2022"]
Document = dict[str, Any]


def chained(suite: str = "eddsa-rdfc-2022") -> Document:
    """Two clerks, then the board over both, then a notary over the board."""
    document = licence(BOARD.did)
    first = prove(document, CLERK, suite, id="urn:proof:1")
    second = prove(document, CLERK, suite, id="urn:proof:2", created="2027-01-15T07:00:00Z")
    third = prove(document, BOARD, suite, id="urn:proof:3", previous=(first, second))
    fourth = prove(document, NOTARY, suite, previous=(third,), previousProof="urn:proof:3")
    return {**document, "proof": [first, second, third, fourth]}


@pytest.mark.parametrize("suite", SUITES)
def test_a_chain_holds(integrity: DataIntegrity, suite: str) -> None:
    assert check(integrity, chained(suite)).cryptosuite == suite


def test_the_order_of_the_set_is_free(integrity: DataIntegrity) -> None:
    document = chained()
    for order in itertools.permutations(document["proof"]):
        check(integrity, {**document, "proof": list(order)})


@pytest.mark.parametrize("suites", list(itertools.permutations(["ecdsa-rdfc-2019", "eddsa-jcs-2022"])))
def test_suites_may_differ_along_a_chain(integrity: DataIntegrity, suites: tuple[str, str]) -> None:
    signers = {"ecdsa-rdfc-2019": Signer(5, KeyType.P384), "eddsa-jcs-2022": CLERK}
    document = licence(BOARD.did)
    first = prove(document, signers[suites[0]], suites[0], id="urn:proof:1")
    second = prove(document, signers[suites[1]], suites[1], previous=(first,))
    check(integrity, {**document, "proof": [first, second]})
    first["created"] = "2027-01-15T07:59:59Z"
    assert reason(integrity, {**document, "proof": [first, second]}) is Reason.SIGNATURE_INVALID


@pytest.mark.parametrize("suite", SUITES)
@pytest.mark.parametrize("place", range(4))
def test_every_link_is_covered(integrity: DataIntegrity, suite: str, place: int) -> None:
    """Each proof replaced by another genuine one by the same signer: those that build on it fall."""
    document = chained(suite)
    old = document["proof"][place]
    again = {name: value for name, value in old.items() if name not in ("proofValue", "@context", "type")}
    links = {"previous": tuple(document["proof"][:2])} if place == 2 else {}
    if place == 3:
        links = {"previous": (document["proof"][2],)}
    signer = (CLERK, CLERK, BOARD, NOTARY)[place]
    fresh = prove(document, signer, suite, **links, **{**again, "nonce": "another"})
    document["proof"][place] = fresh
    if place == 3:
        check(integrity, document)  # nothing builds on the last
    else:
        assert reason(integrity, document) is Reason.SIGNATURE_INVALID


@pytest.mark.parametrize("suite", SUITES)
def test_links_cannot_be_taken_out_or_put_in(integrity: DataIntegrity, suite: str) -> None:
    document = chained(suite)
    for place in range(3):
        rest = [proof for at, proof in enumerate(document["proof"]) if at != place]
        assert reason(integrity, {**document, "proof": rest}) is Reason.MALFORMED_PROOF
    check(integrity, {**document, "proof": document["proof"][:3]})  # the notary's is not the board's to keep
    for place, links in ((2, None), (3, None), (2, ["urn:proof:1"]), (0, "urn:proof:2"), (3, "urn:proof:1")):
        attacked = copy.deepcopy(document)
        if links is None:
            del attacked["proof"][place]["previousProof"]
        else:
            attacked["proof"][place]["previousProof"] = links
        assert reason(integrity, attacked) is Reason.SIGNATURE_INVALID, (place, links)


def test_circles_are_refused(integrity: DataIntegrity) -> None:
    for links in (("urn:proof:1", None), ("urn:proof:2", "urn:proof:1"), ("urn:proof:3", "urn:proof:1")):
        document = chained()
        for place, link in enumerate(links):
            if link is not None:
                document["proof"][place]["previousProof"] = link
        assert reason(integrity, document) is Reason.MALFORMED_PROOF


@pytest.mark.parametrize("value", [None, [], "", 7, [7], {}, ["urn:proof:1", None], "urn:proof:9", [["x"]]])
def test_malformed_links(integrity: DataIntegrity, value: Any) -> None:
    document = chained()
    document["proof"][3]["previousProof"] = value
    assert reason(integrity, document) is Reason.MALFORMED_PROOF


def test_two_proofs_of_one_id_could_stand_in_for_one_another(integrity: DataIntegrity) -> None:
    document = chained()
    twin = prove(document, CLERK, id="urn:proof:1", created="2027-01-15T06:00:00Z")
    document["proof"].append(twin)
    assert reason(integrity, document) is Reason.MALFORMED_PROOF


def test_a_relative_id_of_a_link_would_not_be_signed(integrity: DataIntegrity) -> None:
    document = licence(BOARD.did)
    first = prove(document, CLERK, id="one")
    second = prove(document, BOARD, previous=(first,))
    assert reason(integrity, {**document, "proof": [first, second]}) is Reason.UNSIGNED_CONTENT


def test_what_builds_on_a_proof_that_cannot_be_judged_does_not_count(integrity: DataIntegrity) -> None:
    document = chained()
    # The board's proof builds on the clerk's, who is not known here.
    assert reason(integrity, document, resolve_method=only(BOARD)) is Reason.ISSUER_MISMATCH
    assert check(integrity, document, resolve_method=only(CLERK)).method.id == CLERK.method
    unknown = {**document["proof"][0], "cryptosuite": "xyz-2099"}
    document["proof"][0] = unknown
    assert reason(integrity, document, resolve_method=only(BOARD, NOTARY)) is Reason.UNKNOWN_CRYPTOSUITE


def test_a_proof_may_build_on_those_of_others(integrity: DataIntegrity) -> None:
    document = chained()
    asked = {"resolve_method": only(BOARD), "resolve_previous": resolve_did_key}
    assert check(integrity, document, **asked).method.id == BOARD.method
    assert reason(integrity, document, **{**asked, "resolve_previous": only(NOTARY)}) is Reason.ISSUER_MISMATCH
    # Being built on makes a proof no issuer's; neither does building on an issuer's.
    assert reason(integrity, document, **{**asked, "resolve_method": only()}) is Reason.ISSUER_MISMATCH
    for place in range(3):
        attacked = copy.deepcopy(document)
        attacked["proof"][place]["created"] = "2027-01-15T07:30:00Z"
        assert reason(integrity, attacked, **asked) is Reason.SIGNATURE_INVALID


def test_a_wrong_link_spoils_the_chain(integrity: DataIntegrity) -> None:
    document = chained()
    document["proof"][0]["proofValue"] = document["proof"][1]["proofValue"]
    assert reason(integrity, document) is Reason.SIGNATURE_INVALID


def test_the_document_is_covered_by_every_link(integrity: DataIntegrity) -> None:
    document = chained()
    document["credentialSubject"]["givenName"] = "Another"
    for place in range(4):
        one = only((CLERK, CLERK, BOARD, NOTARY)[place], CLERK)
        assert reason(integrity, document, resolve_method=one) is Reason.SIGNATURE_INVALID
