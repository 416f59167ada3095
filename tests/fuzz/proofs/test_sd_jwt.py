"""Whatever is concealed and however much of it is shown: exactly that is read, here and by the reference."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from node.crypto import base64url
from node.crypto.public_keys import KeyType
from node.crypto.signing import SigningKey
from node.verification.proofs import jose, sd_jwt
from node.verification.proofs.sd_jwt_disclosures import disclosed, hash_of, read
from node.verification.proofs.sd_jwt_signing import conceal
from node.verification.refusals import Refused
from tests.simulators.issuer import SimulatedIssuer, key_of
from tests.simulators.sd_jwt import NOW, bind, licence_claims, sign_payload
from tests.simulators.wallet import CHALLENGE, DOMAIN

_NAMES = st.text(st.sampled_from("ab~/_é "), max_size=4)
_LEAVES = st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=4)
_VALUES = st.recursive(
    _LEAVES,
    lambda below: st.lists(below, max_size=3) | st.dictionaries(_NAMES, below, max_size=3),
    max_leaves=14,
)
_CLAIMS = st.dictionaries(_NAMES, _VALUES, min_size=1, max_size=4)


@dataclass(frozen=True)
class Presented:
    claims: dict[str, Any]
    pointers: list[str]  # concealed, in the order of their disclosures
    shown: frozenset[str]


@st.composite
def presentations(draw: st.DrawFn) -> Presented:
    claims = draw(_CLAIMS)
    places = list(pointers_of(claims))
    chosen = draw(st.sets(st.sampled_from(places)))
    shown = draw(st.sets(st.sampled_from(sorted(chosen)))) if chosen else set()
    ordered = sorted(sorted(chosen), key=lambda one: one.count("/"), reverse=True)
    reachable = {one for one in shown if all(up in shown for up in chosen if one.startswith(up + "/"))}
    return Presented(claims, ordered, frozenset(reachable))


def pointers_of(value: Any, path: str = "") -> Iterator[str]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, below in items:
        place = f"{path}/{str(name).replace('~', '~0').replace('/', '~1')}"
        yield place
        yield from pointers_of(below, place)


def expected(value: Any, presented: Presented, path: str = "") -> Any:
    """What is left of the claims, worked out from the claims alone."""

    def kept(name: object) -> str | None:
        place = f"{path}/{str(name).replace('~', '~0').replace('/', '~1')}"
        return place if place not in presented.pointers or place in presented.shown else None

    if isinstance(value, dict):
        return {n: expected(v, presented, at) for n, v in value.items() if (at := kept(n)) is not None}
    if isinstance(value, list):
        return [expected(v, presented, at) for n, v in enumerate(value) if (at := kept(n)) is not None]
    return value


@given(presentations(), st.sampled_from(["sha-256", "sha-384", "sha-512"]))
@settings(max_examples=150, deadline=None)
def test_exactly_what_is_shown_is_read(presented: Presented, hash_name: str) -> None:
    payload, texts = conceal(presented.claims, presented.pointers, hash_name=hash_name)
    shown = [text for place, text in zip(presented.pointers, texts, strict=True) if place in presented.shown]
    assert disclosed(payload, read(shown, hash_of(payload))) == expected(presented.claims, presented)


@given(presentations(), st.data())
@settings(max_examples=60, deadline=None)
def test_a_disclosure_without_its_parent_is_refused(presented: Presented, data: st.DataObject) -> None:
    payload, texts = conceal(presented.claims, presented.pointers)
    inner = [one for one in presented.pointers if any(one.startswith(up + "/") for up in presented.pointers)]
    if inner:
        place = data.draw(st.sampled_from(inner))
        alone = [texts[presented.pointers.index(place)]]
        with pytest.raises(Refused):
            disclosed(payload, read(alone, hash_of(payload)))


@given(presentations())
@settings(max_examples=40, deadline=None)
def test_the_reference_reads_the_same(presented: Presented) -> None:
    """PyPI `sd-jwt`, written by the authors of the specification."""
    verifier = pytest.importorskip("sd_jwt.verifier")
    jwk = pytest.importorskip("jwcrypto.jwk")
    key = key_of("board", KeyType.P256)
    payload, texts = conceal(presented.claims, presented.pointers)
    shown = [text for place, text in zip(presented.pointers, texts, strict=True) if place in presented.shown]
    compact = "~".join((jose.sign_compact({"alg": "ES256"}, payload, key), *shown, ""))
    public = jwk.JWK(**key.public.to_jwk())
    theirs = verifier.SDJWTVerifier(compact, lambda *_: public).get_verified_payload()
    assert theirs == disclosed(payload, read(shown, hash_of(payload)))


@given(presentations(), st.booleans())
@settings(max_examples=40, deadline=None)
def test_we_read_what_the_reference_issues(presented: Presented, decoys: bool) -> None:
    issuer = pytest.importorskip("sd_jwt.issuer")
    jwk = pytest.importorskip("jwcrypto.jwk")
    key = key_of("board", KeyType.P256)
    holder = key_of("nurse", KeyType.P256)
    claims = {"vct": "Licence", "iss": "did:web:board.example", "c": presented.claims}
    concealed = frozenset("/c" + one for one in presented.pointers)
    issued = issuer.SDJWTIssuer(
        _marked(claims, concealed),
        _private(key, jwk),
        _private(holder, jwk),
        add_decoy_claims=decoys,
        extra_header_parameters={"typ": "dc+sd-jwt", "kid": "did:web:board.example#key-1"},
    ).sd_jwt_issuance
    token = sd_jwt.peek(issued)
    assert token.fault is None
    assert token.document["credentialSubject"] == {"c": presented.claims}
    sd_jwt.check(token, key.public, now=0, skew=0)
    assert token.confirmation is not None
    assert token.confirmation.key() == holder.public


def _private(key: SigningKey, jwk: Any) -> Any:
    return jwk.JWK(**key.public.to_jwk(), d=base64url.encode(key.secret))


def _marked(value: Any, concealed: frozenset[str], path: str = "") -> Any:
    """Claims with those to be concealed marked as the reference wants them marked."""
    SDObj = pytest.importorskip("sd_jwt.common").SDObj  # noqa: N806 -- a class

    def place(name: object) -> str:
        return f"{path}/{str(name).replace('~', '~0').replace('/', '~1')}"

    if isinstance(value, dict):
        return {
            SDObj(n) if place(n) in concealed else n: _marked(v, concealed, place(n)) for n, v in value.items()
        }
    if isinstance(value, list):
        below = [_marked(v, concealed, place(n)) for n, v in enumerate(value)]
        return [SDObj(v) if place(n) in concealed else v for n, v in enumerate(below)]
    return value


@pytest.mark.parametrize("hidden", [[], ["/given_name"], ["/licence", "/licence/number", "/states/0"]])
def test_key_binding_both_ways(hidden: list[str]) -> None:
    holders, verifiers = pytest.importorskip("sd_jwt.holder"), pytest.importorskip("sd_jwt.verifier")
    jwk = pytest.importorskip("jwcrypto.jwk")
    board, nurse = SimulatedIssuer("board", type_=KeyType.P256), key_of("nurse", KeyType.P256)
    payload, texts = conceal(licence_claims(board, nurse), hidden)
    compact = sign_payload(board, payload, texts)
    public = jwk.JWK(**board.key.public.to_jwk())
    ours = verifiers.SDJWTVerifier(bind(compact, nurse), lambda *_: public, DOMAIN, CHALLENGE)
    assert ours.get_verified_payload() == licence_claims(board, nurse)

    wallet = holders.SDJWTHolder(compact)
    wallet.create_presentation(True, CHALLENGE, DOMAIN, _private(nurse, jwk))
    token = sd_jwt.peek(wallet.sd_jwt_presentation)
    assert token.binding is not None
    assert (token.binding.nonce, token.binding.audience) == (CHALLENGE, DOMAIN)
    issued = token.binding.times.issued_at or NOW
    sd_jwt.check_binding(token.binding, nurse.public, now=issued, skew=0, fresh=True)
    assert json.loads(token.jws.payload) == payload
