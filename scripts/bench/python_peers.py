"""The independent verifiers in Python, in this process. Keys are given to them ready for use."""

from __future__ import annotations

import asyncio
import importlib.metadata
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

from node.verification.proofs.contexts import Contexts
from scripts.bench.cases import DIDKIT, OPENVC, SD_JWT_PY, Case, Question
from scripts.bench.measuring import timed

Verify = Callable[[], object]  # raises where it refuses


class PythonPeers:
    """Measures what they can do of `cases`; a package that is not installed says so in its faults."""

    def __init__(self, cases: Sequence[Case]) -> None:
        self.versions: dict[str, str] = {}
        self.faults: dict[tuple[str, str], str] = {}
        self._verifications: dict[tuple[str, str], Verify] = {}
        for peer, verification in _PEERS.items():
            try:
                self.versions[peer] = importlib.metadata.version(peer)
            except importlib.metadata.PackageNotFoundError:
                self.faults |= {(case.name, peer): "not installed" for case in cases if peer in case.peers}
                continue
            for case in cases:
                if peer in case.peers:
                    genuine, tampered = (verification(question) for question in case.peers[peer])
                    self._verifications[case.name, peer] = genuine
                    self.faults[case.name, peer] = _fault(genuine, tampered)

    def timed(self, case: str, peer: str, seconds: float) -> list[float]:
        """Microseconds of each call in a round."""
        return timed(self._verifications[case, peer], seconds)


def _fault(genuine: Verify, tampered: Verify) -> str:
    refused = _refusal(genuine)
    if refused:
        return f"refuses the genuine one: {refused}"
    return "" if _refusal(tampered) else "accepts the tampered one"


def _refusal(verify: Verify) -> str:
    try:
        verify()
    except Exception as error:  # noqa: BLE001 - each library has its own
        return f"{type(error).__name__}: {error}"
    return ""


def _didkit(question: Question) -> Verify:
    """Its proof and dates: it calls for an event loop, which is not counted against it but for entering it."""
    import didkit  # noqa: PLC0415 - an extra

    loop = asyncio.new_event_loop()
    options = json.dumps({"proofFormat": "jwt", "checks": ["proof"]})

    async def ask() -> str:
        answer: str = await didkit.verify_credential(question["jwt"], options)
        return answer

    def verify() -> None:
        errors = json.loads(loop.run_until_complete(ask()))["errors"]
        if errors:
            raise ValueError(errors[0])

    return verify


def _openvc(question: Question) -> Verify:
    """Its proof, dates and key binding; status is not looked at."""
    import openvc  # noqa: PLC0415 - for the bench and the tests alone

    policy = openvc.VerificationPolicy(require_status=False, require_not_revoked=False)
    presented = question.get("credential")
    if "jwt" in question:
        presented = question["jwt"]
    if "sdJwt" in question:
        presented = question["sdJwt"]
        policy = openvc.VerificationPolicy(
            require_status=False,
            require_key_binding=True,
            audience=question["audience"],
            nonce=question["nonce"],
            now=datetime.fromtimestamp(question["now"], UTC),
        )
    contexts = Contexts()
    known = {url: contexts.document(url) for url in contexts.urls()}
    return partial(openvc.verify_credential, presented, policy=policy, extra_contexts=known)


def _sd_jwt(question: Question) -> Verify:
    """The two signatures and the disclosures; it does not look at dates."""
    from jwcrypto.jwk import JWK  # noqa: PLC0415
    from sd_jwt.verifier import SDJWTVerifier  # noqa: PLC0415

    key = JWK.from_json(json.dumps(question["key"]))

    def verify() -> Any:
        verifier = SDJWTVerifier(question["sdJwt"], lambda *_: key, question["audience"], question["nonce"])
        return verifier.get_verified_payload()

    return verify


_PEERS: dict[str, Callable[[Question], Verify]] = {DIDKIT: _didkit, OPENVC: _openvc, SD_JWT_PY: _sd_jwt}
