from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError
from pydantic_settings import SettingsError

from node.errors import NotConfigured
from node.settings import Settings, digest_of, read_settings


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


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("API_KEYS_SHA256", "hush-hush"),
        ("WEBHOOKS", '[{"url": "https://h.example", "secret": "hush-hush"'),
        ("WEBHOOKS", '[{"url": "https://h.example", "secre": "hush-hush"}]'),
        ("LEDGER", "hush-hush"),
        ("ISSUER_DID", "hush-hush"),
        ("ISSUER_DID", "did:web:hush hush"),
        ("UNSAFE_ALLOW_HTTP_HOSTS", "hush-hush"),
        ("UNSAFE_ALLOW_HTTP_HOSTS", "localhost:hush-hush"),
        ("UNSAFE_ALLOW_HTTP_HOSTS", "localhost:99999"),
        ("PORT", "hush-hush"),
        ("DATA_DIR", ""),
        ("KEY_PASSWORD", ""),
        ("PUBLIC_URL", "hush-hush"),
        ("PUBLIC_URL", "ftp://hush-hush.example"),
        ("PUBLIC_URL", "https://hush:hush@board.example"),
        ("PUBLIC_URL", "https://board.example/?hush"),
        ("PUBLIC_URL", "https://board.example/#hush"),
        ("PUBLIC_URL", "https://[hush"),
        ("PUBLIC_URL", "https://hush:99999"),
    ],
)
def test_a_wrong_setting_is_named_and_its_value_is_not(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"GOODSTANDING_{name}", value)
    with pytest.raises(NotConfigured) as caught:
        read_settings()
    assert name in str(caught.value).upper()
    assert "hush" not in str(caught.value)
    with pytest.raises((ValidationError, SettingsError)) as raw:  # nor where the settings are made directly
        Settings()
    assert "hush" not in str(raw.value)


def test_a_misspelt_setting_is_not_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOODSTANDING_VERIFY_REQUIRE_KEY", "true")
    with pytest.raises(NotConfigured, match="GOODSTANDING_VERIFY_REQUIRE_KEY"):
        read_settings()


def test_what_the_command_line_reads_is_no_misspelt_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NODE", "API_KEY", "ANVIL", "KEY_PASSWORD"):
        monkeypatch.setenv(f"GOODSTANDING_{name}", "x")
    assert read_settings(port=81).port == 81


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


def test_claims_to_hide_come_comma_separated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOODSTANDING_HIDDEN_CLAIMS", "birthDate, gender")
    assert read_settings().hidden_claims == {"birthDate", "gender"}
    monkeypatch.setenv("GOODSTANDING_HIDDEN_CLAIMS", "issuer")
    with pytest.raises(NotConfigured, match="cannot be hidden"):
        read_settings()
