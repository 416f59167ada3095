"""The HTTP API over a whole node with a real ledger: from accreditation to revocation and the alert."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest

from node.api.app import create_app
from node.assembly import Node
from node.settings import Settings, digest_of
from node.verification.packed_list import bitstring, token_list
from node.verification.proofs import jose
from node.wiring import open_node

BOARD = "did:web:board.example"
LIST = "https://board.example/status-lists/licences"
HOLDER = "did:key:z6MkpTHR8VNsBxYAAWHut2Geadd9jSwuBV8xRoAnwWsdvktH"
LICENCE: dict[str, Any] = {
    "@context": [
        "https://www.w3.org/ns/credentials/v2",
        {"NursingLicence": "https://board.example/v#NursingLicence"},
    ],
    "type": ["VerifiableCredential", "NursingLicence"],
    "issuer": BOARD,
    "validFrom": "2026-01-01T00:00:00Z",
    "credentialSubject": {"id": HOLDER},
    "credentialStatus": {
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": "7",
        "statusListCredential": LIST,
    },
}


CLAIMS = {
    "vct": "NursingLicence",
    "given_name": "Zoë",
    "status": {"status_list": {"idx": 8, "uri": LIST}},
}
ENVELOPED = {
    **LICENCE,
    "credentialSubject": {"id": HOLDER, "name": "Zoë"},
    "credentialStatus": {**LICENCE["credentialStatus"], "statusListIndex": "9"},
}


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """Empty: SQLite in the node's own folder."""
    return "" if request.param == "sqlite" else str(request.getfixturevalue("postgresql"))


@pytest.fixture
async def node(anvil_binary: Path, tmp_path: Path, database_url: str) -> AsyncIterator[Node]:
    settings = Settings(
        data_dir=tmp_path,
        database_url=database_url,
        api_keys_sha256=digest_of("a-key"),
        issuer_did=BOARD,
        public_url="https://board.example",
    )
    async with open_node(settings) as node:
        yield node
        left = node.slow_path.processes()
    assert left  # warm while the node ran …
    assert not any(Path(f"/proc/{pid}").exists() for pid in left)  # … and gone with it


@pytest.fixture
async def client(node: Node) -> AsyncIterator[httpx2.AsyncClient]:
    transport = httpx2.ASGITransport(app=create_app(node))
    headers = {"authorization": "Bearer a-key"}
    async with httpx2.AsyncClient(
        transport=transport, base_url="http://node", headers=headers, timeout=60
    ) as client:
        yield client


async def published(client: httpx2.AsyncClient, path: str, body: dict[str, Any]) -> None:
    """On the ledger for good, before the test goes on."""
    response = await client.post(path, json={**body, "wait": 30})
    assert response.status_code == 201, response.text
    assert response.json()["state"] == "done"


async def until(holds: Callable[[], bool]) -> None:
    """Wait for the replica to have followed."""
    async with asyncio.timeout(30):
        while not holds():
            await asyncio.sleep(0.02)


