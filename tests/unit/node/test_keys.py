from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr

from node.keys import KeyFileError, KeyName, KeyStore, read_key


def test_a_key_is_made_once_and_opened_again(tmp_path: Path) -> None:
    first = KeyStore(tmp_path).open(KeyName.OPERATOR)
    assert len(first) == 32
    assert KeyStore(tmp_path).open(KeyName.OPERATOR) == first
    assert KeyStore(tmp_path).open(KeyName.ADMIN) != first


def test_only_the_owner_may_read_it(tmp_path: Path) -> None:
    KeyStore(tmp_path).open(KeyName.ISSUING)
    path = tmp_path / "issuing.key"
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o640)
    with pytest.raises(KeyFileError, match="read by others"):
        KeyStore(tmp_path).open(KeyName.ISSUING)


def test_nothing_is_left_beside_the_key(tmp_path: Path) -> None:
    KeyStore(tmp_path).open(KeyName.STORAGE)
    assert [p.name for p in tmp_path.iterdir()] == ["storage.key"]


def test_a_password_encrypts_it(tmp_path: Path) -> None:
    password = SecretStr("correct horse")
    key = KeyStore(tmp_path, password).open(KeyName.ADMIN)
    text = (tmp_path / "admin.key").read_text()
    assert key.hex() not in text
    assert KeyStore(tmp_path, password).open(KeyName.ADMIN) == key
    with pytest.raises(KeyFileError, match="does not open"):
        KeyStore(tmp_path, SecretStr("wrong")).open(KeyName.ADMIN)
    with pytest.raises(KeyFileError, match="GOODSTANDING_KEY_PASSWORD"):
        KeyStore(tmp_path).open(KeyName.ADMIN)


def test_a_plain_key_is_refused_where_a_password_is_set(tmp_path: Path) -> None:
    KeyStore(tmp_path).open(KeyName.ADMIN)
    with pytest.raises(KeyFileError, match="not encrypted"):
        KeyStore(tmp_path, SecretStr("x")).open(KeyName.ADMIN)


@pytest.mark.parametrize("content", ["", "zz", "00" * 31, "00" * 33])
def test_a_damaged_file_is_refused_without_showing_it(tmp_path: Path, content: str) -> None:
    path = tmp_path / "k.key"
    path.write_text(content)
    path.chmod(0o600)
    with pytest.raises(KeyFileError) as error:
        read_key(path)
    assert not content or content not in str(error.value)


@pytest.mark.parametrize("content", [b"\xff\xfe" * 32, b"00" * 32, b"ff" * 32, b"", b"ab" * 31, b"zz" * 32])
def test_what_is_no_key_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "governor.key"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(KeyFileError, match="does not hold"):
        read_key(path)
