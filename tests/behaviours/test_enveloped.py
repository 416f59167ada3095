"""Every form of credential inside every form of presentation, and several forms side by side in one."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from node.crypto import base64url
from node.verification.proofs import jose
from node.verification.reasons import Reason
from node.verification.refusals import Refused
from node.verification.verdict import CheckId, Decision, Outcome
from tests.simulators import sd_jwt
from tests.simulators.envelopes import enveloped
from tests.simulators.issuer import CREATED
from tests.simulators.relying_party import SimulatedRelyingParty, ended
from tests.simulators.wallet import CHALLENGE, DOMAIN

VCDM_2 = "https://www.w3.org/ns/credentials/v2"
Held = Callable[[SimulatedRelyingParty], Any]
Presented = Callable[[SimulatedRelyingParty, list[Any]], Any]


# --- credentials


def embedded(suite: str) -> Held:
    return lambda party: party.board.sign(party.board.licence(party.nurse.did, index=7), suite)


def jwt(party: SimulatedRelyingParty) -> str:
    board = party.board
    licence = board.licence(party.nurse.did, index=7)
    return jose.sign(licence, key=board.key, kid=board.method, typ="vc+jwt")


def old_jwt(party: SimulatedRelyingParty) -> str:
    """VCDM 1.1 §6.3.1."""
    board = party.board
    claims = {"iss": board.did, "sub": party.nurse.did, "vc": board.licence_1_1(party.nurse.did)}
    return jose.sign(claims, key=board.key, kid=board.method, typ="JWT")


def sd_jwt_vc(party: SimulatedRelyingParty) -> str:
    return sd_jwt.issue(party.board, sd_jwt.licence_claims(party.board, party.nurse.key))


def sd_jwt_of_vcdm(party: SimulatedRelyingParty) -> str:
    """A credential of VCDM 2.0 whose members may be withheld (VC-JOSE-COSE §3.2)."""
    licence = party.board.licence(party.nurse.did, index=7)
    return sd_jwt.sign_payload(party.board, licence, typ="vc+sd-jwt")


HELD: dict[str, Held] = {
    "eddsa-rdfc-2022": embedded("eddsa-rdfc-2022"),
    "eddsa-jcs-2022": embedded("eddsa-jcs-2022"),
    "vc+jwt enveloped": lambda party: enveloped("vc+jwt", jwt(party)),
    "dc+sd-jwt enveloped": lambda party: enveloped("dc+sd-jwt", sd_jwt_vc(party)),
    "vc+sd-jwt enveloped": lambda party: enveloped("vc+sd-jwt", sd_jwt_of_vcdm(party)),
    "vc+jwt": jwt,
    "VC-JWT 1.1": old_jwt,
    "dc+sd-jwt": sd_jwt_vc,
    "vc+sd-jwt": sd_jwt_of_vcdm,
}

# --- presentations


def unsigned(party: SimulatedRelyingParty, held: list[Any]) -> Any:
    return party.nurse.presentation(*held)


def proved(suite: str) -> Presented:
    return lambda party, held: party.nurse.present(*held, cryptosuite=suite)


def vp_jwt(party: SimulatedRelyingParty, held: list[Any]) -> str:
    nurse = party.nurse
    claims = party.nurse.presentation(*held) | {"nonce": CHALLENGE, "aud": DOMAIN, "iat": CREATED}
    return jose.sign(claims, key=nurse.key, kid=nurse.method, typ="vp+jwt")


def old_vp_jwt(party: SimulatedRelyingParty, held: list[Any]) -> str:
    nurse = party.nurse
    presentation = {**nurse.presentation(*held), "@context": ["https://www.w3.org/2018/credentials/v1"]}
    claims = {"iss": nurse.did, "nonce": CHALLENGE, "aud": DOMAIN, "vp": presentation}
    return jose.sign(claims, key=nurse.key, kid=nurse.method, typ="JWT")


def enveloped_vp(party: SimulatedRelyingParty, held: list[Any]) -> dict[str, Any]:
    return enveloped("vp+jwt", vp_jwt(party, held), "EnvelopedVerifiablePresentation")


def vp_sd_jwt(party: SimulatedRelyingParty, held: list[Any]) -> str:
    """VC-JOSE-COSE §3.2.2, with a member of its holder's own disclosed."""
    nurse, shown = party.nurse, sd_jwt.disclosure("note", "as asked for")
    claims = nurse.presentation(*held) | {"nonce": CHALLENGE, "aud": DOMAIN, "_sd": [sd_jwt.digest(shown)]}
    header = {"alg": "EdDSA", "typ": "vp+sd-jwt", "kid": nurse.method}
    return "~".join((jose.sign_compact(header, claims, nurse.key), shown, ""))


