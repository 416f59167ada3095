"""A ledger's state in memory: tries built from the bottom up, proofs of any key, headers under any seals.

Written against the Yellow Paper (appendix D) on its own, so that it and the code that checks can find each
other wrong.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import coincurve

from registry.bindings.addresses import keccak256, parsed
from registry.proofs.registries import Registries
from registry.proofs.seals import Consensus
from registry.rlp import Item, encode

EMPTY_LIST_HASH = keccak256(encode([]))


class Trie:
    """Of {key: value}, both bytes; a key stands at keccak256(key). `at`: the same by places, in hexadecimal."""

    def __init__(self, content: Mapping[bytes, bytes], at: Mapping[str, bytes] | None = None) -> None:
        self.nodes: dict[bytes, bytes] = {}
        paths = {keccak256(key).hex(): value for key, value in content.items() if value} | dict(at or {})
        root = self._node(paths, 0) if paths else b""
        raw = encode(root)
        self.root = keccak256(raw)
        self.nodes[self.root] = raw

    def proof(self, key: bytes) -> list[bytes]:
        """The nodes from the root to the key, or to where it would be."""
        if self.nodes[self.root] == encode(b""):
            return []
        path, found, digest = keccak256(key).hex(), [], self.root
        while digest:
            raw = self.nodes[digest]
            found.append(raw)
            digest, path = self._next(self._shapes[raw], path)
        return found

    @property
    def _shapes(self) -> dict[bytes, Item]:
        return self.__dict__.setdefault("shapes", {})

    def _next(self, node: Item, path: str) -> tuple[bytes, str]:
        """The hash of the next node that stands by itself, if the path leads to one."""
        while not isinstance(node, bytes | int):
            if len(node) == 17:
                node, path = node[int(path[0], 16)], path[1:]
            else:
                digits = node[0].hex() if isinstance(node[0], bytes) else ""
                part = digits[1:] if int(digits[0], 16) & 1 else digits[2:]
                if int(digits[0], 16) & 2 or not path.startswith(part):
                    return b"", path
                node, path = node[1], path[len(part) :]
        return (node, path) if isinstance(node, bytes) and len(node) == 32 else (b"", path)

    def _node(self, paths: Mapping[str, bytes], depth: int) -> Item:
        """Of all paths that are alike up to `depth`."""
        if len(paths) == 1:
            ((path, value),) = paths.items()
            return self._kept([_hex_prefix(path[depth:], leaf=True), value])
        common = depth
        while len({path[common] for path in paths}) == 1:
            common += 1
        if common > depth:
            some = next(iter(paths))
            child = self._reference(self._node(paths, common))
            return self._kept([_hex_prefix(some[depth:common], leaf=False), child])
        children: list[Item] = []
        for digit in "0123456789abcdef":
            below = {path: value for path, value in paths.items() if path[depth] == digit}
            children.append(self._reference(self._node(below, depth + 1)) if below else b"")
        return self._kept([*children, b""])

    def _kept(self, node: Item) -> Item:
        self._shapes[encode(node)] = node
        return node

    def _reference(self, node: Item) -> Item:
        raw = encode(node)
        if len(raw) < 32:
            return node
        self.nodes[keccak256(raw)] = raw
        return keccak256(raw)


def _hex_prefix(path: str, *, leaf: bool) -> bytes:
    flag = 2 * leaf + len(path) % 2
    return bytes.fromhex(f"{flag:x}{path}" if len(path) % 2 else f"{flag:x}0{path}")


@dataclass
class SimulatedState:
    """Accounts that hold nothing of ours, and the storage of three contracts, by slot."""

    contracts: Registries
    issuers: dict[int, int] = field(default_factory=dict)
    documents: dict[int, int] = field(default_factory=dict)
    lists: dict[int, int] = field(default_factory=dict)
    bystanders: int = 20
    others: Mapping[str, Mapping[int, int]] = field(default_factory=dict)  # more contracts, by address

    def __post_init__(self) -> None:
        self.build()

    def build(self) -> None:
        """Again, after a change."""
        registries = self.contracts
        contracts = (
            registries.issuer_registry,
            registries.did_registry,
            registries.status_registry,
            *self.others,
        )
        self._storage = {contract: _storage(self.of(contract)) for contract in contracts}
        accounts = {
            keccak256(b"bystander %d" % n)[:20]: encode([n, 10**18 + n, Trie({}).root, keccak256(b"")])
            for n in range(self.bystanders)
        }
        for address, storage in self._storage.items():
            accounts[parsed(address)] = encode([1, 0, storage.root, keccak256(address.encode())])
        self._accounts = Trie(accounts)

    @property
    def root(self) -> bytes:
        return self._accounts.root

    def of(self, contract: str) -> Mapping[int, int]:
        """A contract's storage."""
        registries = self.contracts
        storage: dict[str, Mapping[int, int]] = {
            registries.issuer_registry: self.issuers,
            registries.did_registry: self.documents,
            registries.status_registry: self.lists,
            **self.others,
        }
        return storage[contract]

    def proof(self, contract: str, slots: Sequence[int]) -> list[bytes]:
        nodes = self._accounts.proof(parsed(contract))
        for slot in slots:
            nodes += self._storage[contract].proof(slot.to_bytes(32, "big"))
        return nodes


