"""Verifying and issuing in the shapes of the W3C's VCALM 1.0."""

from __future__ import annotations

from typing import Any

import orjson
from fastapi import APIRouter, Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from node.api.auth import admitted_to_verify, require_key
from node.api.bodies import DirectRoute, json_object, object_member, text_member
from node.api.openapi.issuing import DERIVE, ISSUE
from node.api.openapi.verifying import VERIFY_CREDENTIAL, VERIFY_PRESENTATION
from node.api.presenters import vcalm_credential_json, vcalm_presentation_json
from node.api.problems import Problem
from node.api.questions import answer, question
from node.api.services import NodeDep
from node.errors import NotConfigured

router = APIRouter(tags=["VCALM"])
verifying = APIRouter(route_class=DirectRoute)

DEFAULT_MECHANISM = "eddsa-rdfc-2022"


@verifying.post(
    "/credentials/verify",
    summary="Verify a credential",
    openapi_extra=VERIFY_CREDENTIAL,
)
async def verify_credential(request: Request) -> Response:
    """VCALM §3.3.1. A credential that fails is a 200 with `verified: false`.

    `options.checks` cannot narrow what is checked: a revoked credential is never `verified: true`.
    """
    node = admitted_to_verify(request)
    body = await json_object(request)
    credential = _document(body, "verifiableCredential")
    options = object_member(body, "options")
    asked = await question(node, options, "/options")
    verdict = await answer(request, credential, asked)
    found = vcalm_credential_json(verdict)
    if options.get("returnCredential") is True and not node.settings.hidden_claims:
        found["credential"] = credential
    return _json(found)


@verifying.post(
    "/presentations/verify",
    summary="Verify a presentation",
    openapi_extra=VERIFY_PRESENTATION,
)
async def verify_presentation(request: Request) -> Response:
    """VCALM §3.3.2. `options.challenge` and `options.domain` are compared with what the holder signed."""
    node = admitted_to_verify(request)
    body = await json_object(request)
    presentation = _document(body, "verifiablePresentation")
    options = object_member(body, "options")
    asked = await question(node, options, "/options")
    verdict = await answer(request, presentation, asked)
    found = vcalm_presentation_json(verdict, challenge=asked.challenge, domain=asked.domain)
    if options.get("returnPresentation") is True and not node.settings.hidden_claims:
        found["verifiablePresentation"] = presentation
    return _json(found)


@router.post(
    "/credentials/issue",
    summary="Issue a credential as this node's own DID",
    status_code=201,
    dependencies=[Depends(require_key)],
    openapi_extra=ISSUE,
)
async def issue_credential(request: Request, node: NodeDep) -> Response:
    """VCALM §3.2.1. `options.mechanism` (of a proof also `options.cryptosuite`): eddsa-rdfc-2022 (default),
    eddsa-jcs-2022, ecdsa-rdfc-2019, ecdsa-jcs-2019, ecdsa-sd-2023, vc+jwt or dc+sd-jwt.

    For dc+sd-jwt `credential` holds the claims, `options.disclose` JSON pointers to those its holder may
    withhold, `options.holder` the public JWK or DID URL of the holder's key, and `options.decoys` how many
    digests of nothing are added in each place, so that their number tells nothing. For ecdsa-sd-2023
    `options.mandatoryPointers` lead to what its holder always shows, beside type, issuer, dates and status.
    """
    body = await json_object(request)
    credential = body.get("credential")
    if not isinstance(credential, dict):
        raise Problem(400, "malformed-request", "credential is not an object.", member="/credential")
    options = object_member(body, "options")
    mechanism, holder = _mechanism(options), options.get("holder")
    disclose, mandatory = _pointers(options, "disclose"), _pointers(options, "mandatoryPointers")
    if not isinstance(holder, dict | str | None):
        raise Problem(400, "malformed-request", "holder is no JWK and no DID URL.", member="/options/holder")
    decoys = options.get("decoys", 0)
    if type(decoys) is not int:
        raise Problem(400, "malformed-request", "decoys is not a whole number.", member="/options/decoys")
    if node.issuer is None:
        raise NotConfigured("this node does not issue: set GOODSTANDING_ISSUER_DID")
    secured = await run_in_threadpool(
        node.issuer.issue,
        credential,
        mechanism=mechanism,
        disclose=disclose,
        holder=holder,
        decoys=decoys,
        mandatory=mandatory,
    )
    if isinstance(secured, str):
        secured = _enveloped(secured, mechanism)
    return _json({"verifiableCredential": secured}, 201)


@router.post(
    "/credentials/derive",
    summary="Cut a credential down to what its holder shows",
    status_code=201,
    dependencies=[Depends(require_key)],
    openapi_extra=DERIVE,
)
async def derive_credential(request: Request, node: NodeDep) -> Response:
    """VCALM §3.5.1. `verifiableCredential` has an issuer's proof by ecdsa-sd-2023; `options.selectivePointers`
    are JSON pointers to what is shown beside what is mandatory.
    """
    body = await json_object(request)
    credential = body.get("verifiableCredential")
    if not isinstance(credential, dict):
        raise Problem(
            400, "malformed-request", "verifiableCredential is not an object.", member="/verifiableCredential"
        )
    pointers = _pointers(object_member(body, "options"), "selectivePointers")
    derived = await run_in_threadpool(node.deriver.derive, credential, pointers)
    return _json({"verifiableCredential": derived}, 201)


router.include_router(verifying)


def _document(body: dict[str, Any], member: str) -> dict[str, Any] | str:
    """The credential or presentation: an object, or a compact JWS. Raises Problem 400."""
    value = body.get(member)
    if not isinstance(value, dict | str) or not value:
        raise Problem(400, "malformed-request", f"{member} is missing, or no object.", member=f"/{member}")
    return value


def _mechanism(options: dict[str, Any]) -> str:
    """By either name; of both, the same. Raises Problem 400."""
    named = {name: text_member(options, name, "/options") for name in ("mechanism", "cryptosuite")}
    found = {value for value in named.values() if value is not None}
    if len(found) > 1:
        detail = "mechanism and cryptosuite name different ones."
        raise Problem(400, "malformed-request", detail, member="/options/cryptosuite")
    return found.pop() if found else DEFAULT_MECHANISM


def _pointers(options: dict[str, Any], name: str) -> list[str]:
    """A list of texts; empty when absent. Raises Problem 400."""
    value = options.get(name, [])
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise Problem(400, "malformed-request", f"{name} is not a list of strings.", member=f"/options/{name}")
    return value


def _enveloped(compact: str, media_type: str) -> dict[str, Any]:
    """VCDM 2.0 §4.13: a credential secured by an envelope, as an object."""
    return {
        "@context": "https://www.w3.org/ns/credentials/v2",
        "id": f"data:application/{media_type},{compact}",
        "type": "EnvelopedVerifiableCredential",
    }


def _json(body: dict[str, Any], status: int = 200) -> Response:
    return Response(orjson.dumps(body), status, {"Cache-Control": "no-store"}, "application/json")
