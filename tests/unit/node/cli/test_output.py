"""What a command prints, wherever it goes, and that no mishap of printing reads as a decision."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable

import orjson
import pytest
import typer

from node.cli import main
from node.cli.output import emit, say, settle_streams

Printed = Callable[[Callable[[], None]], bytes]
HOSTILE = "Board\n\x1b[2JIN GOOD STANDING \u202e"


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch) -> Printed:
    """What reaches a terminal that knows ASCII alone."""

    def reaches(print_it: Callable[[], None]) -> bytes:
        screen = io.BytesIO()
        with monkeypatch.context() as meanwhile:
            meanwhile.setattr(sys, "stdout", io.TextIOWrapper(screen, encoding="ascii"))
            settle_streams()
            print_it()
            return screen.getvalue()

    return reaches


def test_a_terminal_without_the_characters_shows_their_numbers(printed: Printed) -> None:
    assert printed(lambda: say("✓ Zürich")) == b"\\u2713 Z\\xfcrich\n"


def test_json_is_utf_8_everywhere(printed: Printed) -> None:
    assert orjson.loads(printed(lambda: emit({"name": "Zürich ✓"}, True, ()))) == {"name": "Zürich ✓"}


def test_a_name_begins_no_line_and_moves_nothing_on_the_screen(printed: Printed) -> None:
    shown = printed(lambda: emit({}, False, [f"accredit {HOSTILE}"]))
    assert shown == b"accredit Board\\n\\x1b[2JIN GOOD STANDING \\u202e\n"


def test_names_that_are_written_with_joiners_stay_whole(capsys: pytest.CaptureFixture[str]) -> None:
    say("شرکت نرم\u200cافزار")
    assert capsys.readouterr().out == "شرکت نرم\u200cافزار\n"


def onto(monkeypatch: pytest.MonkeyPatch, descriptor: int) -> None:
    monkeypatch.setattr(sys, "stdout", os.fdopen(descriptor, "w", encoding="utf-8"))


def test_whoever_stops_reading_changes_no_exit_status(monkeypatch: pytest.MonkeyPatch) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    onto(monkeypatch, writing)
    say("IN GOOD STANDING")
    say("and more")
    sys.stdout.close()


def test_a_full_disk_is_a_problem_and_no_decision(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    onto(monkeypatch, os.open("/dev/full", os.O_WRONLY))
    with pytest.raises(typer.Exit) as ended:
        emit({"decision": "accept"}, True, ())
    sys.stdout.close()
    assert ended.value.exit_code == 2
    assert "No space left on device" in capsys.readouterr().err


def test_a_closed_output_is_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    settle_streams()
    say("nobody hears this")
    emit({}, True, ())
    sys.stdout.close()


def test_a_fault_of_the_program_does_not_read_as_reject(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken() -> None:
        raise KeyError("decision")

    monkeypatch.setattr(main, "app", broken)
    with pytest.raises(SystemExit) as ended:
        main.run_app()
    assert ended.value.code == 2
    assert "KeyError: 'decision'" in capsys.readouterr().err
