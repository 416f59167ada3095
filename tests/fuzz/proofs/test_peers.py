"""Ours against independent verifiers, on generated credentials and changes to them: where they differ, why.

Each signs or is given what the other signed, then both judge the same change. A difference that `EXPLAINED`
does not name fails.
"""

from __future__ import annotations

import asyncio
import base64
import copy
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from pyld import jsonld
from pyld.context_resolver import ContextResolver

from node.crypto.public_keys import KeyType
from node.verification.proofs.contexts import VCDM_1, VCDM_2, Contexts
from node.verification.proofs.data_integrity.data_integrity import DataIntegrity
from node.verification.reasons import Reason
from node.verification.refusals import Refused
from tests.simulators.pyld_oracle import load
from tests.simulators.signers import NOW, Signer, resolve_did_key

openvc = pytest.importorskip("openvc", reason="openvc-core is not installed")

Document = dict[str, Any]
INTEGRITY = DataIntegrity(Contexts())
ED25519, P256 = Signer(1), Signer(1, KeyType.P256)
VOCABULARY = {"@vocab": "https://board.example/any#"}
SOME = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
LEGACY_CREATED = "2026-09-21T14:13:20Z"

# What only we refuse, and why it is right to.
EXPLAINED = {
    Reason.UNSIGNED_CONTENT: "JSON-LD drops it, so that it is not signed; the others let it pass",
    Reason.RESPELLED_MEMBER: "a member the verifier reads, in other words",
    Reason.UNSAFE_CONTEXT: "a context that changes what words mean",
    Reason.MALFORMED_CREDENTIAL: "a shape nobody can read a claim from: a list in a list",
    Reason.TOO_COMPLEX: "more alike parts than we tell apart",
}

texts = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=12)  # control characters: below
scalars = texts | st.integers(-(2**53) + 1, 2**53 - 1) | st.booleans()
names = st.sampled_from(["licence", "class", "since", "remark", "hours", "grade"])
claims = st.dictionaries(
    names,
    st.recursive(
        scalars, lambda inner: st.dictionaries(names, inner, max_size=3) | st.lists(scalars, max_size=3)
    ),
    max_size=4,
)
changes = st.tuples(names, scalars)


def credential(issuer: str, claimed: Document, *, version: int = 2) -> Document:
    dates = {"validFrom": "2026-01-01T00:00:00Z"} if version == 2 else {"issuanceDate": "2026-01-01T00:00:00Z"}
    return {
        "@context": [VCDM_2 if version == 2 else VCDM_1, VOCABULARY],
        "id": "urn:uuid:3f2c9d8e-5b7a-4c61-9a0e-000000000001",
        "type": ["VerifiableCredential"],
        "issuer": issuer,
        **dates,
        "credentialSubject": {"id": "did:example:nurse", **claimed},
    }


def ours(document: Document) -> Reason:
    try:
        INTEGRITY.check(document, purpose="assertionMethod", resolve_method=resolve_did_key, now=NOW, skew=0)
    except Refused as refused:
        return refused.reason
    return Reason.OK


def theirs(document: Document) -> bool:
    """openvc-core's answer."""
    policy = openvc.VerificationPolicy(now=datetime.fromtimestamp(NOW, UTC), require_status=False)
    try:
        openvc.verify_credential(document, policy=policy)
    except openvc.OpenvcError:
        return False
    return True


def agree(mine: Reason, accepted: bool) -> None:
    event(f"{mine.value}, {'accepted' if accepted else 'refused'} there")
    if mine is Reason.OK:
        assert accepted
    else:
        assert not accepted or mine in EXPLAINED, mine


@SOME
@pytest.mark.parametrize(
    ("suite", "signer"),
    [
        ("eddsa-rdfc-2022", ED25519),
        ("eddsa-jcs-2022", ED25519),
        ("ecdsa-rdfc-2019", P256),
        ("ecdsa-jcs-2019", P256),
    ],
)
@given(claimed=claims, change=changes)
def test_openvc(suite: str, signer: Signer, claimed: Document, change: tuple[str, Any]) -> None:
    document = credential(signer.did, claimed)
    try:
        signed = INTEGRITY.sign(
            document,
            key=signer.key,
            verification_method=signer.method,
            cryptosuite=suite,
            created=NOW,
        )
    except Refused as refused:
        assert refused.reason in EXPLAINED
        return
    assert theirs(signed)
    twin = copy.deepcopy(signed)
    twin["credentialSubject"][change[0]] = change[1]
    agree(ours(twin), theirs(twin))


