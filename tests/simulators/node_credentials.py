"""What a node in memory says of credentials, and issues."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson

from node.issuing.status_lists import ListForm, SignedList
from node.services.receipts import Answer
from node.verification.given import NOTHING, Given
from node.verification.policy import Policy
from node.verification.skills import answer_skills
from node.verification.verdict import Verdict
from registry.records import NOW, AsOf
from tests.simulators import verdicts
from tests.simulators.receipts import ProvableBoard


class SimulatedVerification:
    """Gives the verdict that the document's `id` names; what is not JSON could not be read."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.fault: Exception | None = None

    async def verify(
        self,
        raw: bytes | str | dict[str, Any],
        *,
        policy: Policy,
        challenge: str | None = None,
        domain: str | None = None,
        at: AsOf = NOW,
        given: Given = NOTHING,
    ) -> Verdict:
        asked = {"raw": raw, "policy": policy, "challenge": challenge, "domain": domain, "at": at}
        self.asked.append(asked | {"given": given})
        if self.fault:
            raise self.fault
        try:
            document = raw if isinstance(raw, dict) else orjson.loads(raw)
            verdict = verdicts.BY_NAME[document["id"]]
            return verdict._replace(skills=answer_skills(given.skills, verdict.credentials))
        except (orjson.JSONDecodeError, KeyError, TypeError):
            return verdicts.UNREADABLE


class SimulatedReceipts:
    """A receipt for every verdict, or the reason there is none."""

    def __init__(self, verification: SimulatedVerification) -> None:
        self._verification = verification
        self.problem = ""

    async def verify(self, document: dict[str, Any] | str, **asked: Any) -> Answer:
        verdict = await self._verification.verify(document, **asked)
        if self.problem:
            return Answer(verdict, None, self.problem)
        return Answer(verdict, ProvableBoard().receipt(document))


class SimulatedIssuer:
    def issue(
        self,
        credential: dict[str, Any],
        *,
        mechanism: str,
        disclose: Sequence[str] = (),
        holder: Any = None,
        decoys: int = 0,
        mandatory: Sequence[str] = (),
    ) -> dict[str, Any] | str:
        if mechanism == "dc+sd-jwt":
            return "~".join(("eyJhbGciOiJFZERTQSJ9.e30.c2ln", *["decoy"] * decoys, *disclose, str(holder)))
        if mechanism == "vc+jwt":
            return "eyJhbGciOiJFZERTQSJ9.e30.c2ln"
        return {
            **credential,
            "proof": {"cryptosuite": mechanism} | ({"shows": list(mandatory)} if mandatory else {}),
        }


class SimulatedLists:
    def __init__(self) -> None:
        self.asked: list[tuple[ListForm, int | None]] = []

    def signed(
        self, uri: str, form: ListForm = ListForm.EMBEDDED, *, moment: int | None = None
    ) -> SignedList | None:
        self.asked.append((form, moment))
        if uri != verdicts.LIST or (moment is not None and not 0 < moment <= verdicts.NOW):
            return None
        embedded = {"id": uri, "credentialSubject": {"ttl": 300_000}}
        return SignedList(embedded if form is ListForm.EMBEDDED else f"eyJh.{form.name}.c2ln", None)
