"""How the replica is being kept, and having it built anew."""

from __future__ import annotations

from node.errors import Conflict
from registry.chain import AddressInUse, Ledger
from registry.follower import Follower
from registry.replica.replica import Replica
from registry.sharing import SharedReplica


class Replication:
    """What the faces ask of the follower; `shared` where several processes share the database."""

    def __init__(
        self, replica: Replica, follower: Follower, shared: SharedReplica | None, ledger: Ledger
    ) -> None:
        self._replica = replica
        self._follower = follower
        self._shared = shared
        self._ledger = ledger

    @property
    def failure(self) -> str | None:
        """Why the replica is not kept at the moment; None: it is."""
        if self._shared is None or self._shared.leads:
            return self._follower.failure
        return self._shared.failure

    @property
    def rebuilding(self) -> bool:
        """Whether it is being built anew, or about to be: answers come from what there was before."""
        return self._replica.rebuilding or self._follower.rebuild_wanted

    @property
    def block(self) -> int | None:
        """The block that building has come to; None: none yet."""
        cursor = self._replica.cursor
        return cursor.number if cursor else None

    @property
    def address(self) -> AddressInUse:
        """Which of the ledger's addresses this process asks."""
        return self._ledger.address_in_use

    def rebuild(self) -> None:
        """Have everything read from the ledger again. Raises Conflict in a process that only reads along."""
        if self._shared is not None and not self._shared.leads:
            raise Conflict("another process of this node follows the ledger: ask that one")
        self._follower.rebuild()
