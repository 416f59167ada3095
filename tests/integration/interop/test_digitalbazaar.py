"""@digitalbazaar/vc and we agree: each accepts what the other signed, and refuses every tampered twin of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from node.crypto.public_keys import KeyType
from node.crypto.signing import SigningKey
from node.issuing.credentials import CredentialIssuer
from node.verification.reasons import Reason
from node.verification.verdict import CheckId, Decision, Verdict
from tests.interop import peers
from tests.interop.tampering import tampered_credentials, tampered_presentations
from tests.simulators.fixture_ledger import BOARD
from tests.simulators.hospital import Hospital
from tests.simulators.signed_fixtures import CREDENTIALS, PRESENTATIONS

Read = Callable[[str], Any]


@pytest.fixture(scope="module")
def hospital() -> Hospital:
    return Hospital()


@pytest.fixture
def board(hospital: Hospital, fixture: Read) -> CredentialIssuer:
    """Issues as the board of the fixtures, with its key."""
    return CredentialIssuer(
        signing_key=SigningKey.from_bytes(
            KeyType.ED25519, bytes.fromhex(fixture("keys.json")["board"]["secretHex"])
        ),
        did=BOARD,
        verification_method=f"{BOARD}#key-1",
        data_integrity=hospital.data_integrity,
        clock=hospital.clock,
        status_list=hospital.replica.queries.status_list,
    )


def judged(hospital: Hospital, document: Any, **asked: str) -> Verdict:
    return hospital.verdict(json.dumps(document).encode(), **asked)


# --- ours of theirs


@pytest.mark.parametrize("name", CREDENTIALS)
def test_we_accept_theirs(name: str, hospital: Hospital, fixture: Read) -> None:
    verdict = judged(hospital, fixture(name))
    assert verdict.decision is Decision.ACCEPT, verdict
    assert verdict.credentials[0].mechanism == CREDENTIALS[name]


@pytest.mark.parametrize("name", PRESENTATIONS)
def test_we_accept_their_presentations(name: str, hospital: Hospital, fixture: Read) -> None:
    keys, presentation = fixture("keys.json"), fixture(name)
    verdict = judged(hospital, presentation, challenge=keys["challenge"], domain=keys["domain"])
    assert verdict.decision is Decision.ACCEPT, verdict
    assert len(verdict.credentials) == len(presentation["verifiableCredential"])


def test_the_expired_one_is_genuine_and_expired(hospital: Hospital, fixture: Read) -> None:
    verdict = judged(hospital, fixture("licence-expired.json"))
    found = {check.id: check.reason for check in verdict.credentials[0].checks}
    assert verdict.decision is Decision.REJECT
    assert (found[CheckId.PROOF], found[CheckId.VALIDITY]) == (Reason.OK, Reason.EXPIRED)


def _tampered(fixture: Read) -> Iterator[tuple[str, Any, dict[str, str]]]:
    keys = fixture("keys.json")
    asked = {"challenge": keys["challenge"], "domain": keys["domain"]}
    for name in CREDENTIALS:
        for what, twin in tampered_credentials(fixture(name)):
            yield f"{name}: {what}", twin, {}
    for name in PRESENTATIONS:
        for what, twin in tampered_presentations(fixture(name)):
            yield f"{name}: {what}", twin, asked


def test_we_refuse_their_tampered_twins(hospital: Hospital, fixture: Read) -> None:
    found = {name: judged(hospital, twin, **asked).decision for name, twin, asked in _tampered(fixture)}
    assert len(found) > 100
    # The keys of the other issuer are on no record, so what it signed could not be checked.
    strangers = {name for name in found if name.endswith("other issuer")}
    assert {found.pop(name) for name in strangers} <= {Decision.REJECT, Decision.INDETERMINATE}
    # A word that the signature does not cover may be its issuer's own: that is left open, never accepted.
    renamed = {name for name in found if name.endswith("term renamed")}
    assert {found.pop(name) for name in renamed} <= {Decision.REJECT, Decision.INDETERMINATE}
    assert {name for name, decision in found.items() if decision is not Decision.REJECT} == set()


def test_a_bad_credential_does_not_taint_its_neighbours(hospital: Hospital, fixture: Read) -> None:
    twin = dict(tampered_presentations(fixture("presentation-of-three.json")))["last credential: claim forged"]
    del twin["proof"]  # what remains is an unsigned bundle of two genuine credentials and a forged one
    decisions = [one.decision for one in judged(hospital, twin).credentials]
    assert decisions == [Decision.ACCEPT, Decision.ACCEPT, Decision.REJECT]


# --- theirs of ours


@pytest.mark.usefixtures("_peers")
@pytest.mark.parametrize("mechanism", ["eddsa-rdfc-2022", "eddsa-jcs-2022"])
def test_they_accept_ours_and_refuse_its_tampered_twins(
    mechanism: str, board: CredentialIssuer, fixture: Read
) -> None:
    issued = []
    for name in ("licence.json", "licence-vcdm11.json", "welding-certificate.json"):
        unsigned = {member: value for member, value in fixture(name).items() if member != "proof"}
        issued.append(board.issue(unsigned | {"issuer": BOARD}, mechanism=mechanism))
    documents = {BOARD: fixture("did-board.json")}
    answers = peers.verify([{"credential": one} for one in issued], documents)
    assert [answer.error for answer in answers] == [""] * len(issued)

    twins = [twin for one in issued if isinstance(one, dict) for _, twin in tampered_credentials(one)]
    answers = peers.verify([{"credential": twin} for twin in twins], documents)
    assert len(twins) > 25
    assert not any(answer.accepted for answer in answers)


@pytest.mark.usefixtures("_peers")
@pytest.mark.parametrize("mechanism", ["eddsa-rdfc-2022", "eddsa-jcs-2022"])
def test_equal_input_gives_the_same_signature(
    mechanism: str, hospital: Hospital, board: CredentialIssuer, fixture: Read
) -> None:
    """Ed25519 has no nonce: where key, document and options are equal, so is every byte they sign."""
    name = {"eddsa-rdfc-2022": "welding-certificate.json", "eddsa-jcs-2022": "licence-jcs.json"}[mechanism]
    unsigned = {member: value for member, value in fixture(name).items() if member != "proof"} | {
        "issuer": BOARD
    }
    ours = board.issue(unsigned, mechanism=mechanism)
    assert isinstance(ours, dict)
    key = fixture("keys.json")["board"]
    [theirs] = peers.sign(
        [
            {
                "mechanism": mechanism,
                "document": unsigned,
                "created": ours["proof"]["created"],
                "key": {"id": key["verificationMethod"], "controller": key["did"], "seed": key["secretHex"]},
            }
        ]
    )
    assert ours["proof"]["proofValue"] == theirs["proof"]["proofValue"]
