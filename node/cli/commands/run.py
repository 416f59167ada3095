"""`goodstanding serve`: run a node."""

from __future__ import annotations

from typing import Annotated

import typer

from node.cli.output import fail


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.")] = None,
    log_level: Annotated[str, typer.Option(help="DEBUG, INFO, WARNING or ERROR.")] = "INFO",
) -> None:
    """Run a node until it is stopped. Settings come from the environment: GOODSTANDING_…"""
    import asyncio
    import logging

    from alembic.util import CommandError
    from sqlalchemy.exc import DBAPIError, SQLAlchemyError

    from node.errors import NodeError
    from node.keys import KeyFileError
    from node.observability import configure_logging
    from node.server import serve_node
    from node.settings import read_settings
    from registry.embedded.errors import EmbeddedLedgerError
    from registry.network_file import NetworkFileInvalid

    if log_level.upper() not in logging.getLevelNamesMapping():
        raise fail("--log-level is DEBUG, INFO, WARNING or ERROR")
    configure_logging(log_level.upper())
    named = {name: value for name, value in (("host", host), ("port", port)) if value is not None}
    try:
        settings = read_settings(**named)
    except NodeError as error:
        raise fail(f"settings: {error}") from error
    try:
        asyncio.run(serve_node(settings))
    except (NodeError, KeyFileError, EmbeddedLedgerError, NetworkFileInvalid, OSError) as error:
        raise fail(str(error), code=1) from error
    except DBAPIError as error:  # its own text would name the statement too
        raise fail(f"the database cannot be used: {error.orig}", code=1) from error
    except CommandError as error:  # its tables are of a version that this program has no word of
        raise fail(f"the database was made by a later version of this program: {error}", code=1) from error
    except SQLAlchemyError as error:
        raise fail(f"the database cannot be used: {error}", code=1) from error
