"""The attacks real verifiers fell for × every mechanism they concern. None is accepted, nobody is asked.

| attack | concerns | because |
| --- | --- | --- |
| re-spelling a member | all | under a signature over the meaning the holder can; under any, an issuer might |
| context injection | all | likewise: the meaning alone is signed, or the issuer writes such contexts |
| dropped terms | signatures over the meaning | what JSON-LD drops is not signed; text and tokens are, whole |
| poison graph | signatures over the meaning | nothing else turns a document into a graph |
| vacuous success | presentations of each kind | a credential alone cannot be empty |
| fail-open status | all | |
| status signer not the issuer | all | |
| SSRF | all | |
| long base58 | all | |
| another's key, no signature, another algorithm | all | |
| decompression bomb | lists that are fetched | web_status_lists/test_unreliable.py |
| signature replay on the ledger, cross-tenant keys | the contracts | contracts/test |

A cell that does not concern its mechanism is not generated; `test_the_table_is_complete` counts the others.
"""

from __future__ import annotations

import asyncio
import copy
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from pyld.jsonld import JsonLdError

from node.crypto import base64url
from node.verification.policy import ANY_ISSUER_POLICY, DEFAULT_POLICY, UNSAFE_PROOF_ONLY_POLICY, Policy
from node.verification.proofs import jose
from node.verification.proofs.contexts import VCDM_2
from node.verification.reasons import Reason
from node.verification.refusals import Refused
from node.verification.verdict import CheckId, Decision, Outcome, Verdict
from tests.simulators.issuer import STATUS_LIST, SimulatedIssuer
from tests.simulators.mechanisms import MECHANISMS, Board, Covers, Mechanism
from tests.simulators.relying_party import SimulatedRelyingParty
from tests.simulators.wallet import CHALLENGE, DOMAIN

Document = dict[str, Any]
Presented = Document | str
CREDENTIALS = "https://www.w3.org/2018/credentials#"
DATE_TIME = "http://www.w3.org/2001/XMLSchema#dateTime"
POLICIES = (DEFAULT_POLICY, UNSAFE_PROOF_ONLY_POLICY)
EVERY = frozenset(Covers)
MEANING = frozenset({Covers.MEANING})


def judged(board: Board, presented: Presented, policy: Policy = DEFAULT_POLICY) -> Verdict:
    raw = presented if isinstance(presented, str) else json.dumps(presented)
    asked = {"challenge": CHALLENGE, "domain": DOMAIN} if "~" in raw else {}
    return asyncio.run(board.party.service.verify(raw.encode(), policy=policy, **asked))


# --- the attacks: what is presented, from a board and the mechanism it signs by


def issued(mechanism: Mechanism, board: Board, change: Callable[[Document], None]) -> Presented:
    """By an issuer that writes such a thing; where an honest signer refuses to, changed after signing."""
    document = mechanism.licence(board)
    change(document)
    try:
        return mechanism.secured(board, document)
    except (Refused, JsonLdError):
        return held(mechanism, board, change)


def held(mechanism: Mechanism, board: Board, change: Callable[[Document], None]) -> Presented:
    """By a holder, to what was signed."""
    secured = mechanism.secured(board)
    if isinstance(secured, str):
        return _in_token(secured, change)
    twin = copy.deepcopy(secured)
    change(twin)
    return twin


def _in_token(token: str, change: Callable[[Document], None]) -> str:
    jwt, *rest = token.split("~")
    header, payload, signature = jwt.split(".")
    claims = json.loads(base64url.decode(payload))
    change(claims.get("vc", claims))
    return "~".join((".".join((header, base64url.encode(json.dumps(claims).encode()), signature)), *rest))


def until(document: Document) -> str:
    return "expirationDate" if "expirationDate" in document else "validUntil"


def respell_end(document: Document) -> None:
    name = until(document)
    document[CREDENTIALS + name] = {"@type": DATE_TIME, "@value": document.pop(name, "2020-01-01T00:00:00Z")}


