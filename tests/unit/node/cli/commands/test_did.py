"""`goodstanding did` and `goodstanding resolve`: anchored schemas, documents and parts of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.simulators.node import SimulatedNode
from tests.unit.node.cli.command_line import Run

HOLDER_KEY = "z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"


def test_resolving_a_document_and_a_part_of_it(run: Run) -> None:
    did = f"did:key:{HOLDER_KEY}"
    assert json.loads(run("resolve", did).stdout)["id"] == did
    part = run("resolve", f"{did}#{HOLDER_KEY}", "--version-time", "2026-03-01T00:00:00Z")
    assert json.loads(part.stdout)["publicKeyMultibase"] == HOLDER_KEY
    whole = run("resolve", f"{did}#{HOLDER_KEY}", "--json")
    assert json.loads(whole.stdout)["dereferencingMetadata"]["verificationRelationships"]
    assert run("resolve", did, "--version-id", "7").exit_code != 0


def test_a_did_that_does_not_resolve_says_why(run: Run) -> None:
    result = run("resolve", "nonsense")
    assert result.exit_code == 2
    assert "not a DID" in result.output


def test_a_schema_is_anchored_under_its_own_address_or_another(
    run: Run, node: SimulatedNode, tmp_path: Path
) -> None:
    file, url = tmp_path / "schema.json", "https://board.example/licence.json"
    file.write_text(json.dumps({"$id": url, "required": ["name"]}))
    for arguments, expected in (
        ([str(file)], url),
        ([str(file), "--id", "https://board.example/other.json"], "https://board.example/other.json"),
        (["--withdraw", "--id", url], url),
    ):
        done = run("did", "schema", *arguments)
        assert done.exit_code == 0
        assert done.stdout.startswith("withdrawing" if "--withdraw" in arguments else "anchoring")
        _, members = node.registrar.acts[-1]
        assert (members["url"], members["schema"] is None) == (expected, "--withdraw" in arguments)


@pytest.mark.parametrize("arguments", [[], ["FILE", "--withdraw"], ["--withdraw"], ["FILE"]])
def test_a_schema_without_a_file_or_an_address(run: Run, tmp_path: Path, arguments: list[str]) -> None:
    file = tmp_path / "schema.json"
    file.write_text("{}")
    result = run("did", "schema", *(str(file) if one == "FILE" else one for one in arguments))
    assert result.exit_code == 2
