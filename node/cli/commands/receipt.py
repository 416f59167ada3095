"""`goodstanding receipt`: what a verdict's receipt proves. Needs no node, no network and no database."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import orjson
import typer

from node.cli.commands.verify import read_document
from node.cli.output import JsonFlag, emit, fail

app = typer.Typer(no_args_is_help=True)
_MARK = {"yes": "✓", "no": "✗", "open": "?"}


@app.callback()
def _group() -> None:
    """Verdicts that can be proved later."""


@app.command()
def verify(
    file: Annotated[Path, typer.Argument(help="A receipt; - reads standard input.")],
    credential: Annotated[
        Path | None, typer.Option(help="What was verified: the verdict on it is recomputed.")
    ] = None,
    validators: Annotated[
        Path | None, typer.Option(help="Whose seals count: consensus, validators and contracts, as JSON.")
    ] = None,
    signed_by: Annotated[str | None, typer.Option(help="The did:key that must have signed it.")] = None,
    identifier: Annotated[
        list[str] | None,
        typer.Option(help="Known of the person, as the verdict was asked with; in that order."),
    ] = None,
    resource: Annotated[
        list[str] | None, typer.Option(metavar="ADDRESS=FILE", help="A file the verdict was asked with.")
    ] = None,
    as_json: JsonFlag = False,
) -> None:
    """Say what a receipt proves, offline. Exit status 1 if something in it does not hold, 3 if it holds as far
    as it was looked at: without --validators nobody's seal is, without --credential its verdict is not."""
    from node.errors import NotConfigured
    from node.services.receipt_audit import Holds, audit
    from node.settings import read_settings
    from node.startup import contexts_of, schemas_of, type_metadata_of
    from node.verification.given import Given, Identifier
    from node.verification.proof import ProofChecker
    from node.verification.proofs import strict_json
    from node.verification.proofs.data_integrity.data_integrity import DataIntegrity
    from node.verification.receipt import MAX_BYTES, Receipt, ReceiptInvalid
    from node.verification.refusals import Refused
    from node.verification.verifier import Verifier
    from registry.proofs.validators_file import TrustedLedger, ValidatorsFileInvalid

    try:
        raw = orjson.dumps(read_document(file))
        if len(raw) > MAX_BYTES:
            raise ReceiptInvalid(f"it has more than {MAX_BYTES} bytes")
        receipt = Receipt.from_json(strict_json.parse(raw))
        trusted = None if validators is None else TrustedLedger.load(validators)
        settings = read_settings()  # whose folders hold the schemas and contexts that the verdict rests on
        contexts = contexts_of(settings)
        proofs = ProofChecker(DataIntegrity(contexts))
        verifier = Verifier(proofs, schemas_of(settings), contexts, type_metadata_of(settings))
    except (ReceiptInvalid, Refused, ValidatorsFileInvalid, NotConfigured) as error:
        raise fail(f"{file}: {error}", as_json) from error
    except OSError as error:
        raise fail(f"cannot read {validators}: {error.strerror}", as_json) from error
    document = None if credential is None else read_document(credential)
    given = Given(
        tuple(Identifier(one) for one in identifier or ()),
        dict(_resource(one, as_json) for one in resource or ()),
    )
    findings = audit(receipt, verifier, trusted=trusted, document=document, node=signed_by, given=given)
    found = [{"about": one.about, "holds": one.holds.value, "words": one.words} for one in findings]
    emit(found, as_json, (f"{_MARK[one['holds']]} {one['about']:<10} {one['words']}" for one in found))
    if any(one.holds is Holds.NO for one in findings):
        raise typer.Exit(1)
    if any(one.holds is Holds.OPEN for one in findings):
        raise typer.Exit(3)


def _resource(text: str, as_json: bool) -> tuple[str, bytes]:
    """Exits where there is none. The last = divides: an address may have more."""
    address, divided, name = text.rpartition("=")
    if not divided:
        raise fail(f"--resource is ADDRESS=FILE, not {text}", as_json)
    try:
        return address, Path(name).read_bytes()
    except OSError as error:
        raise fail(f"cannot read {name}: {error.strerror}", as_json) from error
