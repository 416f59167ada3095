"""The encodings of the Token Status List draft: read bit by bit, and written the same again."""

from __future__ import annotations

import json
import re
import zlib
from pathlib import Path
from typing import Any

import pytest

from node.crypto import base64url
from node.issuing.token_lists import status_list
from node.verification.evidence import UnusableList
from node.verification.fetched_list import read_served, unusable
from node.verification.packed_list import token_list
from node.verification.reasons import Reason
from node.verification.refusals import Refused
from registry.records import StatusPurpose
from tests.simulators.web_lists import packed

SMALL = {
    "encoding": (1, [1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1]),  # §4.1
    "encoding2": (2, [1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3]),  # §4.2
}
# Appendix C: of 2**20 entries those that are not 0.
LARGE: dict[str, tuple[int, dict[int, int]]] = {
    "encoding1_long": (
        1,
        dict.fromkeys((0, 1993, 25460, 159495, 495669, 554353, 645645, 723232, 854545, 934534, 1000345), 1),
    ),
    "encoding2_long": (
        2,
        {0: 1, 1993: 2, 25460: 1, 159495: 3, 495669: 1, 554353: 1, 645645: 2, 723232: 1, 854545: 1}
        | {934534: 2, 1000345: 3},
    ),
    "encoding4": (
        4,
        {0: 1, 1993: 2, 35460: 3, 459495: 4, 595669: 5, 754353: 6, 845645: 7, 923232: 8, 924445: 9}
        | {934534: 10, 1004534: 11, 1000345: 12, 1030203: 13, 1030204: 14, 1030205: 15},
    ),
}


def published(vectors: Path, name: str) -> dict[str, Any]:
    text = (vectors / "token-status-list" / f"status_list_{name}_json.md").read_text()
    found: dict[str, Any] = json.loads(re.sub(r"\n\s+", "", text[text.index("{") : text.index("}") + 1]))
    return found


@pytest.mark.parametrize("name", SMALL)
def test_the_drawn_examples(vectors: Path, name: str) -> None:
    bits, values = SMALL[name]
    stated = published(vectors, name)
    assert stated["bits"] == bits
    read = token_list(stated["lst"])
    assert [read.value(index, bits) for index in range(read.entries(bits))] == values


@pytest.mark.parametrize("name", LARGE)
def test_every_entry_of_the_long_lists(vectors: Path, name: str) -> None:
    bits, values = LARGE[name]
    stated = published(vectors, name)
    read = token_list(stated["lst"])
    assert (stated["bits"], read.entries(bits)) == (bits, 1 << 20)
    assert read.packed == packed(values, bits=bits, entries=1 << 20, token=True), "every bit, drawn one by one"
    assert {index: read.value(index, bits) for index in values} == values


def test_every_value_of_eight_bits(vectors: Path) -> None:
    stated = published(vectors, "encoding8")
    read = token_list(stated["lst"])
    values = [read.value(index, 8) for index in range(read.entries(8))]
    assert sorted(filter(None, values)) == list(range(1, 256))
    assert (values[233478], values[52451], values[1199]) == (0, 1, 121)


@pytest.mark.parametrize("name", [*SMALL, *LARGE, "encoding8"])
def test_it_is_written_the_same_again(vectors: Path, name: str) -> None:
    """From the order of the ledger, where the first entry has the highest bits."""
    stated = published(vectors, name)
    read, bits = token_list(stated["lst"]), stated["bits"]
    values = {index: value for index in range(read.entries(bits)) if (value := read.value(index, bits))}
    ours = status_list(packed(values, bits=bits, entries=read.entries(bits)), StatusPurpose.MESSAGE, bits)
    assert ours["bits"] == bits
    assert zlib.decompress(base64url.decode(str(ours["lst"]))) == read.packed


@pytest.mark.parametrize("name", ["encoding", "encoding2", "encoding1_long", "encoding2_long", "encoding4"])
def test_cbor_holds_the_same_list(vectors: Path, name: str) -> None:
    """The forms differ in their wrapping alone: in CBOR the compressed bytes stand as they are."""
    text = (vectors / "token-status-list" / f"status_list_{name}_cbor.md").read_text()
    hexadecimal = re.sub(r"\s", "", text.rpartition("encoded:")[2])
    assert base64url.decode(published(vectors, name)["lst"]) in bytes.fromhex(hexadecimal)


def test_the_token(vectors: Path) -> None:
    raw = (vectors / "token-status-list" / "status_list_jwt_raw.md").read_bytes().replace(b"\n", b"")
    served = read_served(raw, "https://example.com/statuslists/1", 0)
    assert served.dids("did:web:board.example") == ["did:web:board.example", "https://example.com"]
    with pytest.raises(Refused) as refused:
        read_served(raw, "https://example.com/statuslists/2", 0)
    assert refused.value.reason is Reason.STATUS_LIST_INVALID


def test_the_token_in_cbor_is_refused(vectors: Path) -> None:
    text = (vectors / "token-status-list" / "status_list_cwt.md").read_text()
    with pytest.raises(Refused) as refused:
        read_served(bytes.fromhex(re.sub(r"\s", "", text)), "https://example.com/statuslists/1", 0)
    assert "statuslist+cwt" in refused.value.detail
    assert unusable(refused.value) == UnusableList(Reason.STATUS_LIST_INVALID, refused.value.detail)
