"""The committed fixtures are what the build gives, and what the independent implementations make of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from scripts import build_fixtures
from tests.integration.interop.conftest import FIXTURES
from tests.interop import peers
from tests.interop.tampering import tampered_credentials, tampered_jwts, tampered_presentations
from tests.simulators.signed_fixtures import CREDENTIALS, PRESENTATIONS

pytestmark = pytest.mark.usefixtures("_peers")

Read = Callable[[str], Any]


def test_building_again_gives_the_committed_bytes() -> None:
    built = {name: build_fixtures.as_text(content) for name, content in build_fixtures.build().items()}
    committed = {path.name: path.read_text(encoding="utf-8") for path in FIXTURES.glob("*.j*")}
    assert built == committed


def test_peers_accept_what_is_genuine(fixture: Read) -> None:
    keys, board = fixture("keys.json"), fixture("did-board.json")
    asked = {"challenge": keys["challenge"], "domain": keys["domain"]}
    questions = [{"credential": fixture(name)} for name in CREDENTIALS]
    questions += [{"presentation": fixture(name), **asked} for name in PRESENTATIONS]
    answers = peers.verify(questions, {board["id"]: board})
    assert [a.error for a in answers] == [""] * len(questions)


def test_peers_refuse_the_expired_and_the_tampered(fixture: Read) -> None:
    keys, board = fixture("keys.json"), fixture("did-board.json")
    asked = {"challenge": keys["challenge"], "domain": keys["domain"]}
    jwt = {"key": keys["board"]["publicKeyJwk"], "alg": "EdDSA", "typ": "vc+jwt"}
    twins = [("licence-expired.json", {"credential": fixture("licence-expired.json")})]
    for name in CREDENTIALS:
        twins += [
            (f"{name}: {what}", {"credential": twin}) for what, twin in tampered_credentials(fixture(name))
        ]
    for name in PRESENTATIONS:
        twins += [
            (f"{name}: {what}", {"presentation": twin, **asked})
            for what, twin in tampered_presentations(fixture(name))
        ]
    twins += [(what, {"jwt": twin, **jwt}) for what, twin in tampered_jwts(fixture("licence.jwt"))]
    answers = peers.verify([question for _, question in twins], {board["id"]: board})
    assert [name for (name, _), answer in zip(twins, answers, strict=True) if answer.accepted] == []
