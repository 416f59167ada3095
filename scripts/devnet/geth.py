"""Where geth is; built by the Go toolchain where it is not. `python -m scripts.devnet.geth` builds it now.

1.13 is the last line that seals Clique blocks. The linker flag is for one of its dependencies, which newer
versions of Go would refuse.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

VERSION = "v1.13.15"
PACKAGE = f"github.com/ethereum/go-ethereum/cmd/geth@{VERSION}"
CACHE = Path(__file__).parents[2] / ".cache" / f"geth-{VERSION}"
PATIENCE = 1200  # seconds for a build


class GethMissing(Exception):
    """There is no geth and none can be built; the message says why."""


def find_geth(*, build: bool = False) -> Path:
    """`GOODSTANDING_GETH`, or the one built here before, or now. Raises GethMissing."""
    named = os.environ.get("GOODSTANDING_GETH")
    if named:
        return Path(named)
    built = CACHE / "geth"
    if built.exists():
        return built
    if not build:
        raise GethMissing("no geth: `python -m scripts.devnet.geth` builds it with the Go toolchain")
    return build_geth()


def build_geth() -> Path:
    """Into `.cache`, in a few minutes. Raises GethMissing."""
    go = shutil.which("go")
    if go is None:
        raise GethMissing("no geth, and no Go toolchain to build it with")
    CACHE.mkdir(parents=True, exist_ok=True)
    command = [go, "install", "-ldflags=-checklinkname=0", PACKAGE]
    environment = os.environ | {
        "GOBIN": str(CACHE),
        "GOFLAGS": "",
        "CGO_ENABLED": os.environ.get("CGO_ENABLED", "1"),
    }
    try:
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise GethMissing(f"building geth takes longer than {PATIENCE} seconds") from error
    if done.returncode:
        raise GethMissing(f"geth could not be built: {done.stderr.strip()[-500:]}")
    return CACHE / "geth"


if __name__ == "__main__":
    try:
        print(find_geth(build=True))
    except GethMissing as error:
        sys.exit(str(error))
