"""Credentials of issuers whose keys are kept by did:webvh, and of accounts, through the whole pipeline."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

import pytest

from node.crypto.signing import SigningKey
from node.did.resolver import Resolver
from node.fetch import Fetched, Fetcher, FetchRefused
from node.services.verification import VerificationService
from node.verification.proofs.contexts import Contexts
from node.verification.proofs.data_integrity.data_integrity import DataIntegrity
from node.verification.reasons import Reason
from node.verification.verdict import CheckId, Outcome, Verdict
from registry.records import NOW, AsOf
from tests.simulators.policies import DEFAULT_POLICY
from tests.simulators.relying_party import SimulatedRelyingParty, ended
from tests.simulators.webvh_log import START, WebvhController, did_key, key, multikey

INTEGRITY = DataIntegrity(Contexts())
ANYONE = replace(
    DEFAULT_POLICY,
    name="any-issuer",
    require_accreditation=False,
    accepted_types=frozenset({"VerifiableCredential"}),
    allow_web=True,
)
HELD = (Outcome.PASSED, Reason.OK)


class Host:
    """Serves a table, and remembers what it was asked."""

    def __init__(self, pages: dict[str, bytes]) -> None:
        self.pages = pages
        self.asked: list[str] = []

    async def get(self, url: str, **_: Any) -> Fetched:
        self.asked.append(url)
        if url not in self.pages:
            raise FetchRefused("there is no such document (HTTP 404)")
        return Fetched(url, self.pages[url], "text/jsonl")


class Party(SimulatedRelyingParty):
    """One that reaches that host."""

    def __init__(self, host: Host) -> None:
        super().__init__()
        resolver = Resolver(self.ledger.pinned_document, cast(Fetcher, host), self.clock)
        self.service = VerificationService(self.verifier, resolver, self.ledger, self.clock)


def licence(board: WebvhController, signer: SigningKey, name: str = "#key-1") -> dict[str, Any]:
    document = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiableCredential"],
        "issuer": board.did,
        "credentialSubject": {"id": "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"},
    }
    return INTEGRITY.sign(
        document, key=signer, verification_method=board.did + name, cryptosuite="eddsa-jcs-2022", created=START
    )


def judged(host: Host, credential: dict[str, Any], at: AsOf = NOW) -> Verdict:
    return Party(host).verify(credential, ANYONE, at=at)


def test_a_credential_of_a_did_webvh() -> None:
    board = WebvhController()
    host = Host(board.pages())
    verdict = judged(host, licence(board, key(9)))
    assert ended(verdict, CheckId.PROOF) == HELD
    assert len(host.asked) == 1


def test_a_policy_without_the_web_never_asks() -> None:
    board = WebvhController()
    host = Host(board.pages())
    verdict = Party(host).verify(licence(board, key(9)), DEFAULT_POLICY)
    assert ended(verdict, CheckId.PROOF) == (Outcome.INDETERMINATE, Reason.DID_UNRESOLVABLE)
    assert host.asked == []


def test_a_key_that_was_replaced_signs_no_more_but_did() -> None:
    board = WebvhController()
    board.update(state=board.document(board.did, key(8)))
    host = Host(board.pages())
    old = licence(board, key(9))
    assert ended(judged(host, old), CheckId.PROOF) == (Outcome.FAILED, Reason.SIGNATURE_INVALID)
    assert ended(judged(host, licence(board, key(8))), CheckId.PROOF) == HELD


@pytest.mark.parametrize("taken", ["host", "key", "both without witnesses"])
def test_who_takes_the_host_or_a_key_takes_nothing(taken: str) -> None:
    """A forger who rewrites what is served: by the host alone, by a replaced key, by both but no witness."""
    rule = {"threshold": 1, "witnesses": [{"id": did_key(key(21))}]}
    board = WebvhController(first={"witness": rule})
    board.approve(board.update(updateKeys=[multikey(key(2))]), key(21))
    signer = {"host": key(66), "key": key(1), "both without witnesses": key(2)}[taken]
    board.update(signers=[signer], state=board.document(board.did, key(66)))
    verdict = judged(Host(board.pages()), licence(board, key(66)))
    assert ended(verdict, CheckId.PROOF) == (Outcome.FAILED, Reason.DID_UNRESOLVABLE)


def test_a_deactivated_issuer() -> None:
    board = WebvhController()
    board.update(deactivated=True)
    verdict = judged(Host(board.pages()), licence(board, key(9)))
    assert ended(verdict, CheckId.PROOF) == (Outcome.FAILED, Reason.DID_DEACTIVATED)


def test_a_key_that_is_for_something_else() -> None:
    board = WebvhController()
    board.update(state={**board.document(board.did), "assertionMethod": [], "authentication": ["#key-1"]})
    verdict = judged(Host(board.pages()), licence(board, key(9)))
    assert ended(verdict, CheckId.PROOF) == (Outcome.FAILED, Reason.KEY_NOT_AUTHORISED)


def test_an_account_is_no_key() -> None:
    did = "did:pkh:eip155:1:0xb9c5714089478a327f09197987f16f9e5d936e8a"
    board = WebvhController()
    credential = licence(board, key(9))
    text = {**credential, "issuer": did}
    text["proof"] = {**credential["proof"], "verificationMethod": did + "#blockchainAccountId"}
    verdict = judged(Host({}), text)
    assert ended(verdict, CheckId.PROOF) == (Outcome.FAILED, Reason.KEY_NOT_FOUND)
