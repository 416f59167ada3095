"""A contract's account in the state trie, and the words of its storage (Yellow Paper, 4.1)."""

from __future__ import annotations

from dataclasses import dataclass

from registry import rlp
from registry.bindings.addresses import parsed
from registry.proofs.errors import ProofInvalid
from registry.proofs.trie import Nodes


@dataclass(frozen=True, slots=True)
class Account:
    """What the state trie holds under an address."""

    nonce: int
    balance: int
    storage_root: bytes  # 32 bytes
    code_hash: bytes  # 32 bytes

    def encoded(self) -> bytes:
        """As the state trie holds it."""
        return rlp.encode([self.nonce, self.balance, self.storage_root, self.code_hash])

    @classmethod
    def found(cls, nodes: Nodes, state_root: bytes, contract: str) -> Account:
        """Raises ProofInvalid."""
        raw = nodes.value(state_root, parsed(contract))
        if raw is None:
            raise ProofInvalid(f"there is no contract {contract}")
        try:
            nonce, balance, root, code_hash = rlp.decode_list(raw)
            return cls(rlp.number(nonce), rlp.number(balance), rlp.octets(root, 32), rlp.octets(code_hash, 32))
        except ValueError as error:
            raise ProofInvalid(f"the account of contract {contract} cannot be read: {error}") from error


def storage_word(nodes: Nodes, root: bytes, slot: int) -> int:
    """The word at a slot of a contract's storage; 0: never written, or set back (anvil's tries keep such a
    zero, against the Yellow Paper). Raises ProofInvalid."""
    value = nodes.value(root, slot.to_bytes(32, "big"))
    if value is None:
        return 0
    try:
        return rlp.number(rlp.decode(value))
    except ValueError as error:
        raise ProofInvalid(f"a word of storage cannot be read: {error}") from error
