"""A holder's wallet: presents credentials under its own did:key."""

from __future__ import annotations

from typing import Any

from node.verification.proofs.contexts import VCDM_2
from tests.simulators.issuer import CREATED, DATA_INTEGRITY, key_of

CHALLENGE = "c0ffee00-1111-4222-8333-444455556666"
DOMAIN = "https://hospital.example"


class SimulatedWallet:
    """Holds one key."""

    def __init__(self, name: str = "nurse") -> None:
        self.key = key_of(name)
        self.did = f"did:key:{self.key.public.to_multikey()}"
        self.method = f"{self.did}#{self.key.public.to_multikey()}"

    def presentation(self, *credentials: Any, **members: Any) -> dict[str, Any]:
        """Unsigned."""
        return {
            "@context": [VCDM_2],
            "type": ["VerifiablePresentation"],
            "holder": self.did,
            "verifiableCredential": list(credentials),
            **members,
        }

    def present(
        self,
        *credentials: Any,
        challenge: str | None = CHALLENGE,
        domain: str | None = DOMAIN,
        cryptosuite: str = "eddsa-rdfc-2022",
        purpose: str = "authentication",
        **members: Any,
    ) -> dict[str, Any]:
        """Signed for a challenge and a domain."""
        return DATA_INTEGRITY.sign(
            self.presentation(*credentials, **members),
            key=self.key,
            verification_method=self.method,
            cryptosuite=cryptosuite,
            created=CREATED,
            purpose=purpose,
            challenge=challenge,
            domain=domain,
        )
