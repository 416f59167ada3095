"""What is asked of the arguments of an act, before anything is put on its way."""

from __future__ import annotations

import re

from node.errors import Invalid

ADDRESS = re.compile(r"0x[0-9a-fA-F]{40}")
"""An account on the ledger."""


def require(holds: bool, message: str, member: str) -> None:
    """Raises Invalid, naming the member at fault."""
    if not holds:
        raise Invalid(f"{member}: {message}", member)
