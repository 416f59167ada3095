"""How issuing says no."""

from __future__ import annotations

from node.errors import Invalid


class IssuingRefused(Invalid):
    """What was to be issued would not be accepted, or is not this issuer's to issue.

    The message is one plain sentence; `member` is a JSON pointer to what is at fault.
    """