def respell_status(document: Document) -> None:
    document[CREDENTIALS + "credentialStatus"] = document.pop("credentialStatus", {"id": "urn:x"})


def respell_by_prefix(document: Document) -> None:
    _add_context(document, {"c": CREDENTIALS})
    document["c:credentialStatus"] = document.pop("credentialStatus", {"id": "urn:x"})


def _add_context(document: Document, context: Any) -> None:
    document["@context"] = [*document.get("@context", [VCDM_2]), context]


def inject_null(document: Document) -> None:
    _add_context(document, {"licenceNumber": None})
    document.setdefault("credentialSubject", {})["licenceNumber"] = "forged"


def inject_redefinition(document: Document) -> None:
    _add_context(
        document, {"validUntil": "https://attacker.example/x", "expirationDate": "https://a.example/y"}
    )


def inject_fetch(document: Document) -> None:
    _add_context(document, {"@import": "http://127.0.0.1:9/context"})


def inject_address(document: Document) -> None:
    _add_context(document, "https://attacker.example/context")


def drop_member(document: Document) -> None:
    document["credentialSubject"]["degree"] = "forged"


def drop_type(document: Document) -> None:
    document["type"].append("UndefinedType")


def drop_relative(document: Document) -> None:
    document["credentialSubject"]["id"] = "relative"


def poison(document: Document) -> None:
    names = [f"_:b{i}" for i in range(10)]
    _add_context(document, {"knows": {"@id": "https://schema.org/knows", "@type": "@id"}})
    document["credentialSubject"] = [{"id": a, "knows": [b for b in names if b != a]} for a in names]


def unsigned(mechanism: Mechanism, board: Board) -> Presented:
    secured = mechanism.secured(board)
    if isinstance(secured, str):
        jwt, *rest = secured.split("~")
        header = json.loads(base64url.decode(jwt.split(".")[0])) | {"alg": "none"}
        return "~".join((f"{base64url.encode(json.dumps(header).encode())}.{jwt.split('.')[1]}.", *rest))
    return {name: value for name, value in secured.items() if name != "proof"}


def by_another_key(mechanism: Mechanism, board: Board) -> Presented:
    """A forger's own signature over the board's licence, under the forger's name for the key."""
    secured = mechanism.secured(board)
    forger = SimulatedIssuer.self_made("forger")
    if isinstance(secured, str):
        jwt = secured.split("~")[0]
        header, payload, _ = jwt.split(".")
        changed = json.loads(base64url.decode(header)) | {"kid": forger.method, "alg": "EdDSA"}
        signed = jose.sign_compact(changed, json.loads(base64url.decode(payload)), forger.key)
        return "~".join((signed, *secured.split("~")[1:]))
    twin = copy.deepcopy(secured)
    for proof in twin["proof"] if isinstance(twin["proof"], list) else [twin["proof"]]:
        proof["verificationMethod"] = forger.method
    return twin


def long_key(mechanism: Mechanism, board: Board) -> Presented:
    huge = "did:key:z" + "2" * 200_000

    def change(document: Document) -> None:
        issuer = document.get("issuer")
        if isinstance(issuer, dict):
            issuer["id"] = huge
        else:
            document["issuer"] = huge
        if "iss" in document:
            document["iss"] = huge
        proofs = document.get("proof", [])
        for proof in proofs if isinstance(proofs, list) else [proofs]:
            proof["verificationMethod"] = huge + "#" + "z" + "2" * 10_000

    return held(mechanism, board, change)


@dataclass(frozen=True)
class Attack:
    """`undecided`: the one right answer is that nothing is known."""

    name: str
    concerns: frozenset[Covers]
    present: Callable[[Mechanism, Board], Presented]
    policies: tuple[Policy, ...] = POLICIES


