"""SHA-256 of a few bytes.

A tree's nodes are hashed by the million, 65 bytes each. Python's own implementation, where it has one beside
OpenSSL's (3.11), takes a fifth less time for that: OpenSSL's longer preparations pay for larger inputs alone.
"""

try:
    from _sha256 import sha256  # type: ignore[import-not-found, unused-ignore]
except ImportError:
    from hashlib import sha256

__all__ = ["sha256"]
