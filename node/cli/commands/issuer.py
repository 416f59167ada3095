"""`goodstanding issuer`: accreditations."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any
from urllib.parse import quote

import typer

from node.cli.asking import asking, publish
from node.cli.output import AtOption, JsonFlag, KeyOption, KnownAtOption, NodeOption, emit, fail, table

app = typer.Typer(no_args_is_help=True)
Did = Annotated[str, typer.Argument(metavar="DID")]


@app.command()
def accredit(
    did: Did,
    name: Annotated[str, typer.Option(help="Its legal name.")],
    credential_type: Annotated[list[str], typer.Option("--type", help="May be given several times.")],
    until: Annotated[str, typer.Option(help="e.g. 2030-01-01 or 2030-01-01T00:00:00Z.")],
    admin: Annotated[str, typer.Option(help="Address of its cold key: goodstanding keys show.")],
    operator: Annotated[str, typer.Option(help="Address of its hot key.")],
    jurisdiction: Annotated[
        list[str] | None, typer.Option(help="ISO 3166 code, e.g. US-CO; none: everywhere.")
    ] = None,
    node: NodeOption = None,
    api_key: KeyOption = None,
    as_json: JsonFlag = False,
) -> None:
    """Accredit an issuer (on a governor's node)."""
    body = {
        "did": did,
        "name": name,
        "credentialTypes": credential_type,
        "jurisdictions": jurisdiction or [],
        "validUntil": timestamp(until),
        "admin": admin,
        "operator": operator,
    }
    what = f"accrediting {name} ({did}) for {', '.join(credential_type)} until {until}"
    with asking(node, api_key, as_json) as client:
        publish(client, "/v1/issuers", body, what, as_json)


def _standing(did: str, standing: str, reason: str, node: str | None, key: str | None, as_json: bool) -> None:
    with asking(node, key, as_json) as client:
        path = f"/v1/issuers/{quote(did, safe=':')}/standing"
        publish(client, path, {"standing": standing, "reason": reason}, f"{did}: {standing}", as_json)


Why = Annotated[str, typer.Option("--reason", help="Stands on the ledger for all to read.")]


@app.command()
def suspend(
    did: Did, reason: Why, node: NodeOption = None, api_key: KeyOption = None, as_json: JsonFlag = False
) -> None:
    """Suspend an issuer: nothing it signed is accepted meanwhile."""
    _standing(did, "suspended", reason, node, api_key, as_json)


@app.command()
def reinstate(
    did: Did, reason: Why, node: NodeOption = None, api_key: KeyOption = None, as_json: JsonFlag = False
) -> None:
    """End a suspension."""
    _standing(did, "active", reason, node, api_key, as_json)


@app.command()
def withdraw(
    did: Did, reason: Why, node: NodeOption = None, api_key: KeyOption = None, as_json: JsonFlag = False
) -> None:
    """Withdraw an accreditation, for good."""
    _standing(did, "withdrawn", reason, node, api_key, as_json)


@app.command()
def rotate(
    did: Did,
    old: Annotated[str, typer.Option(help="Address of the operator key that goes.")],
    new: Annotated[str, typer.Option(help="Address of the one that comes.")],
    node: NodeOption = None,
    api_key: KeyOption = None,
    as_json: JsonFlag = False,
) -> None:
    """Replace an operator key (on the issuer's own node, by its admin key)."""
    what = f"replacing the operator key {old} of {did} by {new}"
    with asking(node, api_key, as_json) as client:
        path = f"/v1/issuers/{quote(did, safe=':')}/rotation"
        publish(client, path, {"old": old, "new": new}, what, as_json)


@app.command()
def show(
    did: Annotated[str | None, typer.Argument(metavar="[DID]", help="None: all issuers.")] = None,
    at: AtOption = None,
    known_at: KnownAtOption = None,
    node: NodeOption = None,
    as_json: JsonFlag = False,
) -> None:
    """Who is accredited for what, now or at a past moment."""
    with asking(node, None, as_json) as client:
        if did is None:
            found = list(client.pages("/v1/issuers", "issuers", at=at, knownAt=known_at))
            rows = [[i["did"], i["name"], i["standing"], ", ".join(i["credentialTypes"])] for i in found]
            emit(found, as_json, table(rows) or ["no issuer is accredited"])
        else:
            one = client.get(f"/v1/issuers/{quote(did, safe=':')}", at=at, knownAt=known_at)
            emit(one, as_json, table(_facts(one)))


@app.command()
def history(did: Did, node: NodeOption = None, as_json: JsonFlag = False) -> None:
    """Every version of an issuer's accreditation, oldest first."""
    with asking(node, None, as_json) as client:
        found = list(client.pages(f"/v1/issuers/{quote(did, safe=':')}/history"))
    rows = [
        [
            one["stamp"]["time"],
            f"block {one['stamp']['block']}",
            one["standing"],
            ", ".join(one["credentialTypes"]),
            f"until {one['validUntil']}",
            f"{len(one['operators'])} operators",
            one["reason"],
        ]
        for one in found
    ]
    emit(found, as_json, table(rows))


def _facts(one: dict[str, Any]) -> list[list[str]]:
    pinned = one.get("pinnedDocument")
    return [
        ["did", one["did"]],
        ["name", one["name"]],
        ["standing", one["standing"]],
        ["may issue", ", ".join(one["credentialTypes"])],
        ["where", ", ".join(one["jurisdictions"]) or "everywhere"],
        ["from", one["validFrom"]],
        ["until", one["validUntil"]],
        ["admin", one["admin"]],
        ["operators", ", ".join(one["operators"])],
        [
            "DID document",
            f"version {pinned['version']}, block {pinned['stamp']['block']}" if pinned else "not pinned",
        ],
    ]


def timestamp(text: str) -> str:
    """A date or a date and time as an RFC 3339 timestamp; UTC where no time zone is named."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise fail(f"{text!r} is no date: write 2030-01-01 or 2030-01-01T00:00:00Z") from error
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).isoformat()