def changing(name: str, concerns: frozenset[Covers], change: Callable[[Document], None]) -> Iterator[Attack]:
    """By a holder after signing, and by an issuer that signs it so."""
    yield Attack(f"{name}, by a holder", concerns, lambda m, b: held(m, b, change))
    yield Attack(f"{name}, by an issuer", concerns, lambda m, b: issued(m, b, change))


ATTACKS = (
    *changing("re-spelling the end", EVERY, respell_end),
    *changing("re-spelling the status", EVERY, respell_status),
    *changing("re-spelling through a prefix", EVERY, respell_by_prefix),
    *changing("a context that switches a term off", EVERY, inject_null),
    *changing("a context that redefines", EVERY, inject_redefinition),
    *changing("a context that imports", EVERY, inject_fetch),
    Attack("a context of the attacker's, by a holder", EVERY, lambda m, b: held(m, b, inject_address)),
    *changing("a member that is dropped", MEANING, drop_member),
    *changing("a type that is dropped", MEANING, drop_type),
    *changing("an address that is dropped", MEANING, drop_relative),
    *changing("a poison graph", MEANING, poison),
    Attack("no signature", EVERY, unsigned),
    # The unsafe policy takes any key for the issuer's: that is what it is for.
    Attack("another's key", EVERY, by_another_key, (DEFAULT_POLICY, ANY_ISSUER_POLICY)),
    Attack("a very long key", EVERY, long_key),
)
# An SD-JWT VC is no JSON-LD: what its issuer writes are claims, signed as such.
CLAIMS_OF_ITS_OWN = "dc+sd-jwt"


def concerned(attack: Attack, mechanism: Mechanism) -> bool:
    if mechanism.name == CLAIMS_OF_ITS_OWN and attack.name.endswith("by an issuer"):
        return False
    return mechanism.covers in attack.concerns


CELLS = [(a, m) for a in ATTACKS for m in MECHANISMS.values() if concerned(a, m)]


@pytest.mark.parametrize(("attack", "mechanism"), CELLS, ids=[f"{a.name} × {m.name}" for a, m in CELLS])
def test_an_attack(attack: Attack, mechanism: Mechanism) -> None:
    board = mechanism.board()
    presented = attack.present(mechanism, board)
    for policy in attack.policies:
        verdict = judged(board, presented, policy)
        assert verdict.decision in {Decision.REJECT, Decision.INDETERMINATE}, (policy.name, verdict)
        for one in verdict.credentials:
            assert (one.summary, one.credential) == (None, None)
    asked = [url for url in board.party.web.asked if "forger" not in url]
    assert asked == []


def test_the_table_is_complete() -> None:
    """Every attack concerns someone, every mechanism is attacked by all that concern it."""
    assert {attack.name for attack, _ in CELLS} == {attack.name for attack in ATTACKS}
    for mechanism in MECHANISMS.values():
        against = sum(one is mechanism for _, one in CELLS)
        assert against >= (10 if mechanism.name == CLAIMS_OF_ITS_OWN else 16), mechanism.name
    assert len(CELLS) > 450


# --- attacks on what stands beside the signature: the same for all, and tried with all


@pytest.fixture(params=MECHANISMS)
def mechanism(request: pytest.FixtureRequest) -> Mechanism:
    return MECHANISMS[request.param]


def status_of(verdict: Verdict) -> tuple[Outcome, Reason]:
    check = next(one for one in verdict.credentials[0].checks if one.id is CheckId.STATUS)
    return check.outcome, check.reason


def test_fail_open_status(mechanism: Mechanism) -> None:
    """A list nobody knows, and a ledger that was lost: neither good nor revoked."""
    board = mechanism.board()
    unknown = mechanism.licence(board, uri="https://board.example/status-lists/404")
    verdict = judged(board, mechanism.secured(board, unknown), replace(DEFAULT_POLICY, allow_web=True))
    assert verdict.decision is Decision.INDETERMINATE
    assert status_of(verdict) == (Outcome.INDETERMINATE, Reason.STATUS_LIST_UNKNOWN)
    known = mechanism.secured(board)
    board.party.clock.advance(DEFAULT_POLICY.max_replica_age + 60)
    verdict = judged(board, known)
    assert verdict.decision is not Decision.ACCEPT
    assert status_of(verdict)[0] is Outcome.INDETERMINATE
    assert board.party.web.asked == []


