"""Credentials at rest: AES-256-GCM under the node's key, bound to the enrolment they belong to."""

from __future__ import annotations

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_FORMAT = b"\x01"  # first byte of every sealed value: which algorithm follows
_NONCE_BYTES = 12  # drawn at random: safe for 2**32 values under one key (NIST SP 800-38D §8.3)


class SealBroken(Exception):
    """A stored credential was altered, moved to another enrolment, or sealed with another key."""


class CredentialCipher:
    """Seals and opens credentials. `key`: 32 bytes, never shown."""

    def __init__(self, key: bytes) -> None:
        if len(key) != 32:
            raise ValueError("the key that seals credentials has 32 bytes")
        self._aead = AESGCM(key)

    def seal(self, credential: bytes, enrolment_id: str) -> bytes:
        """Format byte ‖ nonce ‖ ciphertext ‖ tag."""
        nonce = os.urandom(_NONCE_BYTES)
        return _FORMAT + nonce + self._aead.encrypt(nonce, credential, _FORMAT + enrolment_id.encode())

    def open(self, sealed: bytes, enrolment_id: str) -> bytes:
        """The credential. Raises SealBroken."""
        if sealed[:1] != _FORMAT:
            raise SealBroken("not a sealed credential of a known format")
        nonce, ciphertext = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
        try:
            return self._aead.decrypt(nonce, ciphertext, _FORMAT + enrolment_id.encode())
        except (InvalidTag, ValueError) as error:
            raise SealBroken("the sealed credential cannot be opened") from error
