from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from node.settings import Settings, digest_of


def test_lists_are_comma_separated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOODSTANDING_RPC_URLS", "http://a:1, http://b:2")
    monkeypatch.setenv("GOODSTANDING_API_KEYS_SHA256", digest_of("secret"))
    monkeypatch.setenv("GOODSTANDING_UNSAFE_ALLOW_HTTP_HOSTS", "localhost:81,[::1]:82")
    settings = Settings()
    assert settings.rpc_urls == ("http://a:1", "http://b:2")
    assert settings.api_keys_sha256 == {digest_of("secret")}
    assert settings.http_exceptions == {("localhost", 81), ("[::1]", 82)}


def test_webhooks_come_as_json_and_hide_their_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOODSTANDING_WEBHOOKS", '[{"url": "https://h.example/x", "secret": "s3cret"}]')
    settings = Settings()
    assert settings.webhooks[0].secret.get_secret_value() == "s3cret"
    assert "s3cret" not in repr(settings)


def test_an_api_key_in_the_clear_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOODSTANDING_API_KEYS_SHA256", "my-secret-key")
    with pytest.raises(ValidationError, match="SHA-256"):
        Settings()


def test_addresses_default_to_this_machine() -> None:
    settings = Settings(data_dir=Path("/srv/node"), public_url="https://node.example/")
    assert settings.effective_database_url == "sqlite:////srv/node/node.db"
    assert settings.effective_public_url == "https://node.example"
    assert Settings(port=81).effective_public_url == "http://127.0.0.1:81"


def test_registries_of_did_ethr_come_as_json(monkeypatch: pytest.MonkeyPatch) -> None:
    registry = "0xdca7ef03e98e0dc2b855be647c39abe984fcf21b"
    text = '{"0x1": {"rpcUrl": "https://ledger.example", "registry": "%s"}}'
    monkeypatch.setenv("GOODSTANDING_ETHR_REGISTRIES", text % registry)
    assert Settings().ethr_registries["0x1"].registry.lower() == registry
    for wrong in (
        text % "0x12",
        (text % registry).replace("0x1", "0x01"),
        text.replace("rpcUrl", "rpc") % registry,
    ):
        monkeypatch.setenv("GOODSTANDING_ETHR_REGISTRIES", wrong)
        with pytest.raises(ValidationError):
            Settings()
