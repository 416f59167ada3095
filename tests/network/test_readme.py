"""What the README says of a consortium on one machine, on validators of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.devnet.geth import GethMissing, find_geth
from tests.simulators.consortium_story import ConsortiumStory


@pytest.mark.timeout(600)
def test_the_readme_s_consortium(tmp_path: Path) -> None:
    try:
        find_geth()
    except GethMissing as error:
        pytest.skip(str(error))
    ConsortiumStory(tmp_path, sealed=True).play()
