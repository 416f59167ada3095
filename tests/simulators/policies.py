"""What relying parties in tests ask for."""

from __future__ import annotations

from node.verification.policy import Policy

DEFAULT_POLICY = Policy(name="accredited-issuers", require_accreditation=True)
"""Accredited issuers only; nothing is fetched."""

ANY_ISSUER_POLICY = Policy(
    name="any-issuer",
    accepted_types=frozenset({"VerifiableCredential"}),
    require_disclosure=False,
    allow_web=True,
)
"""Whoever issued it; an issuer that is not accredited leads to `review`."""

UNSAFE_PROOF_ONLY_POLICY = Policy(name="unsafe-proof-only", unsafe_proof_only=True, allow_web=True)
"""For published test vectors, some of which name an issuer that does not control the key."""
