"""What an employer sees of real documents: a real node, a real ledger, a real browser."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from registry.embedded.anvil import AnvilMissing, find_anvil
from tests.simulators.fixture_ledger import FIXTURES
from tests.simulators.real_node import RealNode, real_node


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealNode]:
    try:
        find_anvil()
    except AnvilMissing as error:
        pytest.skip(str(error))
    with real_node(tmp_path_factory.mktemp("node")) as node:
        yield node


@pytest.fixture
def page(browser: Browser, node: RealNode) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.goto(node.url)
    yield page
    context.close()


def heading(page: Page) -> str:
    return page.get_by_role("heading", level=1).inner_text()


def verify(page: Page) -> None:
    page.get_by_role("button", name="Verify").click()
    page.locator(".verdict").wait_for()


def choose(page: Page, fixture: str) -> None:
    page.get_by_label("or choose its file").set_input_files(FIXTURES / fixture)
    verify(page)


def paste(page: Page, text: str) -> None:
    page.get_by_label("Paste the credential").fill(text)
    verify(page)


@pytest.mark.parametrize("fixture", ["licence.json", "licence-jcs.json", "licence.jwt"])
def test_a_licence_in_good_standing(page: Page, fixture: str) -> None:
    choose(page, fixture)
    assert heading(page) == "In good standing"
    facts = page.locator("dl.facts").inner_text()
    assert "Example State Board of Nursing" in facts
    assert "Recognised" in facts
    assert "not revoked" in page.locator(".verdict").inner_text()


def test_a_certificate_s_skills(page: Page) -> None:
    choose(page, "welding-certificate.json")
    assert heading(page) == "In good standing"
    skills = page.locator(".skills li").all_inner_texts()
    assert [" ".join(skill.split()) for skill in skills] == [
        "Vertical fillet welding (3F) Expert",
        "Overhead fillet welding (4F) Proficient",
        "Reading welding symbols 92 %",
        "Visual weld inspection",
    ]


def test_a_tampered_licence_names_nobody(page: Page) -> None:
    licence = json.loads((FIXTURES / "licence.json").read_text(encoding="utf-8"))
    name = licence["credentialSubject"]["familyName"]
    paste(page, json.dumps({**licence, "validUntil": "2120-01-01T00:00:00Z"}))
    assert heading(page) == "Not valid: altered, or not signed by its issuer"
    assert name not in page.locator("article").inner_text()
    # what was not reached is said once
    assert page.locator(".lines b").all_inner_texts() == ["Readable", "Genuine", "The rest"]


def test_several_at_once(page: Page) -> None:
    choose(page, "presentation-of-three.json")
    assert heading(page) == "All 3 in good standing"
    assert "Signed by its sender" in page.get_by_role("region", name="What was sent, as a whole").inner_text()
    assert page.locator(".card-heading h2").all_inner_texts() == ["In good standing"] * 3


def test_something_else_altogether(page: Page) -> None:
    paste(page, "%PDF-1.7 my licence")
    assert heading(page) == "Could not be read"
    assert "Ask for the file itself" in page.locator(".verdict").inner_text()
    assert "records" not in page.locator(".when").inner_text()  # none were needed


def test_a_revocation_shows_at_the_next_press_of_the_button(page: Page, node: RealNode) -> None:
    name = "licence-jcs.json"  # the same entry as licence.json: this test comes last
    choose(page, name)
    assert heading(page) == "In good standing"
    node.revoke(name)
    choose(page, name)
    assert heading(page).startswith("Not valid: revoked on ")
    assert "Was to end" in page.locator("dl.facts").inner_text()
