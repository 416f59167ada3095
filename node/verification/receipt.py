"""A verdict that can be proved later: what was asked and answered, the ledger's proof, the node's signature.

It holds no part of what was presented but a hash of it. Whoever has the credential can recompute the verdict
from the proof (`services/receipt_audit.py`); whoever has not can see what stood on the ledger, and who says so.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields, replace
from typing import Any

from node.crypto import base64url
from node.crypto.public_keys import KeyType, MalformedKey, PublicKey, SignatureInvalid
from node.crypto.signing import SigningKey
from node.verification.policy import Policy, Question
from node.verification.proofs.data_integrity.jcs import canonical_json
from node.verification.receipt_given import Kept
from node.verification.refusals import Refused
from node.verification.verdict import Check, CredentialVerdict, Verdict
from registry.proofs.registries import Registries
from registry.records import AsOf

TYPE, FORMAT = "GoodstandingReceipt", 1
MAX_BYTES = 256 * 1024
_DID_KEY = "did:key:"

Outcomes = Mapping[str, Any]
"""`{decision, checks: [[id, outcome, reason], …], credentials: [{decision, checks, enclosed}, …], skills?}`"""


class ReceiptInvalid(ValueError):
    """Not a receipt, or not as it was signed."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """`question` holds nothing handed along; its `at` names a block or nothing, as a proof shows one block."""

    document_digest: bytes  # see `digest_of`
    question: Question
    outcomes: Outcomes
    confirmed_at: int  # Unix seconds: when the node had last heard from the ledger
    halted: str | None
    chain_id: int
    contracts: Registries
    packed_proof: bytes  # a LedgerProof
    kept: Kept = field(default_factory=Kept)  # of what was handed along with the question
    node: str = ""  # did:key of the node's receipt key
    signature: bytes = b""

    def signed(self, key: SigningKey) -> Receipt:
        """By the node, with its Ed25519 key."""
        named = replace(self, node=_DID_KEY + key.public.to_multikey())
        return replace(named, signature=key.sign(canonical_json(_unsigned(named))))

    def check_signature(self) -> None:
        """Raises ReceiptInvalid."""
        try:
            key = PublicKey.from_multikey(self.node.removeprefix(_DID_KEY))
            if not self.node.startswith(_DID_KEY) or key.type is not KeyType.ED25519:
                raise ReceiptInvalid("the node's key is not an Ed25519 did:key")
            key.verify(self.signature, canonical_json(_unsigned(self)))
        except MalformedKey as error:
            raise ReceiptInvalid(f"the node's key cannot be read: {error}") from error
        except (SignatureInvalid, Refused) as error:
            raise ReceiptInvalid("it is not as the node signed it") from error

    def to_json(self) -> dict[str, Any]:
        return {**_unsigned(self), "signature": base64url.encode(self.signature)}

    @classmethod
    def from_json(cls, members: object) -> Receipt:
        """The receipt, its signature not looked at yet. Raises ReceiptInvalid."""
        try:
            return _read(members)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise ReceiptInvalid(f"it cannot be read: {error}") from error


def digest_of(document: Mapping[str, Any] | str) -> bytes:
    """SHA-256 of what was presented: of its canonical JSON (RFC 8785), or of the text of a token.

    Raises Refused for JSON without a canonical form.
    """
    raw = document.strip().encode() if isinstance(document, str) else canonical_json(document)
    return hashlib.sha256(raw).digest()


def outcomes_of(verdict: Verdict) -> Outcomes:
    """All of a verdict that has to come out again when it is recomputed."""
    found: dict[str, Any] = {
        "decision": verdict.decision.value,
        "checks": _checks(verdict.checks),
        "credentials": [_credential(one) for one in verdict.credentials],
    }
    if verdict.skills:
        found["skills"] = [one.standing.value for one in verdict.skills]
    return found


def _credential(one: CredentialVerdict) -> dict[str, Any]:
    found: dict[str, Any] = {"decision": one.decision.value, "checks": _checks(one.checks)}
    if one.enclosed:
        found["enclosed"] = [_credential(inner.verdict) for inner in one.enclosed]
    return found


def _checks(checks: tuple[Check, ...]) -> list[list[str]]:
    return [[check.id.value, check.outcome.value, check.reason.value] for check in checks]


def _unsigned(receipt: Receipt) -> dict[str, Any]:
    question = receipt.question
    asked: dict[str, Any] = {"now": question.now, "policy": _policy_json(question.policy)}
    asked |= {
        name: value
        for name, value in (
            ("block", question.at.block),
            ("challenge", question.challenge),
            ("domain", question.domain),
        )
        if value is not None
    }
    asked |= receipt.kept.to_json()
    return {
        "type": TYPE,
        "format": FORMAT,
        "documentSha256": base64url.encode(receipt.document_digest),
        "question": asked,
        "verdict": receipt.outcomes,
        "confirmedAt": receipt.confirmed_at,
        **({} if receipt.halted is None else {"halted": receipt.halted}),
        "ledger": {
            "chainId": receipt.chain_id,
            "contracts": receipt.contracts.to_json(),
            "proof": base64url.encode(receipt.packed_proof),
        },
        "node": receipt.node,
    }


def _read(members: Any) -> Receipt:
    if members["type"] != TYPE or members["format"] != FORMAT:
        raise ValueError("it is no receipt of a format that this version knows")
    asked, ledger = members["question"], members["ledger"]
    block = asked.get("block")
    question = Question(
        _policy(asked["policy"]),
        _natural(asked["now"]),
        AsOf(block=None if block is None else _natural(block)),
        _text_or_none(asked.get("challenge")),
        _text_or_none(asked.get("domain")),
    )
    if not isinstance(members["verdict"], dict):
        raise ValueError("its verdict is no object")
    receipt = Receipt(
        document_digest=base64url.decode(members["documentSha256"]),
        question=question,
        outcomes=members["verdict"],
        confirmed_at=_natural(members["confirmedAt"]),
        halted=_text_or_none(members.get("halted")),
        chain_id=_natural(ledger["chainId"]),
        contracts=Registries.from_json(ledger["contracts"]),
        packed_proof=base64url.decode(ledger["proof"]),
        kept=Kept.from_json(asked),
        node=_text_or_none(members["node"]) or "",
        signature=base64url.decode(members["signature"]),
    )
    if receipt.to_json() != members:  # every member is one we read, and was written as we write it
        raise ValueError("it holds something that is no part of a receipt")
    return receipt


def _policy_json(policy: Policy) -> dict[str, Any]:
    """Its name, and what differs from a policy that demands nothing."""
    found: dict[str, Any] = {}
    for one in fields(Policy):
        value = getattr(policy, one.name)
        if one.default is MISSING or value != one.default:
            found[one.name] = sorted(value) if isinstance(value, frozenset) else value
    return found


def _policy(members: Mapping[str, Any]) -> Policy:
    known = {one.name: one for one in fields(Policy)}
    given: dict[str, Any] = {}
    for name, value in members.items():
        expected = str(known[name].type).removesuffix(" | None")
        if expected == "frozenset[str]":
            if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
                raise ValueError(f"the policy's {name} is no list of texts")
            given[name] = frozenset(value)
        elif type(value).__name__ == expected:
            given[name] = value
        else:
            raise ValueError(f"the policy's {name} is no {expected}")
    return Policy(**given)


def _natural(value: object) -> int:
    if type(value) is not int or not 0 <= value < 1 << 63:
        raise ValueError("a number is out of range")
    return value


def _text_or_none(value: object) -> str | None:
    if value is not None and not isinstance(value, str):
        raise ValueError("a text is none")
    return value
