"""Signatures of deliveries: how they are made, and how a receiver checks them."""

from __future__ import annotations

import hashlib
import hmac
import re

HEADER = "Webhook-Signature"
ID_HEADER = "Webhook-Id"
TOLERANCE = 300
"""Seconds a receiver lets pass between signing and receiving: older is a replay."""

_FORM = re.compile(r"t=([0-9]{1,12}),v1=([0-9a-f]{64})")


class SignatureRefused(Exception):
    """The delivery was not signed with this secret, was altered, or is too old."""


def sign(secret: bytes, body: bytes, now: int) -> str:
    """`t=…,v1=…`: HMAC-SHA256, hex, over the time in decimal, a full stop, and the body."""
    return f"t={now},v1={_mac(secret, str(now), body)}"


def check(header: str, secret: bytes, body: bytes, now: int, tolerance: int = TOLERANCE) -> None:
    """For receivers. Raises SignatureRefused."""
    form = _FORM.fullmatch(header)
    if form is None:
        raise SignatureRefused("not a signature")
    if not hmac.compare_digest(_mac(secret, form[1], body), form[2]):
        raise SignatureRefused("the signature does not match")
    if abs(now - int(form[1])) > tolerance:
        raise SignatureRefused("signed too long ago, or in the future")


def _mac(secret: bytes, time: str, body: bytes) -> str:
    return hmac.new(secret, time.encode() + b"." + body, hashlib.sha256).hexdigest()
