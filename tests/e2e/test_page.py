"""The page in a real browser: with and without script, on a desk, a phone and paper."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.simulators import verdicts

DESK = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport=DESK)
    yield context
    context.close()


@pytest.fixture
def plain(browser: Browser) -> Iterator[BrowserContext]:
    """A browser with scripts switched off."""
    context = browser.new_context(viewport=DESK, java_script_enabled=False)
    yield context
    context.close()


def verified(context: BrowserContext, address: str, name: str) -> Page:
    """Paste a credential and press Verify."""
    page = context.new_page()
    page.goto(address)
    page.get_by_label("Paste the credential").fill(json.dumps({"id": name}))
    page.get_by_role("button", name="Verify").click()
    page.locator(".verdict").wait_for()
    return page


def pages_of(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf))


@pytest.mark.parametrize(
    ("name", "heading"),
    [
        ("accepted", "In good standing"),
        ("revoked", "Not valid: revoked on 22 November 2026"),
        ("open", "Could not be checked"),
        ("reviewed", "Needs a look"),
        ("several", "2 of 3 not valid"),
        ("unreadable", "Could not be read"),
    ],
)
def test_pasting_works_without_script(plain: BrowserContext, address: str, name: str, heading: str) -> None:
    page = verified(plain, address, name)
    assert page.get_by_role("heading", level=1).inner_text() == heading
    assert page.title().startswith(heading)


def test_choosing_a_file_works_without_script(plain: BrowserContext, address: str, tmp_path: Path) -> None:
    file = tmp_path / "licence.json"
    file.write_text('{"id": "revoked"}')
    page = plain.new_page()
    page.goto(address)
    page.get_by_label("or choose its file").set_input_files(file)
    page.get_by_role("button", name="Verify").click()
    assert "revoked" in page.get_by_role("heading", level=1).inner_text()


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_skills_are_asked_for_and_answered_at_a_glance(
    browser: Browser, address: str, size: dict[str, int]
) -> None:
    context = browser.new_context(viewport=size, java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    page.get_by_label("Paste the credential").fill('{"id": "skilled"}')
    page.get_by_text("Skills you ask for, and what you know the person by").click()
    page.get_by_label("Skills you ask for, one per line").fill("Flux-cored arc welding\nFirst aid")
    page.get_by_label("E-mail address or number of the person").fill("ana@example.org")
    page.get_by_role("button", name="Verify").click()
    wanted = page.get_by_role("region", name="Skills you asked for")
    assert wanted.get_by_role("heading").inner_text() == "1 of the 2 skills you asked for is proven"
    assert [one.inner_text().split("\n")[0] for one in wanted.get_by_role("listitem").all()] == [
        "Flux-cored arc welding Proven",
        "First aid Not proven",
    ]
    box = wanted.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= size["height"]
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert (
        page.get_by_label("Skills you ask for, one per line").input_value()
        == "Flux-cored arc welding\nFirst aid"
    )
    assert page.get_by_label("E-mail address or number of the person").input_value() == ""
    context.close()


def drop(page: Page, name: str, content: str) -> None:
    transfer = page.evaluate_handle(
        """([name, content]) => {
            const transfer = new DataTransfer();
            transfer.items.add(new File([content], name, {type: "application/json"}));
            return transfer;
        }""",
        [name, content],
    )
    for event in ("dragenter", "dragover", "drop"):
        page.dispatch_event("[data-drop]", event, {"dataTransfer": transfer})


def test_dropping_a_file(context: BrowserContext, address: str) -> None:
    page = context.new_page()
    page.goto(address)
    drop(page, "licence.json", '{"id": "skilled"}')
    assert "licence.json is ready" in page.locator("[data-hint]").inner_text()
    page.get_by_role("button", name="Verify").click()
    assert page.get_by_role("heading", level=1).inner_text() == "In good standing"
    assert "Jonas Lindqvist" in page.locator("dl.facts").inner_text()


def test_a_file_too_large_is_refused_before_it_is_sent(context: BrowserContext, address: str) -> None:
    page = context.new_page()
    page.goto(address)
    drop(page, "video.json", "x" * 200_000)
    assert "too large" in page.get_by_role("alert").inner_text()
    assert page.evaluate("document.querySelector('input[type=file]').files.length") == 0


def test_a_file_too_large_is_named_so_without_script_too(
    plain: BrowserContext, address: str, tmp_path: Path
) -> None:
    file = tmp_path / "video.json"
    file.write_text("x" * 3_000_000)
    page = plain.new_page()
    page.goto(address)
    page.get_by_label("or choose its file").set_input_files(file)
    page.get_by_role("button", name="Verify").click()
    assert "too large" in page.get_by_role("alert").inner_text()


def test_nothing_sent_is_asked_for_again(plain: BrowserContext, address: str) -> None:
    page = plain.new_page()
    page.goto(address)
    page.get_by_role("button", name="Verify").click()
    assert "first" in page.get_by_role("alert").inner_text()


@pytest.mark.parametrize("name", sorted(verdicts.BY_NAME))
def test_it_prints_on_one_page(context: BrowserContext, address: str, name: str) -> None:
    page = verified(context, address, name)
    assert pages_of(page.pdf(prefer_css_page_size=True)) == 1


@pytest.mark.parametrize("size", [DESK, PHONE])
@pytest.mark.parametrize("name", ["revoked", "skilled", "several", "hostile", "record", "resume"])
def test_nothing_runs_off_the_side(context: BrowserContext, address: str, name: str, size: dict) -> None:
    page = verified(context, address, name)
    page.set_viewport_size(size)
    page.locator("details.evidence summary").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]


def test_the_answer_is_on_the_first_screen(context: BrowserContext, address: str) -> None:
    page = verified(context, address, "skilled")
    when = page.locator(".when").bounding_box()
    assert when is not None
    assert when["y"] + when["height"] <= DESK["height"]


def test_on_a_phone_the_verdict_the_name_and_the_issuer_are_on_the_first_screen(
    context: BrowserContext, address: str
) -> None:
    page = verified(context, address, "revoked")
    page.set_viewport_size(PHONE)
    recognition = page.locator(".recognition").bounding_box()
    assert recognition is not None
    assert recognition["y"] + recognition["height"] <= PHONE["height"]


def test_a_hostile_name_is_only_a_name(context: BrowserContext, address: str) -> None:
    said: list[str] = []
    context.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    page = verified(context, address, "hostile")
    assert page.title() == "In good standing – Goodstanding"
    assert page.locator("script").count() == 1
    assert page.locator("main img, main b[onmouseover]").count() == 0
    assert said == []
    assert "<script>" in page.locator(".who dd").inner_text()


def test_nothing_comes_from_elsewhere_and_nothing_is_blocked(context: BrowserContext, address: str) -> None:
    asked: list[str] = []
    errors: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    context.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    context.on("weberror", lambda error: errors.append(str(error.error)))
    verified(context, address, "several")
    assert asked and all(url.startswith(address) for url in asked)
    assert errors == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["accepted", "revoked", "open", "reviewed", "several", "record", "resume"])
def test_contrast(browser: Browser, address: str, name: str, scheme: str) -> None:
    """WCAG 2.2 §1.4.3 (AA): 4.5 to 1 for text, measured where it stands."""
    context = browser.new_context(viewport=DESK, color_scheme=scheme)
    page = verified(context, address, name)
    poor = page.evaluate(CONTRAST)
    context.close()
    assert poor == []


def test_landmarks_labels_and_keyboard(context: BrowserContext, address: str) -> None:
    page = verified(context, address, "several")
    for role in ("banner", "main", "contentinfo"):
        assert page.get_by_role(role).count() == 1
    assert page.get_by_role("region", name="Credential 2 of 3").count() == 1
    assert page.locator("h1").count() == 1
    unlabelled = (
        "[...document.querySelectorAll('input, textarea')].filter(field => !field.labels.length).length"
    )
    assert page.evaluate(unlabelled) == 0
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    # not by colour alone: every sign has its own shape, every outcome its word
    shapes = page.locator(".card-heading .sign path").evaluate_all(
        "all => new Set(all.map(p => p.outerHTML)).size"
    )
    assert shapes >= 2
    assert page.locator(".lines li").count() == page.locator(".lines .outcome").count()


CONTRAST = """() => {
  const parse = (text) => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const ground = (element) => {
    for (let e = element; e; e = e.parentElement) {
      const colour = parse(getComputedStyle(e).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const poor = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !element.checkVisibility()) continue;
    const colours = [parse(getComputedStyle(element).color), ground(element)];
    const [a, b] = colours.map(light).sort((x, y) => y - x);
    if ((a + 0.05) / (b + 0.05) < 4.5) poor.push(walker.currentNode.data.trim());
  }
  return poor;
}"""
