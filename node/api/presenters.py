"""Verdicts as JSON: the node's own result model, and VCALM's members beside it. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from node.api.problem_types import problem_type
from node.verification.verdict import (
    Check,
    CheckId,
    CredentialVerdict,
    Decision,
    Mention,
    Outcome,
    Source,
    Summary,
    Verdict,
)
from registry.records import BlockStamp

_SETTLED = (Outcome.PASSED, Outcome.NOT_APPLICABLE, Outcome.SKIPPED)


def verdict_json(verdict: Verdict) -> dict[str, Any]:
    """The node's own result model."""
    return {
        "decision": verdict.decision.value,
        "checkedAt": timestamp(verdict.checked_at),
        "asOf": stamp_json(verdict.as_of),
        "policy": verdict.policy,
        "checks": [check_json(check) for check in verdict.checks],
        "credentials": [credential_verdict_json(one) for one in verdict.credentials],
        "notes": list(verdict.notes),
        "skills": [
            {
                "name": one.name,
                "standing": one.standing.value,
                "proofs": [
                    {
                        "credential": proof.credential,
                        "proficiency": proof.proficiency,
                        "framework": proof.framework,
                        "decision": proof.decision.value,
                    }
                    for proof in one.proofs
                ],
            }
            for one in verdict.skills
        ],
    }


def credential_verdict_json(one: CredentialVerdict) -> dict[str, Any]:
    return {
        "decision": one.decision.value,
        "mechanism": one.mechanism,
        "summary": _summary_json(one.summary) if one.summary else None,
        "checks": [check_json(check) for check in one.checks],
        "enclosed": [
            {
                "relation": inner.relation.value,
                "member": inner.member,
                **credential_verdict_json(inner.verdict),
            }
            for inner in one.enclosed
        ],
        "records": [
            {
                "kind": record.kind,
                "title": record.title,
                "detail": record.detail,
                "member": record.member,
                "backing": record.backing.value,
                "backedBy": list(record.backed_by),
            }
            for record in one.records
        ],
    }


def check_json(check: Check) -> dict[str, Any]:
    found: dict[str, Any] = {
        "id": check.id.value,
        "outcome": check.outcome.value,
        "reason": check.reason.value,
        "detail": check.detail,
        "checkedAt": timestamp(check.checked_at),
    }
    if check.member:
        found["member"] = check.member
    if check.since is not None:
        found["since"] = timestamp(check.since)
    if check.source is not None:
        found["source"] = _source_json(check.source)
    return found


def stamp_json(stamp: BlockStamp | None) -> dict[str, Any] | None:
    """A block stamp: number, hash in hex, time."""
    if stamp is None:
        return None
    return {"block": stamp.number, "hash": "0x" + stamp.hash.hex(), "time": timestamp(stamp.time)}