def asked(name: str, *arguments: str) -> Document:
    didkit = pytest.importorskip("didkit", reason="didkit is not installed: it has no wheel for Python 3.13")

    async def ask() -> str:
        answer: str = await getattr(didkit, name)(*arguments)
        return answer

    found: Document = json.loads(asyncio.run(ask()))
    return found


def key_of_didkit() -> tuple[str, str, str]:
    """A key of didkit's, its DID and its verification method."""
    didkit = pytest.importorskip("didkit", reason="didkit is not installed: it has no wheel for Python 3.13")
    key = json.dumps({**ED25519.key.public.to_jwk(), "d": secret()})
    did = didkit.key_to_did("key", key)
    return key, did, f"{did}#{did.rpartition(':')[2]}"


def secret() -> str:
    return base64.urlsafe_b64encode(ED25519.key.secret).rstrip(b"=").decode()


@SOME
@pytest.mark.parametrize("suite", ["Ed25519Signature2018", "JsonWebSignature2020"])
@given(claimed=claims, change=changes)
def test_didkit(suite: str, claimed: Document, change: tuple[str, Any]) -> None:
    key, did, method = key_of_didkit()
    options = {"type": suite, "proofPurpose": "assertionMethod", "verificationMethod": method}
    options["created"] = LEGACY_CREATED
    try:
        signed = asked(
            "issue_credential", json.dumps(credential(did, claimed, version=1)), json.dumps(options), key
        )
    except Exception as error:  # noqa: BLE001 - didkit's own type, for what it cannot express
        event(f"not signed: {str(error)[:40]}")
        return
    mine = ours(signed)
    if mine is Reason.SIGNATURE_INVALID:  # it signed another form than the standard's
        document = {name: value for name, value in signed.items() if name != "proof"}
        assert INTEGRITY.documents.canonical(document, older=True) == by_pyld(document)
        assert "_:c14n1" in by_pyld(document)
        event("not the canonical form")
        return
    assert mine is Reason.OK or mine in EXPLAINED, mine
    twin = copy.deepcopy(signed)
    twin["credentialSubject"][change[0]] = change[1]
    accepted = not asked("verify_credential", json.dumps(twin), "{}")["errors"]
    agree(ours(twin), accepted)


def by_pyld(document: Document) -> str:
    """The canonical form by PyLD's own URDNA2015."""
    options = {"documentLoader": load, "contextResolver": ContextResolver({}, load), "algorithm": "URDNA2015"}
    form: str = jsonld.normalize(copy.deepcopy(document), {**options, "format": "application/n-quads"})
    return form


def test_didkit_is_wrong_where_blank_nodes_look_alike() -> None:
    """It numbers them in another order than URDNA2015 has: what it signs then, nobody else can verify."""
    key, did, method = key_of_didkit()
    options = {"type": "Ed25519Signature2018", "proofPurpose": "assertionMethod", "verificationMethod": method}
    options["created"] = LEGACY_CREATED
    claimed = {"licence": {"remark": {"licence": 0}}, "class": {"remark": {"licence": 0}}}
    document = credential(did, claimed, version=1)
    signed = asked("issue_credential", json.dumps(document), json.dumps(options), key)
    assert asked("verify_credential", json.dumps(signed), "{}")["errors"] == []
    assert ours(signed) is Reason.SIGNATURE_INVALID
    assert INTEGRITY.documents.canonical(document) == by_pyld(document)


@pytest.mark.parametrize("character", ["\x08", "\x0c", "\x1f", "\x7f"])
def test_openvc_is_wrong_about_control_characters(character: str) -> None:
    """RDFC-1.0 §5.2 escapes them; PyLD's writer, on which it stands, does not."""
    document = credential(ED25519.did, {"remark": character})
    signed = INTEGRITY.sign(
        document,
        key=ED25519.key,
        verification_method=ED25519.method,
        cryptosuite="eddsa-rdfc-2022",
        created=NOW,
    )
    assert ours(signed) is Reason.OK
    assert not theirs(signed)
