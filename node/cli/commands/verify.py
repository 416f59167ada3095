"""`goodstanding verify FILE`: the verdict, in lines a person understands."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer

from node.cli.asking import asking
from node.cli.output import AtOption, JsonFlag, KeyOption, KnownAtOption, NodeOption, emit, fail

EXIT_OF_DECISION = {"accept": 0, "reject": 1, "indeterminate": 3, "review": 4}
HEADING = {
    "accept": "IN GOOD STANDING",
    "reject": "NOT VALID",
    "indeterminate": "COULD NOT BE CHECKED",
    "review": "NEEDS A LOOK",
}
_MARK = {"PASSED": "✓", "FAILED": "✗", "INDETERMINATE": "?", "NOT_APPLICABLE": "·", "SKIPPED": "·"}

_RELATION = {"endorsement": "endorsed by", "contained": "contains", "verification": "backed by"}

_STANDING = {
    "proven": "proven",
    "not_accepted": "not proven: what attests it is not accepted",
    "self_asserted": "not proven: only said by the holder",
    "not_found": "not found",
}
_BACKING = {
    "self_asserted": "in the holder's own words",
    "backed": "backed by a credential below",
    "not_backed": "what is attached does not back it",
}

_RECOGNITION = {
    "PASSED": "recognised",
    "INDETERMINATE": "recognition could not be checked",
    "SKIPPED": "recognition not checked",
}


def verify(
    file: Annotated[Path, typer.Argument(help="A credential or presentation; - reads standard input.")],
    policy: Annotated[str | None, typer.Option(help="Name of one of the node's policies.")] = None,
    challenge: Annotated[str | None, typer.Option(help="What the holder was asked to sign.")] = None,
    domain: Annotated[str | None, typer.Option(help="For whom the holder signed.")] = None,
    skill: Annotated[list[str] | None, typer.Option(help="A skill that is looked for; repeatable.")] = None,
    identifier: Annotated[
        list[str] | None,
        typer.Option(help="Known of the person, e.g. an e-mail address; repeatable."),
    ] = None,
    at: AtOption = None,
    known_at: KnownAtOption = None,
    receipt: Annotated[
        Path | None, typer.Option(help="Where to keep a receipt, by which the verdict can be proved later.")
    ] = None,
    node: NodeOption = None,
    api_key: KeyOption = None,
    as_json: JsonFlag = False,
) -> None:
    """Verify a credential or a presentation. The exit status is the decision."""
    document = read_document(file)
    asked: dict[str, Any] = {"credential": document}
    named = (("policy", policy), ("challenge", challenge), ("domain", domain))
    asked |= {name: value for name, value in named if value is not None}  # an empty one is asked for, too
    asked |= {k: v for k, v in (("skills", skill), ("identifiers", identifier)) if v}
    if receipt is not None:
        asked["receipt"] = True
    with asking(node, api_key, as_json) as client:
        verdict = client.post("/v1/verifications", asked, at=at, knownAt=known_at)
    if receipt is not None:
        _keep(verdict, receipt, as_json)
    emit(verdict, as_json, verdict_lines(verdict))
    raise typer.Exit(EXIT_OF_DECISION.get(verdict["decision"], 2))


def _keep(verdict: dict[str, Any], receipt: Path, as_json: bool) -> None:
    """Write the receipt. Exits where there is none."""
    if verdict["receipt"] is None:
        raise fail(verdict["receiptProblem"], as_json)
    try:
        receipt.write_bytes(orjson.dumps(verdict["receipt"]) + b"\n")
    except OSError as error:
        raise fail(f"cannot write {receipt}: {error.strerror}", as_json) from error


def read_document(file: Path) -> Any:
    """The JSON value, or the text of a compact JWS. Exits where there is none."""
    try:
        raw = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
        text = raw.decode().strip()
    except OSError as error:
        raise fail(f"cannot read {file}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise fail(f"{file} is neither JSON nor a JWT: not UTF-8") from error
    if text.startswith("ey"):
        return text
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise fail(f"{file} is neither JSON nor a JWT: {error}") from error


def verdict_lines(verdict: dict[str, Any]) -> Iterator[str]:
    """The verdict as lines of text."""
    yield HEADING.get(verdict["decision"], verdict["decision"])
    for check in verdict["checks"]:
        yield _check_line(check)
    for one in verdict["skills"]:
        levels = ", ".join(
            dict.fromkeys(proof["proficiency"] for proof in one["proofs"] if proof["proficiency"])
        )
        standing = _STANDING.get(one["standing"], one["standing"])
        yield f"  {one['name']}: {standing}{f' ({levels})' if levels else ''}"
    for one in verdict["credentials"]:
        yield ""
        yield from _credential_lines(one)
    if verdict.get("asOf"):
        yield ""
        yield f"as of block {verdict['asOf']['block']}, {verdict['asOf']['time']}"


def _credential_lines(one: dict[str, Any]) -> Iterator[str]:
    summary = one["summary"]
    if summary:
        issuer = (
            summary["issuer"]["recognisedName"] or summary["issuer"]["claimedName"] or summary["issuer"]["did"]
        )
        yield f"  {summary['title']}"
        yield f"  held by     {summary['subject']['name'] or summary['subject']['id'] or 'not named'}"
        yield f"  issued by   {issuer} ({_recognition(one['checks'])})"
        yield f"  valid to    {summary['validUntil'] or _no_end(one['checks'])}"
        for skill in summary["skills"]:
            level = f": {skill['proficiency']}" if skill["proficiency"] else ""
            yield f"  skill       {skill['name']}{level}"
    for check in one["checks"]:
        yield _check_line(check)
    for record in one["records"]:
        yield f"  says        {record['title']} ({_BACKING.get(record['backing'], record['backing'])})"
    for inner in one["enclosed"]:
        yield f"  {_RELATION.get(inner['relation'], inner['relation'])}: {HEADING[inner['decision']]}"
        yield from (f"  {line}" for line in _credential_lines(inner))


def _no_end(checks: list[dict[str, Any]]) -> str:
    """Why no end is known: of a credential shown in part, it may have been left out."""
    withheld = any(check["id"] == "validity" and check["reason"] == "possibly_withheld" for check in checks)
    return "not shown" if withheld else "no end named"


def _recognition(checks: list[dict[str, Any]]) -> str:
    """Of the issuer, now: its name is on record even while it is suspended."""
    outcome = next((check["outcome"] for check in checks if check["id"] == "trust"), "SKIPPED")
    return _RECOGNITION.get(outcome, "not recognised")


def _check_line(check: dict[str, Any]) -> str:
    return f"  {_MARK.get(check['outcome'], '?')} {check['id']:<10} {check['detail']} [{check['reason']}]"
