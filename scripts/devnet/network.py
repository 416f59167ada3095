"""Signers and followers together: who is linked to whom, and what they agree on."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import combinations
from pathlib import Path

from registry.publisher.signer import LocalSigner
from scripts.devnet.genesis import CHAIN_ID, clique_genesis
from scripts.devnet.node import GethFailed, GethNode

SETTLED = 3  # signers may sit in a tie at block 1 for some ten seconds: from here on it runs


class Devnet:
    """Four signers and two followers, say; all linked to all until told otherwise."""

    def __init__(
        self,
        geth: Path,
        folder: Path,
        *,
        secrets: Sequence[bytes],
        followers: int = 2,
        funded: Sequence[str] = (),
        period: int = 1,
    ) -> None:
        """`secrets`: a key for each signer; `funded`: accounts that will send transactions."""
        self.folder = folder
        self.chain_id = CHAIN_ID
        self.signer_addresses = [LocalSigner(secret).address for secret in secrets]
        genesis = folder / "genesis.json"
        folder.mkdir(parents=True, exist_ok=True)
        genesis.write_text(json.dumps(clique_genesis(self.signer_addresses, funded, period=period)))

        def node(name: str, secret: bytes | None = None) -> GethNode:
            return GethNode(geth, folder / name, genesis, chain_id=CHAIN_ID, secret=secret)

        self.signers = [node(f"signer-{place}", secret) for place, secret in enumerate(secrets)]
        self.followers = [node(f"follower-{place}") for place in range(followers)]
        self._spare = node

    @property
    def nodes(self) -> list[GethNode]:
        return [*self.signers, *self.followers]

    def start(self) -> None:
        """All of them, linked, past the first blocks. Raises GethFailed."""
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(GethNode.prepare, self.nodes))
            list(pool.map(GethNode.start, self.nodes))
        self.link(self.nodes)
        self.wait_until("the first blocks", lambda: all(node.block() >= SETTLED for node in self.nodes), 120)

    def link(self, nodes: Iterable[GethNode]) -> None:
        """All with all; of two, the first calls the second and keeps calling."""
        for one, other in combinations([node for node in nodes if node.running], 2):
            one.ask("admin_addPeer", other.enode())

    def part(self, these: Sequence[GethNode], those: Sequence[GethNode]) -> None:
        """Cut every link between the two groups."""
        for one in these:
            for other in those:
                for caller, called in ((one, other), (other, one)):
                    caller.ask("admin_removePeer", called.enode())

    def newcomer(self, name: str) -> GethNode:
        """One more follower, which knows nobody yet: started, not linked. Whoever asked closes it."""
        node = self._spare(name)
        node.prepare()
        node.start()
        return node

    def wait_until(self, what: str, ready: Callable[[], bool], patience: float = 60.0) -> None:
        """Raises GethFailed once patience (seconds) is at its end. `ready` may raise GethFailed meanwhile."""
        deadline = time.monotonic() + patience
        while True:
            with contextlib.suppress(GethFailed):
                if ready():
                    return
            if time.monotonic() > deadline:
                raise GethFailed(f"{what}: not within {patience:.0f} seconds")
            time.sleep(0.1)

    def close(self) -> None:
        """Stop them all, each by its own id."""
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(GethNode.close, self.nodes))


@contextlib.contextmanager
def running(devnet: Devnet) -> Iterator[Devnet]:
    """Until the end of the block, whatever happens in it."""
    try:
        devnet.start()
        yield devnet
    finally:
        devnet.close()
