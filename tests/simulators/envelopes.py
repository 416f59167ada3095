"""What is secured by a token, put where an object belongs."""

from __future__ import annotations

from typing import Any

from node.verification.proofs.contexts import VCDM_2


def enveloped(media_type: str, text: str, kind: str = "EnvelopedVerifiableCredential") -> dict[str, Any]:
    """VCDM 2.0 §4.13."""
    return {"@context": VCDM_2, "id": f"data:application/{media_type},{text}", "type": kind}
