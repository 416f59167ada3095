"""SHA-256 of a few bytes.

A tree's nodes are hashed by the million, 65 bytes each. Python 3.11 has an implementation of its own beside
OpenSSL's that takes a fifth less time for that: OpenSSL's longer preparations pay for larger inputs alone.
The one that 3.12 has instead (`_sha2`) gains nothing.
"""

try:
    from _sha256 import sha256  # type: ignore[import-not-found, unused-ignore]
except ImportError:
    from hashlib import sha256

__all__ = ["sha256"]
