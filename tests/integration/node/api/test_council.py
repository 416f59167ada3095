"""Three organisations, a node each, on one ledger: two of three decide, over the API."""

from __future__ import annotations

import asyncio
import secrets

import pytest

from node.services.proposals import Proposals
from tests.integration.node.api.organisations import BOARD, PATIENCE, Organisation, accreditation

STRANGER = "0x" + "57" * 20


async def test_two_of_three_accredit_and_suspend(consortium: list[Organisation]) -> None:
    first, second, third = consortium
    made = (await first.accredit())["proposal"]
    assert (made["state"], made["needed"], made["approvals"]) == ("open", 2, [first.governor])
    assert made["what"].startswith(f"accredit {BOARD} as 'Board of Nursing' for NursingLicence in everywhere")
    assert (await third.api.get(f"/v1/issuers/{BOARD}")).status_code == 404

    path = f"/v1/proposals/{made['id']}"
    assert "already" in await first.refused(409, f"{path}/approvals")
    await second.state_of(made["id"], "open")
    assert "not to be executed" in await second.refused(409, f"{path}/execution")
    assert "made it" in await second.refused(409, f"{path}/cancellation")
    await second.post(f"{path}/approvals")
    done = await third.state_of(made["id"], "executed")
    assert done["approvals"] == [first.governor, second.governor]
    assert (await third.get(f"/v1/issuers/{BOARD}"))["standing"] == "active"
    assert "executed" in await third.refused(409, f"{path}/approvals")

    suspending = await third.post(f"/v1/issuers/{BOARD}/standing", standing="suspended", reason="audit")
    number = suspending["proposal"]["id"]
    assert suspending["proposal"]["what"] == f"suspend {BOARD}, because: audit"
    await first.state_of(number, "open")
    await first.post(f"/v1/proposals/{number}/approvals")
    assert (await first.get(f"/v1/issuers/{BOARD}"))["standing"] == "suspended"

    pages = [await first.get("/v1/proposals?limit=1"), await first.get("/v1/proposals?limit=1&after=1")]
    assert [page["proposals"][0]["id"] for page in pages] == [made["id"], number]
    assert [page["next"] for page in pages] == [1, None]


async def test_two_of_three_revoke_where_the_issuer_does_not(consortium: list[Organisation]) -> None:
    first, second, third = consortium
    board = second.node.registrar
    made = (await first.accredit(admin=board.admin_address, operator=board.operator_address))["proposal"]["id"]
    await third.state_of(made, "open")
    await third.post(f"/v1/proposals/{made}/approvals")
    await second.state_of(made, "executed")
    await second.post("/v1/status-lists", name="nursing")
    uri = board.list_uri("nursing")
    async with asyncio.timeout(PATIENCE):
        while first.node.queries.status_list(uri) is None:
            await asyncio.sleep(0.05)

    asked = {"revoke": {"uri": uri, "entries": [99, 7]}}
    proposal = (await first.post("/v1/proposals", **asked))["proposal"]
    assert proposal["needed"] == 2
    assert f"as update 1 of {uri}, 2 entries (7, 99) from " in proposal["what"]
    assert first.node.queries.status(uri, 7).value == 0
    await third.state_of(proposal["id"], "open")
    await third.post(f"/v1/proposals/{proposal['id']}/approvals")
    assert [third.node.queries.status(uri, entry).value for entry in (7, 8, 99)] == [1, 0, 1]

    late = (await first.post("/v1/proposals", revoke={"uri": uri, "entries": [100]}))["proposal"]["id"]
    await second.post("/v1/status-lists/updates", uri=uri, entries=[{"index": 5, "value": 1}])
    await third.state_of(late, "open")
    assert "WrongSequence" in await third.refused(409, f"/v1/proposals/{late}/approvals")


