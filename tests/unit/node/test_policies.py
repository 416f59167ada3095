"""What a node's settings make of the policies it offers."""

from __future__ import annotations

import pytest

from node.policies import DEFAULT, policies_of
from node.settings import Settings

DEMANDS = {"require_disclosure": True, "require_known_schema": False, "require_resources": False}


def test_what_is_demanded_where_nothing_is_set() -> None:
    for name in (DEFAULT, "holder-present"):
        policy = policies_of(Settings())[name]
        assert {demand: getattr(policy, demand) for demand in DEMANDS} == DEMANDS


@pytest.mark.parametrize("demand", DEMANDS)
def test_a_setting_changes_what_it_names_and_nothing_else(demand: str, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = not DEMANDS[demand]
    monkeypatch.setenv(f"GOODSTANDING_{demand.upper()}", str(wanted).lower())
    for name in (DEFAULT, "holder-present"):
        policy = policies_of(Settings())[name]
        assert {one: getattr(policy, one) for one in DEMANDS} == DEMANDS | {demand: wanted}


def test_a_person_looks_at_what_any_issuer_left_out() -> None:
    assert not policies_of(Settings(require_disclosure=True))["any-issuer"].require_disclosure
