"""How a step says no: one exception, with the reason code the check will carry."""

from __future__ import annotations

from node.verification.reasons import Reason


class Refused(Exception):
    """What was presented is refused. Raised by every step, turned into a check by `refused_checks.py`."""

    def __init__(self, reason: Reason, detail: str, member: str = "") -> None:
        super().__init__(reason, detail, member)
        self.reason = reason
        self.detail = detail  # one plain sentence; never holds more than a short piece of the input
        self.member = member  # JSON pointer to what is at fault; empty: the document as a whole

    def __str__(self) -> str:
        where = f" ({self.member})" if self.member else ""
        return f"{self.reason}: {self.detail}{where}"
