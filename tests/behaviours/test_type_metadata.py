"""The description of an SD-JWT VC's type is the one its issuer meant, and so are those it builds on."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import replace
from typing import Any

import pytest

from node.verification.files import Pinned
from node.verification.given import Given
from node.verification.proof import ProofChecker
from node.verification.reasons import Reason
from node.verification.schema_registry import SchemaRegistry
from node.verification.type_metadata import MAX_EXTENDS
from node.verification.verdict import Check, CheckId, Decision, Outcome
from node.verification.verifier import Verifier
from tests.simulators import sd_jwt
from tests.simulators.issuer import DATA_INTEGRITY
from tests.simulators.policies import DEFAULT_POLICY
from tests.simulators.relying_party import SimulatedRelyingParty, check_of

VCT = sd_jwt.LICENCE
PASSED, FAILED = Outcome.PASSED, Outcome.FAILED
MISMATCH, MALFORMED = Reason.RESOURCE_DIGEST_MISMATCH, Reason.RESOURCE_MALFORMED


def described(vct: str = VCT, **members: Any) -> bytes:
    return json.dumps({"vct": vct, "name": "Nursing licence"} | members).encode()


def sri(data: bytes, algorithm: str = "sha256") -> str:
    return f"{algorithm}-{base64.b64encode(hashlib.new(algorithm, data).digest()).decode()}"


def check(files: dict[str, bytes], integrity: Any = None, *, given: dict[str, bytes] | None = None) -> Check:
    """Of a licence that states `integrity` of its type, with `files` pinned."""
    party = SimulatedRelyingParty()
    party.verifier = Verifier(ProofChecker(DATA_INTEGRITY), SchemaRegistry({}), Pinned(files))
    party.service = party._service(party.ledger)
    claims = sd_jwt.licence_claims(party.board, **{"vct#integrity": integrity or sri(files.get(VCT, b""))})
    verdict = party.verify(sd_jwt.issue(party.board, claims), given=Given(resources=given or {}))
    assert party.web.asked == []
    found = check_of(verdict, CheckId.RESOURCES)
    assert verdict.decision is (Decision.REJECT if found.outcome is FAILED else Decision.ACCEPT)
    return found


def ended(*arguments: Any, **options: Any) -> tuple[Outcome, Reason]:
    found = check(*arguments, **options)
    assert found.member == ("" if found.outcome is PASSED else "/vct#integrity")
    return found.outcome, found.reason


@pytest.mark.parametrize("algorithm", ["sha256", "sha384", "sha512"])
def test_the_description_that_was_meant(algorithm: str) -> None:
    metadata = described()
    assert ended({VCT: metadata}, sri(metadata, algorithm)) == (PASSED, Reason.OK)
    assert ended({}, sri(metadata, algorithm), given={VCT: metadata}) == (PASSED, Reason.OK)


def test_another_than_was_meant() -> None:
    assert ended({VCT: described(name="Doctor of everything")}, sri(described())) == (FAILED, MISMATCH)
    assert ended({}, sri(described()), given={VCT: described() + b" "}) == (FAILED, MISMATCH)


def test_one_that_is_not_here_is_said_not_to_have_been_compared() -> None:
    expected = (Outcome.NOT_APPLICABLE, Reason.RESOURCE_NOT_CHECKED)
    assert ended({}, sri(described())) == expected
    party = SimulatedRelyingParty()
    strict = replace(DEFAULT_POLICY, require_resources=True)
    claims = sd_jwt.licence_claims(party.board, **{"vct#integrity": sri(described())})
    verdict = party.verify(sd_jwt.issue(party.board, claims), strict)
    assert verdict.decision is Decision.INDETERMINATE
    assert check_of(verdict, CheckId.RESOURCES).outcome is Outcome.INDETERMINATE


@pytest.mark.parametrize("integrity", ["sha256", "md5-AAAA", "sha256-***", " ", "x" * 2000])
def test_a_hash_that_cannot_be_read(integrity: str) -> None:
    assert ended({VCT: described()}, integrity) == (FAILED, MALFORMED)


@pytest.mark.parametrize("metadata", [b"{", b"[]", b'{"vct": 1}', described("other"), b'{"vct":"a","vct":"b"}'])
def test_a_description_that_is_none(metadata: bytes) -> None:
    assert ended({VCT: metadata}) == (FAILED, MALFORMED)


def chain(length: int) -> dict[str, bytes]:
    """Types that build on one another, each by the hash of the next."""
    files: dict[str, bytes] = {}
    extended: dict[str, Any] = {}
    for place in range(length, -1, -1):
        vct = f"https://types.example/{place}" if place else VCT
        files[vct] = described(vct, **extended)
        extended = {"extends": vct, "extends#integrity": sri(files[vct])}
    return files


def test_a_chain_of_types_is_followed_so_far() -> None:
    assert ended(chain(1)) == ended(chain(MAX_EXTENDS)) == (PASSED, Reason.OK)
    assert ended(chain(MAX_EXTENDS + 1)) == (FAILED, MALFORMED)


def test_one_changed_far_down_the_chain_is_found() -> None:
    files = chain(3)
    files["https://types.example/3"] = described("https://types.example/3", name="changed")
    assert ended(files) == (FAILED, MISMATCH)
    del files["https://types.example/3"]
    assert ended(files) == (Outcome.NOT_APPLICABLE, Reason.RESOURCE_NOT_CHECKED)


@pytest.mark.parametrize("extends", [VCT, "", 7, None, ["https://types.example/1"]])
def test_what_a_type_cannot_extend(extends: Any) -> None:
    assert ended({VCT: described(extends=extends)}) == (FAILED, MALFORMED)


def test_nothing_is_said_of_a_type_whose_hash_is_not_stated() -> None:
    party = SimulatedRelyingParty()
    verdict = party.verify(sd_jwt.issue(party.board, sd_jwt.licence_claims(party.board)))
    assert all(one.id is not CheckId.RESOURCES for one in verdict.credentials[0].checks)
