"""The page: paste, drop or choose a credential, press Verify, read the answer. No script needed."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter, Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.staticfiles import StaticFiles

from node.api import questions
from node.api.auth import key_is_known
from node.api.services import Node, NodeDep
from node.web import views
from node.web.asked import AskedTooMuch, asked

HERE = Path(__file__).parent

static_files = StaticFiles(directory=HERE / "static")

router = APIRouter(include_in_schema=False)

_templates = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@router.get("/")
async def ask(node: NodeDep) -> Response:
    return _asking(node)


@router.get("/verify")
async def start_again() -> Response:
    """A reload of the answer without its form data."""
    return RedirectResponse("/", 303)


@router.post("/verify")
async def answer(request: Request, node: NodeDep) -> Response:
    try:
        async with request.form(max_files=1, max_fields=5, max_part_size=node.settings.max_body_bytes) as form:
            access = form.get("access")
            upload = form.get("file")
            raw = await upload.read() if isinstance(upload, UploadFile) else b""
            pasted, skills, known_by = form.get("text"), form.get("skills"), form.get("known_by")
    except HTTPException as error:
        words = (
            "That is too large to be a credential." if error.status_code == 413 else "That could not be read."
        )
        return _asking(node, words, error.status_code)
    looked_for = skills if isinstance(skills, str) else ""
    if node.settings.verify_requires_key and not (
        isinstance(access, str) and key_is_known(access, node.settings.api_keys_sha256)
    ):
        return _asking(node, "That access code is not known here.", 401, looked_for)
    if not raw and isinstance(pasted, str):
        raw = pasted.strip().encode("utf-8", "replace")
    if not raw:
        return _asking(node, "Paste a credential or choose its file first.", 400, looked_for)
    try:
        members = asked(skills, known_by)
    except AskedTooMuch as error:
        return _asking(node, str(error), 400, looked_for)
    verdict = await questions.answer(request, raw, await questions.question(node, members))
    return _html("answer.html", node, page=views.page(verdict), looked_for=looked_for)


def _asking(node: Node, problem: str = "", status: int = 200, looked_for: str = "") -> Response:
    return _html("ask.html", node, status, problem=problem, looked_for=looked_for)


def _html(template: str, node: Node, status: int = 200, **values: object) -> Response:
    """`looked_for`: skills stay on the form for the next person; what one of them is known by does not."""
    text = _templates.get_template(template).render(
        needs_key=node.settings.verify_requires_key, max_bytes=node.settings.max_body_bytes, **values
    )
    return HTMLResponse(text, status, {"Cache-Control": "no-store"})
