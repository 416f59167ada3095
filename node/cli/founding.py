"""A network's beginning: its contracts deployed, and what each participant is handed."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

from node.keys import KeyFileError, read_key
from registry.bindings.deployment import Founding
from registry.chain import Finality, Ledger, LedgerError, LedgerUnavailable, WrongLedger
from registry.network_file import NetworkFile
from registry.publisher.deployment import DeploymentFailed, deploy_contracts
from registry.publisher.signer import LocalSigner


class CannotFound(Exception):
    """The network was not founded; the message says why."""


def found(
    rpc: str,
    deployer_key: Path,
    governors: tuple[str, ...],
    quorum: int,
    directory_delay: int = 0,
    finality: str = "instant",
) -> NetworkFile:
    """Its network file, the RPC address in it. Raises CannotFound."""
    try:
        founding = Founding(governors, quorum, directory_delay)
        deployer, final = LocalSigner(read_key(deployer_key)), Finality.parse(finality)
        network = asyncio.run(_deployed(rpc, deployer, founding, final))
    except (
        DeploymentFailed,
        KeyFileError,
        LedgerError,
        LedgerUnavailable,
        OSError,
        ValueError,
        WrongLedger,
    ) as error:
        raise CannotFound(str(error)) from error
    return replace(network, rpc_urls=(rpc,))


async def _deployed(rpc: str, deployer: LocalSigner, founding: Founding, finality: Finality) -> NetworkFile:
    ledger = Ledger(rpc, finality=finality)
    try:
        return await deploy_contracts(ledger, deployer, founding)
    finally:
        await ledger.close()