@lru_cache(maxsize=1024)  # a verdict says the same second a dozen times
def timestamp(seconds: float) -> str:
    """Unix seconds as an RFC 3339 timestamp in UTC; what no calendar holds, as the far end of ours."""
    bounded = min(max(int(seconds), 0), 253_402_300_799)  # 9999-12-31T23:59:59Z
    return datetime.fromtimestamp(bounded, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def vcalm_credential_json(verdict: Verdict) -> dict[str, Any]:
    """`POST /credentials/verify` (VCALM §3.3.1): its members, and the node's own beside them."""
    one = verdict.credentials[0] if len(verdict.credentials) == 1 else None
    checks = [*verdict.checks, *(one.checks if one else ())]
    return {
        "verified": verified(verdict.decision, checks) and one is not None,
        "problemDetails": problem_details(checks),
        "results": _credential_results(one) if one else {},
        **verdict_json(verdict),
    }


def vcalm_presentation_json(
    verdict: Verdict, *, challenge: str | None = None, domain: str | None = None
) -> dict[str, Any]:
    """`POST /presentations/verify` (VCALM §3.3.2): its members, and the node's own beside them."""
    everything = [*verdict.checks, *(check for one in verdict.credentials for check in one.checks)]
    outcomes = {check.id: check.outcome is Outcome.PASSED for check in verdict.checks}
    holder = outcomes.get(CheckId.HOLDER, False)
    presentation: dict[str, Any] = {"holder": {"verified": holder}}
    if challenge is not None:
        presentation["challenge"] = {"verified": holder, "input": challenge}
    if domain is not None:
        presentation["domain"] = {"verified": holder, "input": domain}
    if CheckId.PROOF in outcomes:
        presentation["proof"] = [{"verified": outcomes[CheckId.PROOF]}]
    credentials = [
        {
            "verified": verified(one.decision, one.checks),
            "problemDetails": problem_details(one.checks),
            "results": _credential_results(one),
        }
        for one in verdict.credentials
    ]
    return {
        "verified": bool(verdict.credentials) and verified(verdict.decision, everything),
        "problemDetails": problem_details(verdict.checks),
        "results": {"presentation": presentation, "credentials": credentials},
        **verdict_json(verdict),
    }


def verified(decision: Decision, checks: Iterable[Check]) -> bool:
    """The policy accepts *and* no check failed or was left open: no policy can hide a revocation."""
    return decision is Decision.ACCEPT and all(check.outcome in _SETTLED for check in checks)


def problem_details(checks: Iterable[Check]) -> list[dict[str, Any]]:
    """One ProblemDetails for each check that failed or could not be made."""
    return [
        {
            "type": problem_type(check.reason),
            "title": check.reason.value.replace("_", " ").capitalize(),
            "detail": check.detail,
            "check": check.id.value,
            "outcome": check.outcome.value,
            "reason": check.reason.value,
            "member": check.member,  # empty: the document as a whole
        }
        for check in checks
        if check.outcome not in _SETTLED
    ]


def _credential_results(one: CredentialVerdict) -> dict[str, Any]:
    """VCALM's verbose results, keyed by the member of the credential they are about."""
    passed: dict[CheckId, bool] = {}
    for check in one.checks:  # there may be several of a kind: one for each status entry
        passed[check.id] = passed.get(check.id, True) and check.outcome is Outcome.PASSED
    document = one.credential or {}
    results: dict[str, Any] = {}
    for member, check_id in (("validFrom", CheckId.VALIDITY), ("validUntil", CheckId.VALIDITY)):
        if member in document and check_id in passed:
            results[member] = {"verified": passed[check_id], "input": document[member]}
    for member, check_id in (
        ("credentialSchema", CheckId.SCHEMA),
        ("credentialStatus", CheckId.STATUS),
        ("proof", CheckId.PROOF),
    ):
        if member in document and check_id in passed:
            inputs = document[member] if isinstance(document[member], list) else [document[member]]
            results[member] = [{"verified": passed[check_id], "input": one_input} for one_input in inputs]
    return results


def _source_json(source: Source) -> dict[str, Any]:
    found: dict[str, Any] = {"kind": source.kind}
    if source.ref:
        found["ref"] = source.ref
    if source.block is not None:
        found["block"] = stamp_json(source.block)
    if source.digest:
        found["digest"] = source.digest
    for name, moment in (("issuedAt", source.issued_at), ("fetchedAt", source.fetched_at)):
        if moment is not None:
            found[name] = timestamp(moment)
    return found


def _summary_json(summary: Summary) -> dict[str, Any]:
    return {
        "title": summary.title,
        "types": list(summary.types),
        "subject": {"name": summary.subject_name, "id": summary.subject_id},
        "issuer": {
            "did": summary.issuer_did,
            "claimedName": summary.issuer_claimed_name,
            "recognisedName": summary.issuer_recognised_name,
        },
        "validFrom": summary.valid_from,
        "validUntil": summary.valid_until,
        "skills": [
            {"name": skill.name, "proficiency": skill.proficiency, "framework": skill.framework}
            for skill in summary.skills
        ],
        "description": summary.description,
        "evidence": [_mention_json(one) for one in summary.evidence],
        "termsOfUse": [_mention_json(one) for one in summary.terms_of_use],
        "refreshService": [_mention_json(one) for one in summary.refresh_services],
        "associations": [
            {"type": link.type, "source": link.source, "target": link.target, "resolved": link.resolved}
            for link in summary.links
        ],
    }


def _mention_json(one: Mention) -> dict[str, Any]:
    return {"type": one.type, "name": one.name, "detail": one.detail, "address": one.address}
