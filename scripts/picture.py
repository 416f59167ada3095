"""Take the picture of the verdict page that stands in the README: a desk and a phone side by side,
two of the fixtures, as a real node judges them.

python -m scripts.picture [docs/verdict.png]
"""

from __future__ import annotations

import base64
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser

from tests.simulators.browser import find_chromium, launched
from tests.simulators.fixture_ledger import FIXTURES
from tests.simulators.real_node import real_node

TARGET = Path(__file__).parent.parent / "docs" / "verdict.png"
LARGEST = 300 * 1024  # bytes

FRAME = """<!doctype html><style>
body {{ margin: 0; padding: 36px; width: 1568px; box-sizing: border-box; display: flex; gap: 32px;
       align-items: flex-start; background: #d9ddd8; }}
img {{ display: block; border-radius: 10px; box-shadow: 0 6px 30px rgb(20 30 40 / .18); }}
</style>
<img src="data:image/png;base64,{desk}" width="1104">
<img src="data:image/png;base64,{phone}" width="360">"""


def taken(browser: Browser, address: str, fixture: str, width: int, height: int) -> str:
    """The page for one of the fixtures, as a PNG in base64."""
    page = browser.new_page(viewport={"width": width, "height": height})
    page.goto(address)
    page.get_by_label("or choose its file").set_input_files(FIXTURES / fixture)
    page.get_by_role("button", name="Verify").click()
    page.locator(".verdict").wait_for()
    return base64.b64encode(page.screenshot()).decode()


def main() -> int:
    chromium = find_chromium()
    if chromium is None:
        print("no chromium on this machine (set GOODSTANDING_CHROMIUM)")
        return 1
    with (
        tempfile.TemporaryDirectory() as folder,
        launched(chromium) as browser,
        real_node(Path(folder) / "node") as node,
    ):
        desk = taken(browser, node.url, "welding-certificate.json", 1180, 826)
        node.revoke("licence.json")
        phone = taken(browser, node.url, "licence.json", 390, 837)
        frame = browser.new_page(viewport={"width": 1568, "height": 845})
        frame.set_content(FRAME.format(desk=desk, phone=phone))
        picture = frame.screenshot()
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else TARGET
    if len(picture) > LARGEST:
        print(f"the picture has {len(picture)} bytes, more than {LARGEST}")
        return 1
    target.write_bytes(picture)
    print(f"wrote {target}, {len(picture) // 1024} KiB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
