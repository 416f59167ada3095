"""`goodstanding keys`: what this node's own keys are called, never what they are."""

from __future__ import annotations

from pathlib import Path

import typer
from pydantic import SecretStr

from node.cli.output import JsonFlag, emit, fail, table

app = typer.Typer(no_args_is_help=True)


@app.callback()
def _group() -> None:
    """This node's own keys."""


@app.command()
def show(as_json: JsonFlag = False) -> None:
    """The addresses a governor needs to accredit this node's issuer, and the public keys it signs with."""
    from node.crypto.public_keys import KeyType
    from node.crypto.signing import SigningKey
    from node.errors import NotConfigured
    from node.keys import KeyFileError, KeyName, KeyStore
    from node.settings import read_settings

    try:
        settings = read_settings()
        store = KeyStore(settings.data_dir / "keys", settings.key_password)
        issuing = {
            name: SigningKey.from_bytes(type_, store.open(name)).public.to_multikey()
            for name, type_ in ((KeyName.ISSUING, KeyType.ED25519), (KeyName.ISSUING_P256, KeyType.P256))
        }
        shown = addresses_in(settings.data_dir, settings.key_password)
    except (NotConfigured, KeyFileError, OSError) as error:
        raise fail(str(error), as_json) from error
    shown |= {str(name): public for name, public in issuing.items()}
    emit(shown, as_json, table([[name, value] for name, value in shown.items()]))


def addresses_in(data_dir: Path, password: SecretStr | None = None) -> dict[str, str]:
    """The `admin` and `operator` addresses of the node that keeps its keys there. Raises KeyFileError."""
    from node.keys import KeyName, KeyStore
    from registry.publisher.signer import LocalSigner

    store = KeyStore(data_dir / "keys", password)
    return {str(name): LocalSigner(store.open(name)).address for name in (KeyName.ADMIN, KeyName.OPERATOR)}
