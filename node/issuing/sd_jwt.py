"""What an SD-JWT VC is issued with: its claims completed and checked, and the key of its holder."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from node.crypto.public_keys import MalformedKey, PublicKey
from node.did.syntax import InvalidDid, did_of, method_of
from node.issuing.refusals import IssuingRefused
from registry.records import StatusListRecord, StatusPurpose


def completed_claims(
    claims: Mapping[str, Any],
    did: str,
    now: int,
    status_list: Callable[[str], StatusListRecord | None],
    holder: Mapping[str, Any] | str | None,
) -> dict[str, Any]:
    """A copy with `iss`, `iat` and, for a `holder`, `cnf`. Raises IssuingRefused.

    `holder`: a public JWK, or the DID URL of a key the holder controls.
    """
    whole = {"iss": did, "iat": now, **claims}
    if "@context" in whole:
        raise IssuingRefused("an SD-JWT VC is made of claims, not of a JSON-LD credential", "/@context")
    vct = whole.get("vct")
    if not isinstance(vct, str) or not vct:
        raise IssuingRefused("it says in vct what kind of credential it is", "/vct")
    if whole["iss"] != did:
        raise IssuingRefused(f"this node issues as {did} and as nobody else", "/iss")
    for name in ("iat", "nbf", "exp"):
        if name in whole and (type(whole[name]) is not int or not 0 <= whole[name] < 1 << 37):
            raise IssuingRefused(f"{name} is a number of seconds since 1970", f"/{name}")
    if whole.get("exp", now) < whole.get("nbf", 0):
        raise IssuingRefused("it would end before it begins", "/exp")
    if holder is not None:
        if "cnf" in whole:
            raise IssuingRefused("it names a holder already", "/cnf")
        whole["cnf"] = _confirmation(holder)
    if "status" in whole:
        _check_status(whole["status"], did, status_list)
    return whole


def _confirmation(holder: Mapping[str, Any] | str) -> dict[str, Any]:
    """RFC 7800 §3.2, §3.4."""
    if isinstance(holder, str):
        try:
            method_of(did_of(holder))
        except InvalidDid as error:
            raise IssuingRefused("the holder is a public JWK or a DID URL", "/holder") from error
        return {"kid": holder}
    try:
        PublicKey.from_jwk(holder)
    except MalformedKey as error:
        raise IssuingRefused(f"the holder's key cannot be used: {error}", "/holder") from error
    return {"jwk": dict(holder)}


def _check_status(status: object, did: str, status_list: Callable[[str], StatusListRecord | None]) -> None:
    """Token Status List §6.2: an index and the address of a list, ours and open."""
    match status:
        case {"status_list": {"idx": int() as index, "uri": str() as uri}} if type(index) is int:
            record = status_list(uri)
        case _:
            raise IssuingRefused("a status is {status_list: {idx, uri}}", "/status")
    if record is None or record.issuer_did != did:
        raise IssuingRefused("not a status list of this issuer", "/status/status_list/uri")
    if record.closed:
        raise IssuingRefused("the status list is closed", "/status/status_list/uri")
    if record.purpose is StatusPurpose.REFRESH:
        raise IssuingRefused("the list says nothing of a credential's validity", "/status/status_list/uri")
    if not 0 <= index < record.size:
        raise IssuingRefused(f"an index is a number, 0 … {record.size - 1}", "/status/status_list/idx")
