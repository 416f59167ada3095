"""Ordinary tools work on our ledger: web3 accredits, pins and publishes, and we replicate what it did."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from eth_account import Account
from eth_account.signers.local import LocalAccount
from sqlalchemy import create_engine
from sqlmodel import SQLModel
from web3 import AsyncHTTPProvider, AsyncWeb3

from registry.bindings.compiled import artifact
from registry.bindings.decoder import decode
from registry.chain import Ledger
from registry.events import StatusPublished
from registry.follower import Follower
from registry.replica.bitmaps import Bitmap
from registry.replica.empty_tree import empty_root
from registry.replica.replica import Replica
from registry.status_delta import encode
from tests.simulators.embedded_process import EmbeddedProcess

SIZE = 131_072
REVOCATION = 1


class Web3Participant:
    """Somebody who uses web3 and nothing of ours but the contracts' ABI."""

    def __init__(self, w3: AsyncWeb3[Any], account: LocalAccount) -> None:
        self._w3 = w3
        self._account = account
        self.address = account.address

    async def transact(self, call: Any) -> Any:
        """Sign, send, wait: the receipt of a transaction that succeeded."""
        transaction = await call.build_transaction(
            {
                "from": self.address,
                "nonce": await self._w3.eth.get_transaction_count(self.address),
                "maxFeePerGas": 0,
                "maxPriorityFeePerGas": 0,
            }
        )
        signed = self._account.sign_transaction(transaction)
        sent = await self._w3.eth.send_raw_transaction(signed.raw_transaction)
        receipt = await self._w3.eth.wait_for_transaction_receipt(sent, timeout=20, poll_latency=0.05)
        assert receipt["status"] == 1
        return receipt


@pytest.fixture
async def w3(embedded: EmbeddedProcess) -> AsyncIterator[AsyncWeb3[Any]]:
    provider = AsyncHTTPProvider(embedded.url)
    yield AsyncWeb3(provider)
    await provider.disconnect()


async def test_a_web3_client_is_a_participant_like_any_other(
    embedded: EmbeddedProcess, w3: AsyncWeb3[Any], tmp_path: Path
) -> None:
    network = embedded.network
    assert await w3.eth.chain_id == network.chain_id

    def contract(name: str, address: str) -> Any:
        return w3.eth.contract(address=w3.to_checksum_address(address), abi=list(artifact(name).abi))

    issuers = contract("IssuerRegistry", network.contracts.issuer_registry)
    documents = contract("DidRegistry", network.contracts.did_registry)
    lists = contract("StatusRegistry", network.contracts.status_registry)
    name = secrets.token_hex(4)
    did, uri = f"did:web:{name}.example", f"https://{name}.example/status-lists/1"
    secret = bytes.fromhex((embedded.state_dir / "governor.key").read_text())
    governor = Web3Participant(w3, Account.from_key(secret))
    admin, operator = (Web3Participant(w3, Account.create()) for _ in range(2))

    terms = ("Board of Web3", ["Licence"], ["US-CO"], 0, 4_000_000_000)
    council = contract("Council", network.contracts.council)
    accredit = issuers.encode_abi("accredit", [did, admin.address, operator.address, terms])
    in_an_hour = (await w3.eth.get_block("latest"))["timestamp"] + 3600
    epoch = await council.functions.epoch().call()
    action = (issuers.address, accredit, secrets.token_bytes(32), in_an_hour, epoch)
    await governor.transact(council.functions.propose(action))  # a council of one: done at once
    issuer_id = await issuers.functions.issuerIdOfDid(w3.keccak(text=did)).call()
    await admin.transact(documents.functions.pin(did, 1, b'{"id":"x"}'))
    await operator.transact(lists.functions.create(issuer_id, uri, SIZE, REVOCATION, 1, empty_root(SIZE)))
    bits = Bitmap(SIZE)
    bits.set(7)
    list_id = w3.keccak(text=uri)
    receipt = await operator.transact(lists.functions.publish(list_id, 1, bits.root(), 0, encode([7])))

    # What web3 decodes from its own log and what we decode is the same.
    theirs = lists.events.StatusPublished().process_receipt(receipt)[0]["args"]
    ledger = await Ledger.connect(embedded.url)
    (log,) = await ledger.logs_of_block(bytes(receipt["blockHash"]), network.contracts.all())
    ours = decode(log)
    assert isinstance(ours, StatusPublished)
    assert (ours.list_id, ours.seq, ours.root, ours.delta) == (
        bytes(theirs["listId"]),
        theirs["seq"],
        bytes(theirs["root"]),
        bytes(theirs["delta"]),
    )

    engine = create_engine(f"sqlite:///{tmp_path}/replica.db")
    SQLModel.metadata.create_all(engine)
    replica = Replica(engine)
    replica.load()
    await Follower(ledger, replica, network.contracts).catch_up()
    reading = replica.queries.status(uri, 7)
    assert (reading.value, reading.list.intact, reading.list.issuer_did) == (1, True, did)
    assert reading.list.head == bytes(await lists.functions.head(list_id).call())
    assert replica.queries.pinned_document(did) is not None
    await ledger.close()
    engine.dispose()
