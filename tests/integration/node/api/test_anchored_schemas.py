"""A board anchors the form of its licences on a real ledger, and its node refuses one that is not filled in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx2

from node.api.app import create_app
from node.settings import Settings, digest_of
from node.wiring import open_node

BOARD = "did:web:board.example"
FORM = "https://board.example/schemas/licence.json"
NUMBER = {"properties": {"credentialSubject": {"required": ["licenceNumber"]}}}
NAME = {"properties": {"credentialSubject": {"required": ["name"]}}}


def licence(**subject: str) -> dict[str, Any]:
    terms = {name: f"https://board.example/v#{name}" for name in ("NursingLicence", "licenceNumber")}
    return {
        "@context": ["https://www.w3.org/ns/credentials/v2", terms],
        "type": ["VerifiableCredential", "NursingLicence"],
        "issuer": BOARD,
        "validUntil": "2090-01-01T00:00:00Z",
        "credentialSubject": {"id": "urn:uuid:0d8bf4b1-8f4e-4b3a-9a2f-3f6f0a7a3a10", **subject},
        "credentialSchema": {"id": FORM, "type": "JsonSchema"},
    }


async def test_a_form_from_the_ledger(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, issuer_did=BOARD, api_keys_sha256=digest_of("a-key"))
    async with (
        open_node(settings) as node,
        httpx2.AsyncClient(
            transport=httpx2.ASGITransport(app=create_app(node)),
            base_url="http://node",
            headers={"authorization": "Bearer a-key"},
            timeout=60,
        ) as client,
    ):

        async def posted(path: str, **body: Any) -> dict[str, Any]:
            response = await client.post(path, json=body)
            assert response.status_code in {200, 201}, response.text
            found: dict[str, Any] = response.json()
            return found

        async def schema_check(secured: dict[str, Any], **asked: Any) -> dict[str, Any]:
            found = await posted("/v1/verifications", credential=secured, **asked)
            (check,) = [one for one in found["credentials"][0]["checks"] if one["id"] == "schema"]
            return {**check, "block": found["asOf"]["block"], "decision": found["decision"]}

        async def issued(**subject: str) -> dict[str, Any]:
            found = await posted("/credentials/issue", credential=licence(**subject))
            secured: dict[str, Any] = found["verifiableCredential"]
            return secured

        await posted(
            "/v1/issuers",
            did=BOARD,
            name="Example Board",
            credentialTypes=["NursingLicence"],
            validUntil="2100-01-01T00:00:00Z",
            admin=node.registrar.admin_address,
            operator=node.registrar.operator_address,
            wait=30,
        )
        await posted("/v1/dids", wait=30)
        good, bad = await issued(licenceNumber="RN-104711"), await issued()

        unknown = await schema_check(good)
        assert (unknown["outcome"], unknown["reason"]) == ("NOT_APPLICABLE", "schema_unknown")

        await posted("/v1/dids/schemas", id=FORM, schema=NUMBER, wait=30)
        passed, failed = await schema_check(good), await schema_check(bad)
        assert (passed["outcome"], passed["decision"]) == ("PASSED", "accept")
        assert (failed["outcome"], failed["decision"]) == ("FAILED", "reject")
        assert (failed["reason"], failed["member"]) == ("schema_violation", "/credentialSubject")
        assert failed["source"]["kind"] == "ledger"

        served = (await client.get("/.well-known/did.json")).json()
        assert served == (await client.get(f"/v1/dids/{BOARD}")).json()["document"]
        refused = await client.post("/v1/dids/schemas", json={"id": FORM, "schema": {"$ref": "#"}})
        assert (refused.status_code, "back to itself" in refused.text) == (422, True)

        await posted("/v1/dids/schemas", id=FORM, schema=NAME, wait=30)
        assert (await schema_check(good))["reason"] == "schema_violation"
        then = await schema_check(good, asOf={"block": passed["block"]})
        assert (then["outcome"], then["decision"]) == ("PASSED", "accept")
