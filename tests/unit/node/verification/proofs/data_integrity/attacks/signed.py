"""Documents signed by every mechanism there is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from node.crypto.public_keys import KeyType
from node.verification.proofs.data_integrity.data_integrity import DataIntegrity
from tests.simulators.proof_oracle import ED25519_2020, proved, with_2020_context
from tests.simulators.signers import (
    NOW,
    Signer,
)

BOARD = Signer()
# Every mechanism whose signature covers the meaning alone, with the key that signs.
BY_MEANING = {
    "eddsa-rdfc-2022": BOARD,
    "ecdsa-rdfc-2019 P-256": Signer(1, KeyType.P256),
    "ecdsa-rdfc-2019 P-384": Signer(1, KeyType.P384),
    ED25519_2020: BOARD,
}
BY_TEXT = {
    "eddsa-jcs-2022": BOARD,
    "ecdsa-jcs-2019 P-256": Signer(1, KeyType.P256),
    "ecdsa-jcs-2019 P-384": Signer(1, KeyType.P384),
}
SIGNERS = BY_MEANING | BY_TEXT
ISSUED = [mechanism for mechanism in SIGNERS if mechanism != ED25519_2020]
Document = dict[str, Any]
Change = Callable[[Document], None]


def sign(integrity: DataIntegrity, document: Document, mechanism: str = "eddsa-rdfc-2022") -> Document:
    signer = SIGNERS[mechanism]
    if mechanism == ED25519_2020:
        return proved(with_2020_context(document), signer, ED25519_2020)
    return integrity.sign(
        document,
        key=signer.key,
        verification_method=signer.method,
        cryptosuite=mechanism.partition(" ")[0],
        created=NOW,
    )


def with_context(document: Document, context: Any) -> None:
    document["@context"] = [*document["@context"], context]