async def test_proposing_what_is_pending_approves_it(
    consortium: list[Organisation], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, third = consortium
    keys = {"admin": f"0x{secrets.token_hex(20)}", "operator": f"0x{secrets.token_hex(20)}"}
    made = (await first.accredit(**keys))["proposal"]["id"]
    again = await first.refused(409, "/v1/issuers", **accreditation(**keys))
    assert f"already: proposal {made} is open, with 1 of 2 approvals" in again
    await second.state_of(made, "open")
    done = await second.accredit(**keys)
    assert done["action"] == "ApproveProposal"
    assert (done["proposal"]["id"], done["proposal"]["state"]) == (made, "executed")
    assert done["proposal"]["approvals"] == [first.governor, second.governor]
    assert len((await second.get("/v1/proposals"))["proposals"]) == 1

    # At the same moment neither sees the other's: two are made, and the contracts take one of them.
    await third.state_of(made, "executed")
    path, standing = f"/v1/issuers/{BOARD}/standing", {"standing": "suspended", "reason": "audit"}
    with monkeypatch.context() as neither:
        neither.setattr(Proposals, "pending", lambda *_, **__: [])
        both = [await one.post(path, **standing) for one in (second, third)]
    older, newer = [one["proposal"]["id"] for one in both]
    await first.state_of(newer, "open")
    assert (await first.post(path, **standing))["proposal"]["id"] == older
    assert (await first.get(f"/v1/issuers/{BOARD}"))["standing"] == "suspended"
    assert "InvalidStandingChange" in await first.refused(409, f"/v1/proposals/{newer}/approvals")
    assert (await first.get(f"/v1/proposals/{newer}"))["state"] == "open"


async def test_signed_approvals_are_gathered_and_carried(consortium: list[Organisation]) -> None:
    first, second, third = consortium
    made = (await first.accredit())["proposal"]["id"]
    path = f"/v1/proposals/{made}"
    await third.state_of(made, "open")
    signed = (await third.api.post(f"{path}/signature", json={})).json()
    assert (signed["proposal"], signed["governor"]) == (made, third.governor)
    assert (await third.get(path))["approvals"] == [first.governor]

    await second.state_of(made, "open")
    await second.post(f"{path}/signed-approvals", approvals=[signed])
    done = await first.state_of(made, "executed")
    assert done["approvals"] == [first.governor, third.governor]
    await second.state_of(made, "executed")
    assert "executed" in await second.refused(409, f"{path}/signed-approvals", approvals=[signed])
    assert (await third.api.post(f"{path}/signature", json={})).status_code == 409


async def test_a_change_of_members_voids_what_is_pending(consortium: list[Organisation]) -> None:
    first, second, third = consortium
    pending = (await first.accredit())["proposal"]["id"]
    members = {"governors": [first.governor, second.governor], "quorum": 2}
    changing = (await first.post("/v1/proposals", members=members))["proposal"]["id"]
    await second.state_of(changing, "open")
    await second.post(f"/v1/proposals/{changing}/approvals")
    await third.state_of(pending, "voided")
    assert "voided" in await second.refused(409, f"/v1/proposals/{pending}/approvals")
    council = await third.get("/v1/council")
    assert (council["epoch"], council["quorum"], len(council["governors"])) == (2, 2, 2)
    refusal = await third.refused(409, "/v1/proposals", rule={"contract": "Directory", "delay": 60})
    assert "none of the council's governors" in refusal
    again = (await first.accredit())["proposal"]["id"]
    await first.post(f"/v1/proposals/{again}/cancellation")
    await second.state_of(again, "cancelled")


async def test_what_makes_no_proposal(consortium: list[Organisation]) -> None:
    first, *_ = consortium
    await first.refused(422, "/v1/proposals", members={"governors": [STRANGER], "quorum": 2})
    await first.refused(422, "/v1/proposals", members={"governors": ["0x00"], "quorum": 1})
    await first.refused(422, "/v1/proposals")
    admin = {"did": BOARD, "admin": STRANGER}
    await first.refused(422, "/v1/proposals", admin=admin, move={"uri": "x", "to": "y"})
    await first.refused(404, "/v1/proposals", admin=admin)
    await first.refused(404, "/v1/proposals", move={"uri": "https://nowhere.example/1", "to": BOARD})
    await first.refused(404, f"/v1/proposals/0x{'00' * 32}/approvals")
    # What cannot be read here is said to be so, whoever is asked to approve it.
    foreign = (await first.post("/v1/proposals", call={"target": STRANGER, "data": "0x12345678"}))["proposal"]
    assert foreign["what"].startswith(f"call {STRANGER}, which is no contract of this network, with 0x12345678")


async def test_the_networks_own_erc_1056_is_read(consortium: list[Organisation]) -> None:
    """Deployed with the rest: did:ethr of this ledger's chain needs no setting."""
    first, *_ = consortium
    chain = hex(await first.node.publisher._ledger.chain_id())
    did = f"did:ethr:{chain}:{first.governor}"
    found = (await first.get(f"/1.0/identifiers/{did}"))["didDocument"]
    assert found["id"] == did
    assert first.governor.lower() in found["verificationMethod"][0]["blockchainAccountId"].lower()
