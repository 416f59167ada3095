"""One status list with all its past: its bits now, its updates, and which of them named which bit."""

from __future__ import annotations

from registry.events import StatusListCreated, StatusPublished
from registry.records import AsOf, BlockStamp, StatusPurpose
from registry.replica.bitmaps import Bitmap
from registry.replica.empty_tree import empty_root
from registry.replica.entry_history import EntryHistory
from registry.replica.heads import genesis_head
from registry.replica.moments import reached
from registry.replica.update_log import UpdateLog
from registry.replica.update_rules import ListMismatch, carry_out


class StatusList:
    """Readers share it; whoever applies updates does so on a copy.

    `continued` says from which update on which contract has it: a list goes on in a registry's successor.
    A list found corrupt stays as it was before the update that did not match, and says since when.
    """

    __slots__ = (
        "bits",
        "bits_per_entry",
        "closed",
        "continued",
        "corrupt",
        "history",
        "list_id",
        "owners",
        "purpose",
        "sets_bits",
        "size",
        "updates",
        "uri",
    )

    def __init__(self, event: StatusListCreated, stamp: BlockStamp, registry: str = "") -> None:
        """`registry`: the contract that has it. Raises ValueError for a size that no list has."""
        self.list_id = event.list_id
        self.uri = event.uri
        self.size = event.size
        self.purpose = event.purpose
        self.sets_bits = event.purpose is StatusPurpose.REVOCATION  # any other list's deltas flip them
        self.bits_per_entry = event.bits_per_entry
        self.bits = Bitmap(event.size * event.bits_per_entry)
        self.history = EntryHistory()
        self.updates = UpdateLog()
        self.updates.append(stamp, stamp.time, event.head, event.root)
        self.owners: tuple[tuple[BlockStamp, int], ...] = ((stamp, event.issuer_id),)
        self.closed: BlockStamp | None = None
        self.corrupt: BlockStamp | None = None
        self.continued: tuple[tuple[int, str], ...] = ((0, registry),)
        root = empty_root(self.bits.size_bits)
        head = genesis_head(
            event.list_id, event.issuer_id, event.size, event.purpose, event.bits_per_entry, root
        )
        if root != event.root or head != event.head:
            self.corrupt = stamp

    def copy(self) -> StatusList:
        twin = StatusList.__new__(StatusList)
        for name in self.__slots__:
            setattr(twin, name, getattr(self, name))
        twin.bits, twin.history, twin.updates = self.bits.copy(), self.history.copy(), self.updates.copy()
        return twin

    @property
    def seq(self) -> int:
        return len(self.updates) - 1

    @property
    def registry(self) -> str:
        """The contract that has it now, or had it last."""
        return self.continued[-1][1]

    @property
    def published(self) -> int:
        """Updates as that contract counts them."""
        return self.seq - self.continued[-1][0]

    def carry_on(self, event: StatusListCreated, registry: str, stamp: BlockStamp) -> None:
        """It was created again in a registry's successor: it goes on there with the bits it has.

        Raises ListMismatch, changing nothing: no bit may be lost on the way, nor the list change hands.
        """
        if self.closed or event.issuer_id != self.owners[-1][1]:
            raise ListMismatch("it was created again after it was closed, or by another issuer")
        shape = (event.size, event.purpose, event.bits_per_entry)
        if shape != (self.size, self.purpose, self.bits_per_entry):
            raise ListMismatch("it was created again in another shape")
        root = self.bits.root()
        if event.root != root or event.head != genesis_head(self.list_id, event.issuer_id, *shape, root):
            raise ListMismatch("it was created again with other bits than it had")
        self.updates.append(stamp, stamp.time, event.head, event.root)
        self.continued = (*self.continued, (self.seq, registry))

    def publish(
        self, event: StatusPublished, stamp: BlockStamp, vouched: bool = False
    ) -> tuple[tuple[int, int], ...]:
        """Apply an update; the entries whose value changed, with it. Raises ListMismatch, changing nothing.

        `vouched`: its head and root were found right elsewhere.
        """
        bits, updates, sets = self.bits, self.updates, self.sets_bits
        seq = len(updates)
        published = seq - 1 - self.continued[-1][0]
        named, turned = carry_out(event, bits, sets, published, updates.last_head, vouched)
        self.history.add(named, seq)
        updates.append(stamp, event.effective_at, event.head, event.root)
        if self.bits_per_entry == 1:
            return tuple([(position, 1 if sets else bits.get(position)) for position in turned])
        entries = dict.fromkeys(position // self.bits_per_entry for position in turned)
        return tuple([(entry, bits.value(entry, self.bits_per_entry)) for entry in entries])

    def rewound(self, number: int) -> StatusList | None:
        """The list at the end of that block; None if it was not there yet, itself if it is the same still."""
        if self.owners[0][0].number > number:
            return None
        at = AsOf(block=number)
        latest = max(self.updates.stamp(self.seq).number, self.owners[-1][0].number)
        if latest <= number and not any(it and not reached(it, at) for it in (self.closed, self.corrupt)):
            return self
        past = self.copy()
        past.owners = tuple(owner for owner in self.owners if reached(owner[0], at))
        past.closed = self.closed if self.closed and reached(self.closed, at) else None
        past.corrupt = self.corrupt if self.corrupt and reached(self.corrupt, at) else None
        past.updates.truncate(self.updates.known(at))
        past.continued = tuple(one for one in self.continued if one[0] <= past.seq)
        past.history, dropped = self.history.truncated(past.seq)
        if self.sets_bits:
            for position in {position for _, position in dropped}:
                if not past.history.of(position, 1):
                    past.bits.flip(position)
        else:
            for _, position in dropped:
                past.bits.flip(position)
        past.bits.root()
        return past

    def packed_after(self, seq: int) -> bytes:
        """All bits as update `seq` left them: those it and all before it named, set or flipped in turn."""
        if seq == self.seq:
            return bytes(self.bits.packed)
        past = Bitmap(self.bits.size_bits)
        change = past.set if self.sets_bits else past.flip
        for position, named_by in self.history.all():
            if named_by <= seq:
                change(position)
        return bytes(past.packed)

    def past(self) -> tuple[object, ...]:
        """Everything that answers about the past depend on; equal for equal pasts."""
        return self.owners, *self.updates.all(), self.history.all()