def test_a_revoked_one(mechanism: Mechanism) -> None:
    board = mechanism.board()
    secured = mechanism.secured(board)
    assert judged(board, secured).decision is Decision.ACCEPT
    board.party.ledger.publish(STATUS_LIST, {7: 1})
    verdict = judged(board, secured)
    assert verdict.decision is Decision.REJECT
    assert status_of(verdict) == (Outcome.FAILED, Reason.REVOKED)


def test_a_status_list_of_someone_else(mechanism: Mechanism) -> None:
    board = mechanism.board()
    other = "https://other.example/status-lists/1"
    board.party.ledger.accredit("did:web:other.example")
    board.party.ledger.create_list(other, "did:web:other.example")
    verdict = judged(board, mechanism.secured(board, mechanism.licence(board, uri=other)))
    assert verdict.decision is Decision.REJECT
    assert status_of(verdict) == (Outcome.FAILED, Reason.STATUS_ISSUER_MISMATCH)


@pytest.mark.parametrize(
    "issuer", ["did:web:127.0.0.1", "did:web:169.254.169.254:latest", "did:web:localhost%3A22"]
)
def test_an_issuer_at_an_inner_address(mechanism: Mechanism, issuer: str) -> None:
    board = mechanism.board()
    document = mechanism.licence(board)
    document["issuer"] = {"id": issuer} if isinstance(document["issuer"], dict) else issuer
    board.method = f"{issuer}#0"
    board.did = issuer
    verdict = judged(board, mechanism.secured(board, document))
    assert verdict.decision is Decision.INDETERMINATE
    assert board.party.web.asked == []


def test_nothing_presented(mechanism: Mechanism) -> None:
    """An empty set is never a pass: in the kind of presentation that carries this mechanism."""
    party = mechanism.board().party
    nurse = party.nurse
    suites = ("eddsa-rdfc-2022", "eddsa-jcs-2022")
    empty: list[Presented] = [nurse.presentation(), *(nurse.present(cryptosuite=suite) for suite in suites)]
    asked = {"nonce": CHALLENGE, "aud": DOMAIN}
    empty.append(jose.sign(nurse.presentation() | asked, key=nurse.key, kid=nurse.method, typ="vp+jwt"))
    for presented in empty:
        for policy in POLICIES:
            verdict = party.verify(presented, policy, challenge=CHALLENGE, domain=DOMAIN)
            assert verdict.decision is Decision.REJECT


# What brings its holder's own signature is presented alone: sd_jwt/
@pytest.mark.parametrize("mechanism", [one.name for one in MECHANISMS.values() if not one.bound], indirect=True)
def test_one_bad_one_taints_no_other(mechanism: Mechanism) -> None:
    board = mechanism.board()
    party: SimulatedRelyingParty = board.party
    good = mechanism.secured(board)
    bad = held(mechanism, board, respell_end)
    verdict = party.verify(party.nurse.presentation(*(_carried(one) for one in (good, bad, good))))
    decisions = [one.decision for one in verdict.credentials]
    assert decisions[0] is decisions[2] is Decision.ACCEPT
    assert decisions[1] in {Decision.REJECT, Decision.INDETERMINATE}
    assert verdict.decision is decisions[1]


def _carried(secured: Presented) -> Presented:
    if isinstance(secured, dict):
        return secured
    kind = "vc+sd-jwt" if "~" in secured else "vc+jwt"
    if kind == "vc+jwt" and json.loads(base64url.decode(secured.split(".")[0])).get("typ") == "JWT":
        return secured
    return {
        "@context": VCDM_2,
        "type": "EnvelopedVerifiableCredential",
        "id": f"data:application/{kind},{secured}",
    }
