"""`goodstanding credential`: issuing, and showing a part."""

from __future__ import annotations

import json
from pathlib import Path

from node.crypto.public_keys import KeyType
from tests.simulators.issuer import SimulatedIssuer
from tests.unit.node.cli.command_line import Run, document


def test_a_jwt_is_printed_as_one(run: Run, tmp_path: Path) -> None:
    done = run("credential", "issue", document(tmp_path, "unsigned"), "--mechanism", "vc+jwt")
    assert done.stdout.strip() == "eyJhbGciOiJFZERTQSJ9.e30.c2ln"


def test_part_of_a_credential_is_shown(run: Run, tmp_path: Path) -> None:
    board = SimulatedIssuer("board", type_=KeyType.P256)
    signed = board.sign(board.licence(), "ecdsa-sd-2023", mandatory_pointers=["/issuer"])
    path = tmp_path / "licence.json"
    path.write_text(json.dumps(signed))
    done = run("credential", "derive", str(path), "--show", "/credentialSubject/givenName")
    assert json.loads(done.stdout)["credentialSubject"] == {"id": "did:example:nurse", "givenName": "Ada"}
    wrong = run("credential", "derive", str(path), "--show", "/nothing")
    assert wrong.exit_code == 2
    assert "'/nothing' leads to nothing in the credential" in wrong.stderr
    asked = ["--mechanism", "ecdsa-sd-2023", "--mandatory", "/issuer", "--mandatory", "/name"]
    issued = run("credential", "issue", document(tmp_path, "unsigned"), *asked)
    assert json.loads(issued.stdout)["proof"] == {"cryptosuite": "ecdsa-sd-2023", "shows": ["/issuer", "/name"]}


def test_an_sd_jwt_is_printed_as_one(run: Run, tmp_path: Path) -> None:
    asked = ["--mechanism", "dc+sd-jwt", "--disclose", "/given_name", "--disclose", "/family_name"]
    done = run("credential", "issue", document(tmp_path, "unsigned"), *asked, "--holder", '{"kty": "OKP"}')
    expected = "eyJhbGciOiJFZERTQSJ9.e30.c2ln~/given_name~/family_name~{'kty': 'OKP'}"
    assert done.stdout.strip() == expected
    broken = run("credential", "issue", document(tmp_path, "unsigned"), *asked, "--holder", "Ana")
    assert broken.exit_code == 2