def enveloped_vp_sd_jwt(party: SimulatedRelyingParty, held: list[Any]) -> dict[str, Any]:
    return enveloped("vp+sd-jwt", vp_sd_jwt(party, held), "EnvelopedVerifiablePresentation")


PRESENTED: dict[str, Presented] = {
    "unsigned": unsigned,
    "eddsa-rdfc-2022": proved("eddsa-rdfc-2022"),
    "eddsa-jcs-2022": proved("eddsa-jcs-2022"),
    "vp+jwt": vp_jwt,
    "vp+jwt enveloped": enveloped_vp,
    "VP-JWT 1.1": old_vp_jwt,
    "vp+sd-jwt": vp_sd_jwt,
    "vp+sd-jwt enveloped": enveloped_vp_sd_jwt,
}
# A bare token is no JSON-LD value: as a term it has no meaning that an RDF proof could cover.
NOT_IN_RDF = {"vc+jwt", "VC-JWT 1.1", "dc+sd-jwt", "vc+sd-jwt"}


@pytest.mark.parametrize("presented", PRESENTED)
@pytest.mark.parametrize("held", HELD)
def test_each_in_each(party: SimulatedRelyingParty, held: str, presented: str) -> None:
    credential = HELD[held](party)
    if presented == "eddsa-rdfc-2022" and held in NOT_IN_RDF:
        with pytest.raises(Refused):
            PRESENTED[presented](party, [credential])
        return
    presentation = PRESENTED[presented](party, [credential])
    asked = {} if presented == "unsigned" else {"challenge": CHALLENGE, "domain": DOMAIN}
    verdict = party.verify(presentation, **asked)
    assert verdict.decision is Decision.ACCEPT
    assert ended(verdict, CheckId.STATUS) in {
        (Outcome.PASSED, Reason.OK),
        (Outcome.NOT_APPLICABLE, Reason.NOT_APPLICABLE),
    }
    if presented != "unsigned":
        assert ended(verdict, CheckId.HOLDER, None) == (Outcome.PASSED, Reason.OK)
        assert ended(verdict, CheckId.HOLDER) == (Outcome.PASSED, Reason.OK)


@pytest.mark.parametrize("presented", [name for name in PRESENTED if name != "eddsa-rdfc-2022"])
def test_all_of_them_side_by_side(party: SimulatedRelyingParty, presented: str) -> None:
    held = [made(party) for made in HELD.values()]
    asked = {} if presented == "unsigned" else {"challenge": CHALLENGE, "domain": DOMAIN}
    verdict = party.verify(PRESENTED[presented](party, held), **asked)
    assert verdict.decision is Decision.ACCEPT
    assert [one.mechanism for one in verdict.credentials] == [
        *("eddsa-rdfc-2022", "eddsa-jcs-2022", "vc+jwt", "dc+sd-jwt", "vc+sd-jwt"),
        *("vc+jwt", "vc-jwt", "dc+sd-jwt", "vc+sd-jwt"),
    ]


@pytest.mark.parametrize("position", range(len(HELD)))
def test_one_that_is_forged_taints_none_of_the_others(party: SimulatedRelyingParty, position: int) -> None:
    held = [made(party) for made in HELD.values()]
    held[position] = _forged(held[position])
    verdict = party.verify(vp_jwt(party, held), challenge=CHALLENGE, domain=DOMAIN)
    decisions = [one.decision for one in verdict.credentials]
    assert decisions.pop(position) is Decision.REJECT
    assert set(decisions) == {Decision.ACCEPT}
    assert verdict.decision is Decision.REJECT


