"""The nurse's wallet, as the demo plays it: keeps her credentials, presents them to whoever asks."""

from __future__ import annotations

import secrets
import time
from typing import Any

from node.crypto.public_keys import KeyType
from node.crypto.signing import SigningKey
from node.verification.proofs.contexts import Contexts
from node.verification.proofs.data_integrity.data_integrity import DataIntegrity


class Wallet:
    """A holder's key (did:key), and presentations signed with it."""

    def __init__(self) -> None:
        self._key = SigningKey.generate(KeyType.ED25519)
        multikey = self._key.public.to_multikey()
        self.did = f"did:key:{multikey}"
        self._method = f"{self.did}#{multikey}"
        self._proofs = DataIntegrity(Contexts())

    def present(self, credential: dict[str, Any], *, challenge: str, domain: str) -> dict[str, Any]:
        """A presentation of one credential, for that verifier and that question alone."""
        presentation = {
            "@context": ["https://www.w3.org/ns/credentials/v2"],
            "type": ["VerifiablePresentation"],
            "holder": self.did,
            "verifiableCredential": [credential],
        }
        return self._proofs.sign(
            presentation,
            key=self._key,
            verification_method=self._method,
            cryptosuite="eddsa-rdfc-2022",
            purpose="authentication",
            created=int(time.time()),
            challenge=challenge,
            domain=domain,
        )


def new_challenge() -> str:
    """What a verifier asks the holder to sign, so that no answer can be used twice."""
    return secrets.token_urlsafe(16)
