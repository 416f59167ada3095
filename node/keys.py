"""The node's own secret keys, each in a file that only its owner may read, encrypted when a password is set.

`admin` (cold) and `operator` (hot) sign on the ledger (secp256k1), `issuing` and `issuing-p256` credentials
(Ed25519, and P-256 for the suites that ask for it), `receipt` verdicts (Ed25519), `storage` encrypts what the
node keeps (AES-256). All are 32 bytes. A file holds either the key in hex or, with a password, Web3 Secret
Storage v3 JSON, so that a key can be carried to and from other software.
"""

from __future__ import annotations

import json
import logging
import os
import secrets
import stat
from enum import StrEnum
from pathlib import Path

from pydantic import SecretStr

SECP256K1_ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # the smaller one


class KeyName(StrEnum):
    """What each key is for."""

    ADMIN = "admin"
    OPERATOR = "operator"
    ISSUING = "issuing"
    ISSUING_P256 = "issuing-p256"
    STORAGE = "storage"
    RECEIPT = "receipt"


log = logging.getLogger(__name__)


class KeyFileError(Exception):
    """A key file that cannot be used, and why. Never carries key material."""


class KeyStore:
    """Opens keys by name; a key that does not exist yet is made."""

    def __init__(self, folder: Path, password: SecretStr | None = None) -> None:
        self._folder = folder
        self._password = password

    def open(self, name: KeyName) -> bytes:
        """32 secret bytes. Raises KeyFileError."""
        path = self._folder / f"{name}.key"
        if not path.exists():
            self._create(path)
        return read_key(path, self._password)

    def _create(self, path: Path) -> None:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        create_secret_file(path, _seal(new_secret(), self._password))
        log.info("a key was made: %s", path)


def create_secret_file(path: Path, text: str) -> None:
    """Whole or not at all, for its owner's eyes alone; a file that is there already stays."""
    scratch = path.with_name(f"{path.name}.{os.getpid()}.new")
    descriptor = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(scratch, path)  # unlike a rename, never replaces what another process just made
    except FileExistsError:
        pass
    finally:
        scratch.unlink()


def new_secret() -> bytes:
    """32 random bytes that are a scalar of secp256k1 and of P-256 as well."""
    while not 0 < int.from_bytes(secret := secrets.token_bytes(32), "big") < P256_ORDER:
        pass
    return secret


def read_secret_file(path: Path) -> str:
    """Text that its owner alone may read. Raises KeyFileError."""
    try:
        if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise KeyFileError(f"{path} can be read by others: chmod 600 it")
        return path.read_text()
    except OSError as error:
        raise KeyFileError(f"cannot read {path}: {error.strerror}") from error
    except UnicodeDecodeError:
        raise KeyFileError(f"{path} does not hold text") from None


def read_key(path: Path, password: SecretStr | None = None) -> bytes:
    """32 secret bytes from a key file, a secp256k1 scalar. Raises KeyFileError."""
    key = _opened(path, password)
    if len(key) != 32 or not 0 < int.from_bytes(key, "big") < SECP256K1_ORDER:
        raise KeyFileError(f"{path} does not hold a key: 32 bytes in hex, not all of them zero or f")
    return key


def _opened(path: Path, password: SecretStr | None) -> bytes:
    text = read_secret_file(path)
    if text.lstrip().startswith("{"):
        return _unseal(path, text, password)
    if password is not None:
        raise KeyFileError(f"{path} is not encrypted although a key password is set")
    try:
        return bytes.fromhex(text.strip().removeprefix("0x"))
    except ValueError:
        return b""


def _seal(key: bytes, password: SecretStr | None) -> str:
    if password is None:
        return key.hex() + "\n"
    from eth_account import Account  # noqa: PLC0415  half a second to import, needed with a password only

    return json.dumps(Account.encrypt(key, password.get_secret_value()))


def _unseal(path: Path, text: str, password: SecretStr | None) -> bytes:
    if password is None:
        raise KeyFileError(f"{path} is encrypted: set GOODSTANDING_KEY_PASSWORD")
    from eth_account import Account  # noqa: PLC0415  see _seal

    try:
        return bytes(Account.decrypt(text, password.get_secret_value()))
    except (ValueError, TypeError, KeyError) as error:
        raise KeyFileError(f"{path} does not open with this password") from error