def _forged(credential: Any) -> Any:
    """One digit of what it says is another."""
    if isinstance(credential, str):
        header, payload, rest = credential.split(".", 2)
        claims = json.loads(base64url.decode(payload))
        claims["vc" if "vc" in claims else "jti" if "jti" in claims else "iat"] = 7
        claims.setdefault("name", "x")
        return ".".join((header, base64url.encode(json.dumps(claims).encode()), rest))
    forged = copy.deepcopy(credential)
    if "proof" in forged:
        forged["name"] = "Doctor"
    else:
        prefix, comma, text = forged["id"].partition(",")
        forged["id"] = prefix + comma + _forged(text)
    return forged


@pytest.mark.parametrize("made", [HELD["vc+jwt enveloped"], HELD["dc+sd-jwt enveloped"]])
def test_an_enveloped_credential_by_itself(party: SimulatedRelyingParty, made: Held) -> None:
    assert party.verify(made(party)).decision is Decision.ACCEPT


@pytest.mark.parametrize(
    "url",
    [
        "data:application/vc+jwt;base64,eyJhIjoxfQ",
        "data:text/plain,eyJ",
        "data:application/vc+jwt",
        "data:application/vc+jwt,",
        "data:application/vc+jwt,{}",
        "https://board.example/credential.jwt",
        "DATA:application/vc+jwt,eyJ",
        None,
        7,
    ],
)
def test_an_envelope_that_holds_nothing_we_read(party: SimulatedRelyingParty, url: Any) -> None:
    verdict = party.verify(enveloped("vc+jwt", "") | {"id": url})
    assert ended(verdict, CheckId.PARSE, None)[0] is Outcome.FAILED
    assert party.web.asked == []


def test_an_envelope_of_one_kind_with_the_other_inside(party: SimulatedRelyingParty) -> None:
    credential, presentation = jwt(party), vp_jwt(party, [jwt(party)])
    for wrong in (
        enveloped("vp+jwt", credential, "EnvelopedVerifiablePresentation"),
        enveloped("vc+jwt", presentation),
        enveloped("vp+jwt", presentation),
        enveloped("vc+jwt", credential, "EnvelopedVerifiablePresentation"),
        enveloped("dc+sd-jwt", credential),
        enveloped("vc+jwt", sd_jwt_vc(party)),
        enveloped("vp+sd-jwt", presentation, "EnvelopedVerifiablePresentation"),
        enveloped("vp+jwt", vp_sd_jwt(party, [credential]), "EnvelopedVerifiablePresentation"),
    ):
        verdict = party.verify(wrong, challenge=CHALLENGE, domain=DOMAIN)
        assert verdict.decision is Decision.REJECT, wrong["id"][:40]


def test_what_stands_beside_the_envelope_says_nothing(party: SimulatedRelyingParty) -> None:
    """Unsigned members of the wrapper are not the credential's."""
    wrapped = HELD["vc+jwt enveloped"](party) | {"name": "Doctor", "issuer": "did:web:other.example"}
    verdict = party.verify(wrapped)
    (one,) = verdict.credentials
    assert one.summary is not None
    assert (one.summary.title, one.summary.issuer_did) == ("Registered Nurse licence", party.board.did)


def test_a_presentation_as_sd_jwt_that_is_not_what_its_holder_signed(party: SimulatedRelyingParty) -> None:
    genuine = vp_sd_jwt(party, [jwt(party)])
    signed, shown, _ = genuine.split("~")
    binding = jose.sign_compact({"alg": "EdDSA", "typ": "kb+jwt"}, {}, party.nurse.key)
    presentation = party.nurse.presentation(jwt(party))
    wrong = {
        "another disclosure": f"{signed}~{sd_jwt.disclosure('note', 'other')}~",
        "one more": f"{signed}~{shown}~{sd_jwt.disclosure('holder', 'did:example:1')}~",
        "bound by somebody": genuine + binding,
        "another typ": sd_jwt.sign_payload(party.board, presentation, typ="kb+vp+sd-jwt"),
        "signed by another": sd_jwt.sign_payload(
            party.board, presentation, typ="vp+sd-jwt", kid=party.nurse.method
        ),
    }
    for name, presented in wrong.items():
        verdict = party.verify(presented, challenge=CHALLENGE, domain=DOMAIN)
        assert verdict.decision is Decision.REJECT, name
    for challenge, domain in ((CHALLENGE + "x", DOMAIN), (CHALLENGE, "other.example")):
        assert party.verify(genuine, challenge=challenge, domain=domain).decision is Decision.REJECT
