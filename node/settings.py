"""A node's settings: from the environment (`GOODSTANDING_…`), with defaults that are safe on one machine."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator
from pydantic.alias_generators import to_camel
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict, SettingsError

from node.did.syntax import method_of
from node.errors import NotConfigured
from node.verification.hidden_claims import HiddenClaims
from registry.bindings.addresses import checksummed, parsed

PREFIX = "GOODSTANDING_"
_READ_ELSEWHERE = frozenset({"node", "api_key", "anvil", "geth", "vectors", "chromium"})
"""Names under the same prefix that other programs than a node read."""


class WebhookEndpoint(BaseModel):
    """Where alerts are delivered to. The secret signs each delivery (HMAC-SHA256)."""

    url: str
    secret: SecretStr


class EthrNetwork(BaseModel):
    """A network that did:ethr identifiers may name: where its ledger answers, and its ERC-1056 registry."""

    model_config = ConfigDict(extra="forbid", frozen=True, alias_generator=to_camel, populate_by_name=True)

    rpc_url: str
    registry: str

    @field_validator("registry")
    @classmethod
    def _an_address(cls, value: str) -> str:
        return checksummed(parsed(value))


class Settings(BaseSettings):
    """Everything a node can be told. Unknown members are an error: a misspelt setting must not be ignored."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter="__",
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,  # it may be a secret
    )

    # --- this node
    data_dir: Path = Path("data")
    """Keys, the SQLite database and the embedded ledger live here."""
    database_url: str = ""
    """SQLAlchemy URL; empty: SQLite in `data_dir`."""
    share_database: bool = False
    """Several processes of this node use the same `data_dir` and database. One at a time follows the ledger,
    publishes and delivers; the others answer, and one of them takes over when it ends."""
    host: str = "127.0.0.1"
    port: int = Field(default=8700, ge=0, le=65535)
    public_url: str = ""
    """Where others reach this node; empty: http://host:port. Status lists are named under it."""
    issuer_did: str = ""
    """This node's own DID, if it issues."""
    key_password: SecretStr | None = None
    """Encrypts the key files at rest (Web3 Secret Storage v3); unset: plain files, readable by their owner."""

    # --- the ledger
    ledger: Literal["embedded", "external"] = "embedded"
    ledger_port: int = Field(default=0, ge=0, le=65535)
    """Of the embedded ledger; 0: any free one."""
    network_file: Path | None = None
    """External ledger: chain id, genesis hash, addresses of the contracts, RPC addresses."""
    rpc_urls: Annotated[tuple[str, ...], NoDecode] = ()
    """Comma-separated; overrides the network file's."""
    finality: str = "instant"
    """`instant`, a number of confirmations, or a block tag (`safe`, `finalized`)."""
    validators_file: Path | None = None
    """Whose seals make a block the ledger's, as `goodstanding receipt verify --validators` takes it: an audit
    then rests on them, and not on the word of the address that is asked. Unset, it says so."""
    governor_key_file: Path | None = None
    """The key that accredits issuers. Only on a governor's node; the embedded ledger brings its own."""

    # --- the API
    api_keys_sha256: Annotated[frozenset[str], NoDecode] = frozenset()
    """SHA-256 (hex, comma-separated) of the API keys that may change something."""
    verify_requires_key: bool = False
    max_body_bytes: int = Field(default=1 << 20, ge=1 << 10, le=64 << 20)

    # --- verification
    require_accreditation: bool = True
    max_replica_age: int = Field(default=300, ge=1)
    """Seconds before now that the replica must reach to: its head's own time, and when a ledger last confirmed
    it. Past that answers become INDETERMINATE; a ledger that makes no blocks records nothing."""
    max_list_age: int | None = Field(default=None, ge=1)
    """Seconds since an issuer last published to or confirmed its status list; unset: any. Past that the
    status of its credentials is INDETERMINATE."""
    clock_skew: int = Field(default=60, ge=0, le=3600)
    allow_web_dids: bool = True
    """Whether the policy `any-issuer` may fetch a DID document that is not pinned; no other ever does."""
    require_disclosure: bool = True
    """Whether what may have been left out of a selective disclosure leaves a credential INDETERMINATE; off, it
    leads to `review`. Never asked by the policy `any-issuer`."""
    require_known_schema: bool = False
    """Whether a schema that is neither on file here nor anchored on the ledger leaves a credential
    INDETERMINATE; off, it is not looked at."""
    require_resources: bool = False
    """Whether files a credential refers to by digest that are not at hand leave it INDETERMINATE; off, they are
    not compared, and said not to be."""
    fetch_status_lists: bool = False
    """Whether a status list that is not on the ledger may be fetched from the address its credential names,
    under every policy. Off, such a status is INDETERMINATE. A list on the ledger is never fetched."""
    ethr_registries: dict[str, EthrNetwork] = Field(default_factory=dict)
    """JSON, `{"<network>": {"rpcUrl": …, "registry": "0x…"}}`: where did:ethr is resolved. A network is named
    as in the DID: `mainnet` (also where the DID names none), or its chain id in hexadecimal, then checked."""
    unsafe_allow_http_hosts: Annotated[frozenset[str], NoDecode] = frozenset()
    """host:port pairs that did:web may reach by plain HTTP or on a private address. For tests only."""

    contexts_dir: Path | None = None
    """JSON-LD contexts beside those shipped, and `index.json` with the address and SHA-256 of each."""
    hidden_claims: Annotated[frozenset[str], NoDecode] = frozenset()
    """Comma-separated names of claims that are never shown or returned, e.g. `birthDate,gender`."""
    schemas_dir: Path | None = None
    """JSON Schemas, and credentials that vouch for them, in the same way. They count before those that issuers
    anchored on the ledger. No schema is ever fetched."""

    types_dir: Path | None = None
    """Type metadata of SD-JWT VCs, by their `vct`, in the same way."""

    # --- monitoring
    webhooks: tuple[WebhookEndpoint, ...] = ()

    @field_validator("rpc_urls", "api_keys_sha256", "unsafe_allow_http_hosts", "hidden_claims", mode="before")
    @classmethod
    def _comma_separated(cls, value: object) -> object:
        if isinstance(value, str):
            return [part.strip() for part in value.split(",") if part.strip()]
        return value

    @field_validator("data_dir", mode="before")
    @classmethod
    def _named(cls, value: object) -> object:
        if value == "":
            raise ValueError("empty; keys would lie in whatever folder it is started in")
        return value

    @field_validator("key_password")
    @classmethod
    def _no_empty_password(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not value.get_secret_value():
            raise ValueError("empty; leave it unset for key files that are not encrypted")
        return value

    @field_validator("public_url")
    @classmethod
    def _an_address_of_ours(cls, value: str) -> str:
        parts = urlsplit(value)  # status lists are named under it, for good
        plain = not (parts.username or parts.query or parts.fragment)
        if value and not (parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0 and plain):
            raise ValueError("it is https://host, or http://host:port, and a path if need be")
        return value

    @field_validator("api_keys_sha256")
    @classmethod
    def _hex_digests(cls, value: frozenset[str]) -> frozenset[str]:
        for digest in value:
            if len(digest) != 64 or any(c not in "0123456789abcdef" for c in digest):
                raise ValueError("an API key is given by its SHA-256 in lower-case hex")
        return value

    @field_validator("hidden_claims")
    @classmethod
    def _claims(cls, value: frozenset[str]) -> frozenset[str]:
        HiddenClaims(value)
        return value

    @field_validator("issuer_did")
    @classmethod
    def _a_did(cls, value: str) -> str:
        if value:
            method_of(value)
        return value

    @field_validator("unsafe_allow_http_hosts")
    @classmethod
    def _hosts_and_ports(cls, value: frozenset[str]) -> frozenset[str]:
        for entry in value:
            host, _, port = entry.rpartition(":")
            if not host or not port.isascii() or not port.isdigit() or not 0 < int(port) < 65536:
                raise ValueError("each is a host and a port, host:port")
        return value

    @field_validator("ethr_registries")
    @classmethod
    def _chain_ids(cls, value: dict[str, EthrNetwork]) -> dict[str, EthrNetwork]:
        for name in value:
            if name.startswith("0x") and hex(int(name, 16)) != name:
                raise ValueError("a network named by its chain id is written as the DID has it, e.g. 0x539")
        return value

    @property
    def effective_database_url(self) -> str:
        """The database this node uses."""
        return self.database_url or f"sqlite:///{self.data_dir.absolute() / 'node.db'}"

    @property
    def effective_public_url(self) -> str:
        """Where others reach this node, without a trailing slash."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")

    @property
    def http_exceptions(self) -> frozenset[tuple[str, int]]:
        """`unsafe_allow_http_hosts` as (host, port) pairs."""
        pairs = (entry.rpartition(":") for entry in self.unsafe_allow_http_hosts)
        return frozenset((host, int(port)) for host, _, port in pairs)


def read_settings(**given: Any) -> Settings:
    """From the environment; `given` goes before it.

    Raises NotConfigured, which names settings and never their values.
    """
    unknown = {
        name
        for name in os.environ
        if name.upper().startswith(PREFIX)
        and name[len(PREFIX) :].lower().partition("__")[0] not in Settings.model_fields.keys() | _READ_ELSEWHERE
    }
    if unknown:
        raise NotConfigured(f"{', '.join(sorted(unknown))}: there is no such setting")
    try:
        return Settings(**given)
    except SettingsError as error:
        name = next((field for field in Settings.model_fields if f'"{field}"' in str(error)), "")
        raise NotConfigured(f"{PREFIX}{name.upper()}: not the JSON it takes") from None
    except ValidationError as error:
        faults = (
            f"{PREFIX}{'__'.join(str(part).upper() for part in fault['loc'])}: {fault['msg']}"
            for fault in error.errors(include_url=False, include_input=False, include_context=False)
        )
        raise NotConfigured("; ".join(faults)) from None


def digest_of(api_key: str) -> str:
    """How an API key is kept: its SHA-256 in hex."""
    return hashlib.sha256(api_key.encode()).hexdigest()
