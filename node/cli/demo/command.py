"""`goodstanding demo`: sets the stage, tells the story, and in a terminal keeps serving."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer

from node.cli.client import ApiProblem
from node.cli.output import JsonFlag, emit, fail


def demo(
    folder: Annotated[Path, typer.Option(help="Emptied first; keys, databases, logs go here.")] = Path(".demo"),
    keep_serving: Annotated[
        bool | None, typer.Option(help="Keep the hospital's page open; unset: in a terminal.")
    ] = None,
    as_json: JsonFlag = False,
) -> None:
    """The main job, end to end, on this machine: accredit, publish, verify, revoke, alert."""
    from node.cli.demo.listener import AlertListener
    from node.cli.demo.processes import ProcessFailed
    from node.cli.demo.stage import Stage
    from node.cli.demo.story import DemoFailed, Story

    serving = (sys.stdout.isatty() and not as_json) if keep_serving is None else keep_serving
    steps: list[dict[str, object]] = []

    def say(what: str, seconds: float | None, remark: str) -> None:
        steps.append({"step": what, "seconds": seconds, "remark": remark})
        if not as_json:
            took = "" if seconds is None else _duration(seconds)
            print(
                f"  {'✓' if seconds is not None else ' '} {what:<76} {took:>8}  {remark}".rstrip(), flush=True
            )

    signal.signal(signal.SIGTERM, _interrupt)
    if not as_json:
        print("Goodstanding: is this licence in good standing?\n", flush=True)
    started = time.monotonic()
    listener = AlertListener()
    try:
        stage = Stage(folder, listener.url)
    except ProcessFailed as error:
        raise fail(str(error), as_json) from error
    try:
        story = Story(stage, listener, say)
        story.tell()
        emit({"steps": steps}, as_json, ["", f"All of it in {time.monotonic() - started:.1f} s."])
        if serving:
            _serve_until_interrupted(stage.hospital.url, folder, story.examples)
    except (DemoFailed, ApiProblem, ProcessFailed) as error:
        raise fail(f"{error} (the logs are in {folder}/)", as_json, code=1) from error
    except KeyboardInterrupt:
        print()
    finally:
        stage.close()
        listener.close()


def _serve_until_interrupted(url: str, folder: Path, examples: Mapping[str, Mapping[str, object]]) -> None:
    import orjson

    for name, credential in examples.items():
        (folder / name).write_bytes(orjson.dumps(credential, option=orjson.OPT_INDENT_2))
    print(f"\nOpen {url} and choose one of these in {folder}/: {', '.join(examples)}")
    print(f"Or: {sys.argv[0]} verify {folder / next(iter(examples))} --node {url}")
    print("Ctrl-C ends it.", flush=True)
    while True:
        time.sleep(3600)


def _duration(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
