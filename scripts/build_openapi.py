"""Write docs/openapi.json, the description of the HTTP API; with --check, fail if it is not up to date.

python -m scripts.build_openapi [--check]
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from node.api.app import create_app
from node.settings import Settings

TARGET = Path(__file__).parent.parent / "docs" / "openapi.json"


def description() -> str:
    """The OpenAPI document, the same on every machine. The routes need no working node to be described."""
    node: Any = cast(Any, SimpleNamespace(settings=Settings.model_construct(max_body_bytes=1 << 20)))
    return json.dumps(create_app(node).openapi(), indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def main() -> int:
    written = description()
    if "--check" in sys.argv[1:]:
        if not TARGET.exists() or TARGET.read_text(encoding="utf-8") != written:
            print(f"{TARGET} is out of date: run python -m scripts.build_openapi")
            return 1
        return 0
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(written, encoding="utf-8")
    print(f"wrote {TARGET}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
