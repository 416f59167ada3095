"""Every cryptosuite and curve against @digitalbazaar's: each side accepts the other's, and no tampered twin."""

from __future__ import annotations

from typing import Any

import pytest

from node.crypto import multibase
from node.crypto.public_keys import KeyType
from node.verification.proofs.contexts import Contexts
from node.verification.proofs.data_integrity.cryptosuites import ED25519_2020
from node.verification.proofs.data_integrity.data_integrity import DataIntegrity
from node.verification.refusals import Refused
from tests.interop import peers
from tests.interop.tampering import tampered_credentials
from tests.simulators.proof_oracle import ED25519_2020_CONTEXT
from tests.simulators.signers import NOW, Signer, fixture, resolve_did_key

pytestmark = pytest.mark.usefixtures("_peers")

CREATED = "2026-01-20T09:00:00Z"
ISSUED = [
    ("eddsa-rdfc-2022", KeyType.ED25519),
    ("eddsa-jcs-2022", KeyType.ED25519),
    ("ecdsa-rdfc-2019", KeyType.P256),
    ("ecdsa-rdfc-2019", KeyType.P384),
    ("ecdsa-jcs-2019", KeyType.P256),
    ("ecdsa-jcs-2019", KeyType.P384),
]
_SECRET_MULTICODEC = {KeyType.P256: b"\x86\x26", KeyType.P384: b"\x87\x26"}
Document = dict[str, Any]


@pytest.fixture(scope="module")
def integrity() -> DataIntegrity:
    return DataIntegrity(Contexts())


def accepted(integrity: DataIntegrity, document: Document) -> bool:
    try:
        integrity.check(document, purpose="assertionMethod", resolve_method=resolve_did_key, now=NOW, skew=0)
    except (Refused, ValueError):  # ValueError: the resolver of the tests, asked for a key that is none
        return False
    return True


def document_of(signer: Signer, name: str = "licence.json", *, mechanism: str = "") -> Document:
    """A fixture to be signed anew; without status, which the peer cannot look up."""
    document = {key: value for key, value in fixture(name).items() if key not in ("proof", "credentialStatus")}
    suite_contexts = [ED25519_2020_CONTEXT] if mechanism == ED25519_2020 else []
    base, *more = document["@context"]
    return document | {"@context": [base, *suite_contexts, *more], "issuer": signer.did}


def peer_key(signer: Signer) -> Document:
    key = {"id": signer.method, "controller": signer.did}
    public = signer.key.public
    if public.type is KeyType.ED25519:
        return {**key, "seed": signer.key.to_bytes().hex()}
    secret = multibase.encode(_SECRET_MULTICODEC[public.type] + signer.key.to_bytes())
    return {
        **key,
        "type": "Multikey",
        "publicKeyMultibase": public.to_multikey(),
        "secretKeyMultibase": secret,
    }


@pytest.mark.parametrize(
    ("mechanism", "type_", "name"),
    [
        *((mechanism, type_, "licence.json") for mechanism, type_ in ISSUED),
        (ED25519_2020, KeyType.ED25519, "licence.json"),
        (ED25519_2020, KeyType.ED25519, "licence-vcdm11.json"),
    ],
)
def test_we_accept_what_they_sign(integrity: DataIntegrity, mechanism: str, type_: KeyType, name: str) -> None:
    signer = Signer(7, type_)
    [theirs] = peers.sign(
        [
            {
                "mechanism": mechanism,
                "document": document_of(signer, name, mechanism=mechanism),
                "key": peer_key(signer),
                "created": CREATED,
            }
        ]
    )
    assert theirs["proof"].get("cryptosuite", theirs["proof"]["type"]) == mechanism
    assert accepted(integrity, theirs)
    twins = list(tampered_credentials(theirs))
    assert len(twins) >= 8
    assert [what for what, twin in twins if accepted(integrity, twin)] == []


def test_they_accept_what_we_issue(integrity: DataIntegrity) -> None:
    issued = []
    for mechanism, type_ in ISSUED:
        signer = Signer(7, type_)
        issued.append(
            integrity.sign(
                document_of(signer),
                key=signer.key,
                verification_method=signer.method,
                cryptosuite=mechanism,
                created=1_768_900_000,  # 2026-01-20
            )
        )
    answers = peers.verify([{"credential": one} for one in issued], {})
    assert [answer.error for answer in answers] == [""] * len(issued)
    twins = [(what, twin) for one in issued for what, twin in tampered_credentials(one)]
    answers = peers.verify([{"credential": twin} for _, twin in twins], {})
    assert [what for (what, _), answer in zip(twins, answers, strict=True) if answer.accepted] == []
