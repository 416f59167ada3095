"""Clocks differ: how much is one setting, and every date that somebody else's clock wrote is judged by it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from node.crypto import multibase
from node.policies import policies_of
from node.settings import Settings
from node.verification.dates import written
from node.verification.proofs import jose
from node.verification.proofs.data_integrity.jcs import canonical_json
from node.verification.verdict import Decision
from tests.simulators import sd_jwt
from tests.simulators.issuer import status_entry
from tests.simulators.policies import DEFAULT_POLICY
from tests.simulators.relying_party import SimulatedRelyingParty
from tests.simulators.wallet import CHALLENGE, DOMAIN
from tests.simulators.web_lists import WEB_LIST, list_credential, list_token, served, token_claims

NOW = sd_jwt.NOW
Made = Callable[[SimulatedRelyingParty, int], Any]
SUITE = "eddsa-jcs-2022"


def dated(member: str, sign: int) -> Made:
    """A credential; the date is `sign * off` seconds from now, too early or too late by `off`."""
    return lambda party, off: party.board.sign(
        party.board.licence(**{member: written(NOW + sign * off)}), SUITE
    )


def proved(member: str, sign: int) -> Made:
    def made(party: SimulatedRelyingParty, off: int) -> Any:
        signed = party.board.sign(party.board.licence(), SUITE)
        proof = {**signed["proof"], member: written(NOW + sign * off)}
        return _signed_again(party, signed, proof)

    return made


def _signed_again(party: SimulatedRelyingParty, signed: dict[str, Any], proof: dict[str, Any]) -> Any:
    """Under eddsa-jcs-2022, with whatever the proof says (vc-di-eddsa §3.3.1)."""
    document = {name: value for name, value in signed.items() if name != "proof"}
    options = {name: value for name, value in proof.items() if name != "proofValue"}
    digests = [hashlib.sha256(canonical_json(one)).digest() for one in (options, document)]
    return document | {
        "proof": options | {"proofValue": multibase.encode(party.board.key.sign(b"".join(digests)))}
    }


def jwt(claim: str, sign: int) -> Made:
    def made(party: SimulatedRelyingParty, off: int) -> str:
        document = party.board.licence() | {claim: NOW + sign * off}
        return jose.sign(document, key=party.board.key, kid=party.board.method, typ="vc+jwt")

    return made


def sd_jwt_vc(claim: str, sign: int) -> Made:
    return lambda party, off: sd_jwt.issue(
        party.board, sd_jwt.licence_claims(party.board, **{claim: NOW + sign * off})
    )


def bound(sign: int) -> Made:
    """The holder's proof, of a moment too long ago or still to come."""

    def made(party: SimulatedRelyingParty, off: int) -> str:
        key = party.nurse.key
        return sd_jwt.bind(
            sd_jwt.issue(party.board, sd_jwt.licence_claims(party.board, key)), key, iat=NOW + sign * off
        )

    return made


def listed(member: str, sign: int) -> Made:
    """Good itself; its status list on the web is dated."""

    def made(party: SimulatedRelyingParty, off: int) -> Any:
        dates = {member: written(NOW + sign * off)}
        party.web.pages[WEB_LIST] = served(party.board.sign(list_credential(party.board, **dates), SUITE))
        return party.board.sign(party.board.licence(credentialStatus=status_entry(7, WEB_LIST)), SUITE)

    return made


def listed_token(claim: str, sign: int) -> Made:
    def made(party: SimulatedRelyingParty, off: int) -> str:
        party.web.pages[WEB_LIST] = list_token(party.board, token_claims(**{claim: NOW + sign * off}))
        status = {"status_list": {"idx": 7, "uri": WEB_LIST}}
        return sd_jwt.issue(party.board, sd_jwt.licence_claims(party.board, status=status))

    return made


DATES = {
    "validFrom": dated("validFrom", 1),
    "validUntil": dated("validUntil", -1),
    "proof.created": proved("created", 1),
    "proof.expires": proved("expires", -1),
    "JWT iat": jwt("iat", 1),
    "JWT nbf": jwt("nbf", 1),
    "JWT exp": jwt("exp", -1),
    "SD-JWT iat": sd_jwt_vc("iat", 1),
    "SD-JWT nbf": sd_jwt_vc("nbf", 1),
    "SD-JWT exp": sd_jwt_vc("exp", -1),
    "key binding, old": bound(-1),
    "key binding, early": bound(1),
    "list validFrom": listed("validFrom", 1),
    "list validUntil": listed("validUntil", -1),
    "token list iat": listed_token("iat", 1),
    "token list exp": listed_token("exp", -1),
}
# RFC 7519 §4.1.4: "on or after" the moment it has expired; everywhere else the last second counts.
EXCLUSIVE = {"JWT exp", "token list exp"}


@pytest.mark.parametrize("skew", [0, 60, 3600])
@pytest.mark.parametrize("date", DATES)
def test_a_date_may_be_off_by_so_much_and_no_more(date: str, skew: int) -> None:
    policy = replace(DEFAULT_POLICY, clock_skew=skew, fetch_status_lists=True)
    asked = {"challenge": CHALLENGE, "domain": DOMAIN} if date.startswith("key binding") else {}
    most = skew - 1 if date in EXCLUSIVE else skew

    def decision(off: int) -> Decision:
        party = SimulatedRelyingParty()
        return party.verify(DATES[date](party, off), policy, **asked).decision

    assert decision(most + 1) is not Decision.ACCEPT
    assert decision(most) is Decision.ACCEPT


def test_the_setting_reaches_every_policy() -> None:
    for policy in policies_of(Settings(clock_skew=17)).values():
        assert policy.clock_skew == 17
