"""The council names a successor of the StatusRegistry: over the API, lists go on there as they are."""

from __future__ import annotations

import asyncio
import secrets

from registry.bindings.abi import encoded
from registry.bindings.addresses import parsed
from registry.bindings.compiled import artifact
from registry.bindings.deployment import contract_address
from registry.publisher.signer import LocalSigner
from registry.publisher.transactions import Transaction, fees_now
from tests.integration.node.api.organisations import PATIENCE, Organisation


async def new_registry(of: Organisation) -> str:
    """Deployed by somebody who has no part in it."""
    at, ledger = of.node.proposals.contracts(), of.node.publisher._ledger
    anyone = LocalSigner(secrets.token_bytes(32))
    creation = artifact("StatusRegistry").bytecode + encoded(
        ("address", "address"), (parsed(at.issuer_registry), parsed(at.council))
    )
    gas = await ledger.estimate_gas(anyone.address, None, creation)
    sent = Transaction(await ledger.chain_id(), 0, None, creation, gas, await fees_now(ledger))
    await ledger.send_raw(sent.signed(anyone))
    made = contract_address(anyone.address, 0)
    async with asyncio.timeout(PATIENCE):
        while not await ledger.code(made):
            await asyncio.sleep(0.05)
    return made


async def test_lists_go_on_in_the_successor(consortium: list[Organisation]) -> None:
    first, second, third = consortium
    board = second.node.registrar

    async def decided(proposal: str) -> None:
        await third.state_of(proposal, "open")
        await third.post(f"/v1/proposals/{proposal}/approvals")
        await second.state_of(proposal, "executed")

    made = await first.accredit(admin=board.admin_address, operator=board.operator_address)
    await decided(made["proposal"]["id"])
    uri = board.list_uri("nursing")
    await second.post("/v1/status-lists", name="nursing")
    await second.post("/v1/status-lists/updates", uri=uri, entries=[{"index": 7, "value": 1}])
    old = (await second.get("/v1/status-lists/nursing"))["registry"]
    assert "nothing to do" in await second.refused(409, "/v1/status-lists/continuations", uri=uri)

    new = await new_registry(first)
    named = await first.post("/v1/proposals", contract={"name": "StatusRegistry", "address": new})
    await decided(named["proposal"]["id"])
    behind = await second.get("/v1/status-lists/nursing")
    assert (behind["registry"], behind["leftBehind"], behind["intact"]) == (old, True, True)
    update = {"uri": uri, "entries": [{"index": 9, "value": 1}]}
    assert "goodstanding list continue" in await second.refused(409, "/v1/status-lists/updates", **update)
    assert "whose node" in await third.refused(409, "/v1/status-lists/continuations", uri=uri)

    await second.post("/v1/status-lists/continuations", uri=uri)
    await second.post("/v1/status-lists/updates", **update)
    there = await second.get("/v1/status-lists/nursing")
    assert (there["registry"], there["leftBehind"], there["intact"]) == (new, False, True)
    path = f"/v1/status-lists/{there['id']}"
    async with asyncio.timeout(PATIENCE):
        while (await third.get(path))["head"] != there["head"]:
            await asyncio.sleep(0.05)
    for node in (second, third):
        values = [(await node.get(f"{path}/entries/{index}"))["value"] for index in (7, 8, 9)]
        assert values == [1, 0, 1]
        assert (await node.api.post("/v1/ledger/audit")).json()["agrees"] is True

    # In an emergency the council revokes where the list is now.
    revoking = await first.post("/v1/proposals", revoke={"uri": uri, "entries": [11]})
    await decided(revoking["proposal"]["id"])
    assert (await second.get(f"{path}/entries/11"))["value"] == 1
