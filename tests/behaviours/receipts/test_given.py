"""A receipt of a question with something given along: kept by its hash, signed, audited."""

from __future__ import annotations

import base64
import copy
import hashlib
import json
from dataclasses import replace
from typing import Any

import pytest

from node.services.receipt_audit import Holds
from node.verification.given import Given, Identifier
from node.verification.receipt import Receipt
from tests.behaviours.receipts.auditing import all_hold, audited, fails, survives, words
from tests.simulators.receipts import CLEAR, NODE_KEY, ProvableBoard


def badge(board: ProvableBoard) -> dict[str, Any]:
    """Names its recipient by e-mail address, and a file by its hash."""
    digest = "sha256-" + base64.b64encode(hashlib.sha256(FILE).digest()).decode()
    document = board.issuer.licence(index=CLEAR, relatedResource={"id": ADDRESS, "digestSRI": digest})
    terms = ("identifier", "identityHash", "hashed")
    document["@context"].append({name: f"https://board.example/v#{name}" for name in terms})
    document["credentialSubject"]["identifier"] = [{"identityHash": ANA.value, "hashed": False}]
    return board.issuer.sign(document)


FILE, ADDRESS = b"the file itself", "https://board.example/a=b.txt"
ANA, EVA = Identifier("ana@example.org"), Identifier("eva@example.org")
ASKED = Given((Identifier(ANA.value),), {ADDRESS: FILE}, ("Welding", "First aid"))


def test_a_verdict_asked_with_an_identifier_a_file_and_skills(board: ProvableBoard) -> None:
    licence = badge(board)
    members = json.loads(json.dumps(board.receipt(licence, given=ASKED).to_json()))
    receipt = Receipt.from_json(members)
    assert members["question"]["skills"] == ["Welding", "First aid"]
    assert members["verdict"]["skills"] == ["not_found", "not_found"]
    assert ["recipient", "PASSED", "ok"] in members["verdict"]["credentials"][0]["checks"]
    assert ANA.value not in json.dumps(members)
    assert all_hold(audited(board, receipt, licence, given=ASKED))
    for other in (Given(), replace(ASKED, identifiers=()), replace(ASKED, resources={ADDRESS: b"another"})):
        findings = audited(board, receipt, licence, given=other)
        assert [one.about for one in findings if one.holds is not Holds.YES] == ["verdict"]
        assert not fails(findings)
        assert "hand along just that" in words(findings, "verdict")
    assert fails(audited(board, receipt, licence, given=replace(ASKED, identifiers=(EVA,))))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("skills", ["Another skill"]),
        ("skills", []),
        ("skills", "Welding"),
        ("skills", ["x"] * 51),
        ("identifiers", ["emailAddress"]),
        ("identifiers", [7]),
        ("resources", {ADDRESS: "another hash"}),
        ("resources", [ADDRESS]),
        ("verdict", ["proven", "proven"]),
    ],
)
def test_what_a_receipt_keeps_of_its_question_is_signed(board: ProvableBoard, name: str, value: Any) -> None:
    licence = badge(board)
    members = copy.deepcopy(board.receipt(licence, given=ASKED).to_json())
    if name == "verdict":
        members["verdict"]["skills"] = value
    else:
        members["question"][name] = value
    assert not survives(members, lambda it: audited(board, it, licence, given=ASKED))


def test_nobody_says_that_a_skill_was_proven_which_was_not(board: ProvableBoard) -> None:
    licence = badge(board)
    honest = board.receipt(licence, given=ASKED)
    lie = replace(honest, outcomes={**honest.outcomes, "skills": ["proven", "not_found"]}).signed(NODE_KEY)
    assert fails(audited(board, lie, licence, given=ASKED))
