"""Compiles the contracts and writes registry/bindings/artifacts/*.json: ABI and bytecode, nothing else.

    python scripts/build_artifacts.py           writes them
    python scripts/build_artifacts.py --check   exits 1, naming what differs, if they are stale

The settings are those of contracts/foundry.toml; they leave no metadata in the bytecode, so that the same
sources give the same bytes on every machine. Needs `npm ci --ignore-scripts` in contracts/, and node.
"""

from __future__ import annotations

import argparse
import difflib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CONTRACTS = ROOT / "contracts"
ARTIFACTS = ROOT / "registry" / "bindings" / "artifacts"
NAMES = ("Council", "IssuerRegistry", "DidRegistry", "StatusRegistry", "Directory", "EthereumDIDRegistry")


def forge() -> Path:
    """The compiler's driver that npm put there; on machines npm has none for, the one on the PATH."""
    found = [*CONTRACTS.glob("node_modules/@foundry-rs/forge-*/bin/forge"), shutil.which("forge")]
    if found[0] is None:
        sys.exit("forge is missing: run `npm ci --ignore-scripts` in contracts/")
    return Path(found[0])


def build(out: Path) -> dict[str, str]:
    """File name → content, compiled afresh."""
    node = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
    folders = ["--out", str(out / "out"), "--cache-path", str(out / "cache")]
    command = [str(forge()), "build", "--force", "--skip", "test", *folders]
    run = subprocess.run(
        command, cwd=CONTRACTS, env={**os.environ, "PATH": node}, capture_output=True, text=True, check=False
    )
    if run.returncode:
        sys.exit(run.stdout + run.stderr)
    return {f"{name}.json": artifact(out / "out" / f"{name}.sol" / f"{name}.json") for name in NAMES}


def artifact(compiled: Path) -> str:
    """One line an entry of the ABI, so that a change shows what changed."""
    content = json.loads(compiled.read_bytes())
    bytecode = content["bytecode"]
    if bytecode["linkReferences"]:
        sys.exit(f"{compiled.name} is not linked")
    abi = ",\n".join("    " + json.dumps(entry, sort_keys=True) for entry in content["abi"])
    return f'{{\n  "abi": [\n{abi}\n  ],\n  "bytecode": {json.dumps(bytecode["object"])}\n}}\n'


def present() -> dict[str, str]:
    return {path.name: path.read_text() for path in sorted(ARTIFACTS.glob("*.json"))}


def differences(committed: dict[str, str], built: dict[str, str]) -> list[str]:
    """What changed, by line; empty: nothing."""
    lines: list[str] = []
    for name in sorted(committed.keys() | built.keys()):
        before, after = (side.get(name, "").splitlines() for side in (committed, built))
        diff = difflib.unified_diff(before, after, f"committed/{name}", f"built/{name}", n=0, lineterm="")
        lines += [line if len(line) < 160 else line[:160] + "…" for line in diff]
    return lines


def main() -> int:
    parser = argparse.ArgumentParser(description="Compile the contracts.")
    parser.add_argument("--check", action="store_true", help="compare instead of writing")
    check = parser.parse_args().check
    with tempfile.TemporaryDirectory() as folder:
        built = build(Path(folder))
    changed = differences(present(), built)
    if not changed:
        print("The artifacts are what the sources give.")
        return 0
    print("\n".join(changed))
    if check:
        print("The artifacts are not what the sources give: run `make artifacts`.")
        return 1
    ARTIFACTS.mkdir(parents=True, exist_ok=True)
    for path in ARTIFACTS.glob("*.json"):
        path.unlink()
    for name, content in built.items():
        (ARTIFACTS / name).write_text(content)
    return 0


if __name__ == "__main__":
    sys.exit(main())
