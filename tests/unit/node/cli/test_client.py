"""The command line's line to a node: what it says when the address, the key or the answer is none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import orjson
import pytest
from typer.testing import CliRunner

from node.cli.client import ApiProblem, NodeClient
from node.cli.main import app

NODE = "http://127.0.0.1:8700"


def answering(answer: Callable[[httpx2.Request], httpx2.Response]) -> NodeClient:
    client = NodeClient(NODE, "key")
    client._http = httpx2.Client(base_url=NODE, transport=httpx2.MockTransport(answer))
    return client


def told(status: int, body: Any) -> str:
    with pytest.raises(ApiProblem) as problem:
        answering(lambda _: httpx2.Response(status, content=orjson.dumps(body))).get("/v1/ledger")
    return str(problem.value)


@pytest.mark.parametrize("address", ["http://[::1", "board.example", "ftp://board.example"])
def test_what_is_no_address_of_a_node_is_said_to_be_none(address: str) -> None:
    done = CliRunner().invoke(app, ["ledger", "status", "--node", address])
    assert done.exit_code == 2
    assert f"{address.rstrip('/')} is no address of a node" in done.stderr


def test_a_key_that_none_can_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done = CliRunner().invoke(app, ["alerts", "--node", NODE, "--api-key", "schlüssel"])
    assert (done.exit_code, "that is no API key" in done.stderr) == (2, True)
    monkeypatch.delenv("GOODSTANDING_API_KEY", raising=False)
    monkeypatch.setenv("GOODSTANDING_DATA_DIR", str(tmp_path))
    (tmp_path / "api-key").write_bytes(b"\xff\xfe")
    NodeClient(NODE)  # as if there were none: the node says that it needs one


@pytest.mark.parametrize("body", [[], "text", None, 1])
def test_an_answer_that_no_node_gives(body: Any) -> None:
    assert "as no node does" in told(200, body)


def test_a_node_that_took_the_request_may_have_carried_it_out() -> None:
    def silent(request: httpx2.Request) -> httpx2.Response:
        raise httpx2.ReadTimeout("silence", request=request)

    with pytest.raises(ApiProblem, match=r"gave no answer \(ReadTimeout\): it may be done all the same"):
        answering(silent).post("/v1/ledger/audit")


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        ({"detail": "Not a time.", "member": "query/at"}, "Not a time. [query/at]"),
        ({"detail": "name: too long", "member": "name"}, "name: too long"),
        (
            {"detail": "No.", "errors": [{"member": "/purpose", "detail": "one of a, b"}]},
            "No. [/purpose: one of a, b]",
        ),
        ({"id": 7, "state": "failed", "error": "this key is taken"}, "the ledger refused: this key is taken"),
        ({"dereferencingMetadata": {"error": {"detail": "Nothing is there."}}}, "Nothing is there."),
    ],
)
def test_a_problem_names_the_member_at_fault(problem: dict[str, Any], words: str) -> None:
    assert told(409, problem) == words


@pytest.mark.parametrize("body", [{"index": 1 << 64}, {"name": "\udcff"}])
def test_arguments_that_json_cannot_hold(body: Any) -> None:
    with pytest.raises(ApiProblem, match="cannot be written as JSON"):
        NodeClient(NODE, "key").post("/v1/status-lists/updates", body)


def test_an_argument_whose_bytes_are_no_text() -> None:
    done = CliRunner().invoke(app, ["issuer", "show", "did:web:\udcff", "--node", NODE])
    assert (done.exit_code, "is not UTF-8" in done.stderr) == (2, True)
