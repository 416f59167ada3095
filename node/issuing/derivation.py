"""What a holder does with a credential that discloses selectively: show part of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from node.issuing.refusals import IssuingRefused
from node.verification.proofs.data_integrity.data_integrity import DataIntegrity
from node.verification.proofs.selective.selection import BadPointer
from node.verification.refusals import Refused


class CredentialDeriver:
    """Cuts credentials down. Keeps none of them; safe to use from several threads."""

    def __init__(self, data_integrity: DataIntegrity) -> None:
        self._data_integrity = data_integrity

    def derive(self, credential: Mapping[str, Any], selective_pointers: Sequence[str]) -> dict[str, Any]:
        """What is mandatory and what the pointers select, with a proof of its own. Raises IssuingRefused."""
        try:
            return self._data_integrity.derive(credential, selective_pointers)
        except BadPointer as error:
            raise IssuingRefused(f"the pointer {error}", "/options/selectivePointers") from error
        except Refused as refused:
            raise IssuingRefused(refused.detail, f"/verifiableCredential{refused.member}") from refused
