"""The attacks by name: which signatures each concerns, and what is presented."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from node.crypto import base64url
from node.verification.policy import Policy
from node.verification.proofs import jose
from tests.behaviours.attack_matrix.changes import (
    drop_member,
    drop_relative,
    drop_type,
    inject_address,
    inject_fetch,
    inject_null,
    inject_redefinition,
    poison,
    respell_by_prefix,
    respell_end,
    respell_status,
)
from tests.behaviours.attack_matrix.presenting import Document, Presented, held, issued
from tests.simulators.issuer import SimulatedIssuer
from tests.simulators.mechanism import Board, Covers, Mechanism
from tests.simulators.policies import ANY_ISSUER_POLICY, DEFAULT_POLICY, UNSAFE_PROOF_ONLY_POLICY

POLICIES = (DEFAULT_POLICY, UNSAFE_PROOF_ONLY_POLICY)
EVERY = frozenset(Covers)
MEANING = frozenset({Covers.MEANING})


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
    """`policies`: by none of which it may be accepted."""

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
