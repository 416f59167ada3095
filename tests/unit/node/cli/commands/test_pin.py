"""`goodstanding pin`: files pinned that the node then starts with, and what is not pinned."""

from __future__ import annotations

from pathlib import Path

import pytest

from node.settings import read_settings
from node.startup import contexts_of
from node.verification.proofs.contexts import VCDM_2
from tests.unit.node.cli.command_line import Run

CLR = "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json"


def test_a_context_is_pinned_and_the_node_starts_with_it(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOODSTANDING_CONTEXTS_DIR", str(tmp_path / "contexts"))
    file = tmp_path / "clr.json"
    file.write_text('{"@context": {"ClrSubject": "https://clr.example/vocabulary#ClrSubject"}}')
    result = run("pin", "context", CLR, str(file))
    assert (result.exit_code, CLR in result.output) == (0, True), result.output
    assert contexts_of(read_settings()).document(CLR)


@pytest.mark.parametrize(
    ("arguments", "content", "fault"),
    [
        (["context", CLR], "{}", "not a context"),
        (["context", VCDM_2], '{"@context": {}}', "pinned already"),
        (["context", CLR, "--sha256", "00" * 32], '{"@context": {}}', "not that file"),
        (["schema", CLR], '{"type": "nothing"}', "no schema"),
        (["schema", CLR], "{" + " " * (1 << 20) + "}", "larger"),
        (["type", CLR], "{}", "GOODSTANDING_TYPES_DIR"),
        (["context", CLR], None, "cannot read"),
    ],
)
def test_what_could_not_be_used_is_not_pinned(
    run: Run,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    content: str | None,
    fault: str,
) -> None:
    for kind in ("CONTEXTS", "SCHEMAS"):
        monkeypatch.setenv(f"GOODSTANDING_{kind}_DIR", str(tmp_path / kind))
    file = tmp_path / "file.json"
    if content is not None:
        file.write_text(content)
    result = run("pin", *arguments[:2], str(file), *arguments[2:])
    assert (result.exit_code, fault in result.output) == (2, True), result.output
    assert not any((tmp_path / kind).exists() for kind in ("CONTEXTS", "SCHEMAS"))
