"""Put the contracts on a ledger, and hand them to its council. Once in a ledger's life."""

from __future__ import annotations

import asyncio
import logging

from registry.bindings.deployment import Deployment, Founding, plan
from registry.chain import Ledger, LedgerError
from registry.network_file import NetworkFile
from registry.publisher.signer import Signer
from registry.publisher.transactions import Transaction, fees_now

logger = logging.getLogger(__name__)

PATIENCE = 180.0  # seconds until the contracts are there
LOOK = 0.1  # seconds between looks


class DeploymentFailed(Exception):
    """The contracts are not where they should be; the message says why."""


async def deploy_contracts(
    ledger: Ledger, deployer: Signer, founding: Founding, *, first_nonce: int | None = None
) -> NetworkFile:
    """The network file of contracts that a council owns from the start; it names no addresses of ledgers.

    `first_nonce` names an earlier attempt to go on with, else this is a new one. Raises DeploymentFailed, and
    what the ledger raises.
    """
    chain_id, genesis_hash = await ledger.identify()
    sent = await ledger.nonce(deployer.address)
    deployment = plan(deployer.address, sent if first_nonce is None else first_nonce, founding)
    # Of an attempt that is gone on with, only the ledger knows when it began.
    first_block = (await ledger.head()).stamp.number if sent == deployment.first_nonce else 0
    fees = await fees_now(ledger)
    for nonce, creation in enumerate(deployment.creations, deployment.first_nonce):
        if nonce < sent:
            continue
        gas = await ledger.estimate_gas(deployer.address, None, creation)
        transaction = Transaction(chain_id, nonce, None, creation, gas + gas // 5, fees)
        try:
            await ledger.send_raw(transaction.signed(deployer))
        except LedgerError as error:
            raise DeploymentFailed(f"{ledger.name} refused the contracts: {error}") from error
    try:
        await asyncio.wait_for(_created(ledger, deployment), PATIENCE)
    except TimeoutError:
        raise DeploymentFailed(f"{ledger.name} did not create the contracts within {PATIENCE:.0f} s") from None
    logger.info("contracts deployed at %s", ", ".join(deployment.contracts.all()))
    return NetworkFile(
        chain_id=chain_id,
        genesis_hash=genesis_hash,
        rpc_urls=(),
        contracts=deployment.contracts,
        first_block=first_block,
    )


async def _created(ledger: Ledger, deployment: Deployment) -> None:
    for address in deployment.contracts.all():
        while not await ledger.code(address):  # noqa: ASYNC110 - nothing in this process brings it about
            await asyncio.sleep(LOOK)