def _storage(words: Mapping[int, int]) -> Trie:
    return Trie({slot.to_bytes(32, "big"): encode(word) for slot, word in words.items() if word})


class Sealers:
    """Validators who seal headers as their consensus has it."""

    def __init__(self, consensus: Consensus, count: int = 4) -> None:
        self.consensus = consensus
        keys = [coincurve.PrivateKey(n.to_bytes(32, "big")) for n in range(1, count + 1)]
        self._keys = sorted(keys, key=_address)
        self.addresses = [] if consensus is Consensus.UNSEALED else [_address(key) for key in self._keys]

    def header(
        self,
        state_root: bytes,
        *,
        number: int = 7,
        time: int = 1_800_000_000,
        parent: bytes = bytes(32),
        signers: Sequence[int] | None = None,
        round_number: int = 0,
        bloom: bytes = bytes(256),
    ) -> bytes:
        """`signers`: by their place among the validators; else as many as are needed."""
        members: list[Item] = [
            parent,
            EMPTY_LIST_HASH,
            bytes(20),
            state_root,
            *(keccak256(encode(b"")) for _ in range(2)),
            bloom,
            1,
            number,
            30_000_000,
            0,
            time,
            b"",
            bytes(32),
            bytes(8),
            7,
        ]

        def with_extra(extra: bytes) -> bytes:
            return encode([*members[:12], extra, *members[13:]])

        def seal(extra: bytes, signer: int) -> bytes:
            return self._keys[signer].sign_recoverable(keccak256(with_extra(extra)), hasher=None)

        vanity = b"goodstanding".ljust(32, b"\0")
        if self.consensus is Consensus.UNSEALED:
            return with_extra(b"")
        if self.consensus is Consensus.CLIQUE:
            (signer,) = signers or (number % len(self._keys),)
            return with_extra(vanity + seal(vanity, signer))
        places = range(-(-2 * len(self._keys) // 3)) if signers is None else signers
        if self.consensus is Consensus.QBFT:
            sealed: list[Item] = [vanity, self.addresses, [], round_number]
            seals = [seal(encode([*sealed, []]), place) for place in places]
        else:
            sealed = [vanity, self.addresses, b"", round_number.to_bytes(4, "big")]
            seals = [seal(encode(sealed), place) for place in places]
        return with_extra(encode([*sealed, seals]))

    def chain(self, state_root: bytes, *, number: int = 7, length: int = 1, **members: int) -> list[bytes]:
        """The block and those that follow it."""
        headers: list[bytes] = []
        parent = bytes(32)
        for place in range(length):
            headers.append(self.header(state_root, number=number + place, parent=parent, **members))
            parent = keccak256(headers[-1])
        return headers


def _address(key: coincurve.PrivateKey) -> bytes:
    return keccak256(key.public_key.format(compressed=False)[1:])[12:]