async def test_from_accreditation_to_revocation(node: Node, client: httpx2.AsyncClient) -> None:
    await until(lambda: node.queries.freshness().head is not None)
    accreditation = {
        "did": BOARD,
        "name": "Example Board of Nursing",
        "credentialTypes": ["NursingLicence"],
        "validUntil": "2100-01-01T00:00:00Z",
        "admin": node.registrar.admin_address,
        "operator": node.registrar.operator_address,
    }
    await published(client, "/v1/issuers", accreditation)
    await until(lambda: node.queries.accreditation(BOARD) is not None)
    await published(client, "/v1/dids", {})
    await published(client, "/v1/status-lists", {"name": "licences"})
    await until(lambda: node.queries.status_list(LIST) is not None)
    await until(lambda: node.queries.pinned_document(BOARD) is not None)

    resolved = (await client.get(f"/1.0/identifiers/{BOARD}")).json()
    assert resolved["didDocument"] == (await client.get("/.well-known/did.json")).json()

    issued = await client.post("/credentials/issue", json={"credential": LICENCE})
    assert issued.status_code == 201, issued.text
    licence = issued.json()["verifiableCredential"]
    good = (await client.post("/credentials/verify", json={"verifiableCredential": licence})).json()
    assert (good["verified"], good["decision"], good["problemDetails"]) == (True, "accept", [])
    tampered = {**licence, "validFrom": "2025-01-01T00:00:00Z"}
    bad = (await client.post("/credentials/verify", json={"verifiableCredential": tampered})).json()
    assert (bad["verified"], bad["problemDetails"][0]["reason"]) == (False, "signature_invalid")

    until_2030 = {**LICENCE, "validUntil": "2030-01-01T00:00:00Z"}
    options = {"cryptosuite": "ecdsa-sd-2023", "mandatoryPointers": ["/credentialSubject/id"]}
    whole = await client.post("/credentials/issue", json={"credential": until_2030, "options": options})
    derived = await client.post("/credentials/derive", json=whole.json())
    assert (whole.status_code, derived.status_code) == (201, 201), derived.text
    shown = (await client.post("/credentials/verify", json=derived.json())).json()
    assert (shown["verified"], shown["credentials"][0]["mechanism"]) == (True, "ecdsa-sd-2023")

    enrolment = await client.post("/v1/enrolments", json={"credential": licence, "reference": "nurse 7"})
    assert enrolment.status_code == 201, enrolment.text
    refused = await client.post("/v1/enrolments", json={"credential": tampered, "reference": "nurse 8"})
    assert refused.status_code == 422

    as_sd_jwt = {"mechanism": "dc+sd-jwt", "disclose": ["/given_name"]}
    sd_jwt = await enrolled(client, {"credential": CLAIMS, "options": as_sd_jwt}, "nurse 8")
    assert sd_jwt["watched"][0]["statusPurpose"] == "revocation"
    await enrolled(client, {"credential": ENVELOPED, "options": {"mechanism": "vc+jwt"}}, "nurse 9")

    verified_at = datetime.fromisoformat(good["asOf"]["time"]).timestamp()
    await until(lambda: time.time() >= verified_at + 1)  # moments are told by the second: what follows is later

    register = {"uri": "licences", "register": "index,status\n7,revoked\n8,revoked\n9,revoked\n10,active\n"}
    await published(client, "/v1/status-lists/updates", register)
    await until(lambda: node.queries.status(LIST, 7).value == 1)
    revoked = (await client.post("/credentials/verify", json={"verifiableCredential": licence})).json()
    assert (revoked["verified"], revoked["problemDetails"][0]["reason"]) == (False, "revoked")
    page = await client.post("/verify", files={"file": ("licence.json", issued_bytes(licence))})
    assert "Not valid: revoked on " in page.text

    await until(lambda: len(node.alerts.list(open_only=True)) == 3)
    alerts = (await client.get("/v1/alerts")).json()["alerts"]
    told = [(one["reference"], one["kind"], one["decision"]) for one in alerts]
    assert sorted(told) == [(f"nurse {index}", "revoked", "reject") for index in (7, 8, 9)]
    for alert in alerts:
        await client.post(f"/v1/alerts/{alert['id']}/acknowledge", json={"by": "HR"})
    assert (await client.get("/v1/alerts", params={"open": "true"})).json()["alerts"] == []

    before = {"asOf": {"block": good["asOf"]["block"]}}
    past = (await client.post("/v1/verifications", json={"credential": licence, **before})).json()
    assert past["decision"] == "accept"

    restored = {"uri": "licences", "entries": [{"index": 7, "value": 0}]}
    assert (await client.post("/v1/status-lists/updates", json=restored)).status_code == 409

    served = await client.get("/status-lists/licences", headers={"accept": "application/vc"})
    assert served.json()["credentialSubject"]["statusPurpose"] == "revocation"
    token = await client.get("/status-lists/licences", headers={"accept": "application/statuslist+jwt"})
    claims = jose.claims_of(jose.split(token.text))
    assert token_list(claims["status_list"]["lst"]).packed[:2] == bytes([0b1000_0000, 0b11])
    then = {"timestamp": good["asOf"]["time"]}
    earlier = (await client.get("/status-lists/licences", params=then)).json()
    assert earlier["validUntil"] < served.json()["validFrom"]
    assert not any(bitstring(earlier["credentialSubject"]["encodedList"]).packed)
    assert (await client.post("/v1/ledger/audit")).json()["agrees"] is True
    assert (await client.get("/health/ready")).status_code == 200


async def enrolled(client: httpx2.AsyncClient, asked: dict[str, Any], reference: str) -> dict[str, Any]:
    """A credential issued and relied on: the enrolment."""
    issued = await client.post("/credentials/issue", json=asked)
    assert issued.status_code == 201, issued.text
    body = {"credential": issued.json()["verifiableCredential"], "reference": reference}
    enrolment = await client.post("/v1/enrolments", json=body)
    assert enrolment.status_code == 201, enrolment.text
    found: dict[str, Any] = enrolment.json()
    return found


def issued_bytes(licence: dict[str, Any]) -> bytes:
    return httpx2.Request("POST", "http://node", json=licence).read()
