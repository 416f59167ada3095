"""The command line's line to a running node: its HTTP API, and nothing else."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import orjson

DEFAULT_NODE = "http://127.0.0.1:8700"
_NO_ADDRESS = f"is no address of a node, such as {DEFAULT_NODE}"
PAGE = 1000  # entries: the most that the API gives at a time


class ApiProblem(Exception):
    """The node answered with a problem (RFC 9457), or not at all. The message says what to do about it."""

    def __init__(self, message: str, body: dict[str, Any] | None = None) -> None:
        super().__init__(message)
        self.body = body or {"title": message}


class NodeClient:
    """Requests to one node. The API key comes from the environment or the node's own data folder."""

    def __init__(self, base_url: str | None = None, api_key: str | None = None, *, timeout: float = 60) -> None:
        self.base_url = (base_url or os.environ.get("GOODSTANDING_NODE") or DEFAULT_NODE).rstrip("/")
        key = api_key or os.environ.get("GOODSTANDING_API_KEY") or _key_beside_the_node()
        if not (key.isascii() and key.isprintable()):  # RFC 6750 §2.1
            raise ApiProblem("that is no API key: it has characters that none has")
        headers = {"authorization": f"Bearer {key}"} if key else {}
        try:
            self._http = httpx2.Client(
                base_url=self.base_url,
                headers=headers,
                timeout=timeout,
                trust_env=False,
                follow_redirects=False,
            )
        except (httpx2.InvalidURL, ValueError) as error:
            raise ApiProblem(f"{self.base_url} {_NO_ADDRESS}") from error

    def get(self, path: str, **query: str | int | None) -> Any:
        """The JSON answered. Raises ApiProblem."""
        return self._send("GET", path, params=_given(query))

    def pages(
        self, path: str, of: str = "history", *, after: str | int | None = None, **query: str | None
    ) -> Iterator[Any]:
        """The entries of a listing or a history, in its order, page after page. Raises ApiProblem."""
        while True:
            found = self.get(path, after=after, limit=PAGE, **query)
            yield from found[of]
            after = found["next"]
            if after is None:
                return

    def post(self, path: str, body: Any = None, *, raw: bytes | None = None, **query: str | int | None) -> Any:
        """The JSON answered. Raises ApiProblem."""
        try:
            content = raw if raw is not None else orjson.dumps(body if body is not None else {})
        except orjson.JSONEncodeError as error:  # of arguments: a number of 65 bits, bytes that are no text
            raise ApiProblem(f"what is asked cannot be written as JSON: {error}") from error
        return self._send(
            "POST", path, params=_given(query), content=content, headers={"content-type": "application/json"}
        )

    def _send(self, method: str, path: str, **request: Any) -> Any:
        try:
            response = self._http.request(method, path, **request)
        except httpx2.UnsupportedProtocol as error:
            raise ApiProblem(f"{self.base_url} {_NO_ADDRESS}") from error
        except (httpx2.ConnectError, httpx2.ConnectTimeout) as error:
            raise ApiProblem(
                f"no node answers at {self.base_url} ({type(error).__name__}); goodstanding serve starts one"
            ) from error
        except httpx2.HTTPError as error:
            raise ApiProblem(
                f"the node at {self.base_url} took this and gave no answer ({type(error).__name__}): "
                "it may be done all the same"
            ) from error
        try:
            body = orjson.loads(response.content) if response.content else {}
        except orjson.JSONDecodeError as error:
            raise ApiProblem(f"{self.base_url}{path} answered {response.status_code} without JSON") from error
        if not isinstance(body, dict):
            raise ApiProblem(f"{self.base_url}{path} answered {response.status_code} as no node does")
        if response.is_error:
            raise ApiProblem(_said(body, response.status_code), body)
        return body

    def close(self) -> None:
        """Give the connection back."""
        self._http.close()


def _given(query: dict[str, str | int | None]) -> dict[str, str | int]:
    return {name: value for name, value in query.items() if value is not None}


def _said(problem: dict[str, Any], status: int) -> str:
    """The problem's own words, with the members at fault; of a missing key how to give one."""
    if problem.get("state") == "failed":  # a publication
        return f"the ledger refused: {problem['error']}"
    # W3C DID Resolution §4.2 and §5.2
    metadata = problem.get("didResolutionMetadata") or problem.get("dereferencingMetadata") or {}
    resolving = metadata.get("error") or {}
    said = problem.get("detail") or problem.get("title") or resolving.get("detail") or f"HTTP {status}"
    if status == 401:
        return f"{said} Name one by --api-key or GOODSTANDING_API_KEY, or the node's own GOODSTANDING_DATA_DIR"
    faults = [f"{one['member']}: {one['detail']}" for one in problem.get("errors") or ()]
    member = str(problem.get("member") or "")
    if member and not str(said).startswith(f"{member}: "):
        faults.append(member)
    return f"{said} [{'; '.join(faults)}]" if faults else str(said)


def _key_beside_the_node() -> str:
    """The key that `goodstanding serve` made at its first start, where it runs on this machine as this user."""
    path = Path(os.environ.get("GOODSTANDING_DATA_DIR", "data")) / "api-key"
    try:
        return path.read_text().strip()
    except (OSError, UnicodeDecodeError):
        return ""
