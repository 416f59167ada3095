"""Typed errors of the node itself. They become RFC 9457 problems at the edge and nowhere else."""

from __future__ import annotations


class NodeError(Exception):
    """Something asked of the node that it could not do; the message is fit for the person who asked."""


class NotConfigured(NodeError):
    """The node lacks a key or setting that the request needs."""


class NotFound(NodeError):
    """There is no such thing here."""


class Conflict(NodeError):
    """The request contradicts what is already so."""


class Invalid(NodeError):
    """The request cannot be carried out as it stands; `member` names the part at fault."""

    def __init__(self, message: str, member: str = "") -> None:
        super().__init__(message)
        self.member = member


class Unavailable(NodeError):
    """Not now: the ledger or another part this depends on does not answer."""
