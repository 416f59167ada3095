"""Status list credentials and tokens: form, moment, cache."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from node.issuing.status_lists import ListForm
from tests.simulators.node import SimulatedNode


@pytest.mark.parametrize("media_type", ["application/vc", "application/vc+ld+json", "application/json"])
def test_a_status_list_credential_as_asked_for(client: TestClient, media_type: str) -> None:
    response = client.get("/status-lists/licences", headers={"Accept": f"text/html;q=0.1, {media_type}"})
    assert response.status_code == 200
    assert response.headers["content-type"] == media_type
    assert response.headers["cache-control"] == "public, max-age=300"
    again = client.get("/status-lists/licences", headers={"If-None-Match": response.headers["etag"]})
    assert again.status_code == 304
    assert again.content == b""


@pytest.mark.parametrize(
    ("accept", "media_type", "body"),
    [
        ("application/vc+jwt", "application/vc+jwt", "eyJh.ENVELOPED.c2ln"),
        ("application/jwt", "application/jwt", "eyJh.ENVELOPED.c2ln"),
        ("application/statuslist+jwt", "application/statuslist+jwt", "eyJh.TOKEN.c2ln"),
        ("application/vc;q=0.5, Application/StatusList+JWT", "application/statuslist+jwt", "eyJh.TOKEN.c2ln"),
        ("application/vc;q=0, application/vc+jwt;q=0.1", "application/vc+jwt", "eyJh.ENVELOPED.c2ln"),
    ],
)
def test_a_status_list_in_an_envelope(client: TestClient, accept: str, media_type: str, body: str) -> None:
    response = client.get("/status-lists/licences", headers={"Accept": accept})
    assert (response.headers["content-type"], response.text) == (media_type, body)


@pytest.mark.parametrize("accept", ["application/statuslist+cwt", "text/html", "application/vc;q=0", ","])
def test_a_form_of_status_list_that_there_is_not(client: TestClient, accept: str) -> None:
    response = client.get("/status-lists/licences", headers={"Accept": accept})
    assert response.status_code == 406
    assert "application/statuslist+jwt" in response.json()["detail"]


def test_a_status_list_of_the_past(client: TestClient, node: SimulatedNode) -> None:
    asked = node.status_list_credentials.asked
    assert client.get("/status-lists/licences?timestamp=2026-03-03T12:00:00Z").status_code == 200
    assert client.get("/status-lists/licences?timestamp=2026-03-03T13:00:00%2B01:00").status_code == 200
    assert client.get("/status-lists/licences?time=1772539200").status_code == 200
    then = 1_772_539_200
    assert asked == [(ListForm.EMBEDDED, then), (ListForm.EMBEDDED, then), (ListForm.TOKEN, then)]
    headers = {"Accept": "application/vc+jwt"}
    assert client.get("/status-lists/licences?time=1772539200", headers=headers).status_code == 200
    assert asked[-1] == (ListForm.ENVELOPED, then)
    for time, words in ((0, "no such list then"), (1_900_000_000, "still to come")):
        answer = client.get(f"/status-lists/licences?time={time}")
        assert (answer.status_code, words in answer.json()["detail"]) == (404, True)


@pytest.mark.parametrize(
    "query",
    ["timestamp=yesterday", "timestamp=1772539200", "timestamp=", "time=1&timestamp=2026-03-03T12:00:00Z"],
)
def test_a_moment_that_is_none(client: TestClient, query: str) -> None:
    response = client.get(f"/status-lists/licences?{query}")
    assert (response.status_code, response.json()["member"][:6]) == (400, "query/")


@pytest.mark.parametrize("time", ["now", "-1", "1.5", str(1 << 60)])
def test_a_time_that_is_none(client: TestClient, time: str) -> None:
    assert client.get(f"/status-lists/licences?time={time}").status_code == 422


def test_a_status_list_nobody_keeps(client: TestClient) -> None:
    assert client.get("/status-lists/others").status_code == 404
