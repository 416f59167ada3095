"""What the type of an SD-JWT VC means (its §6, Type Metadata): is it what the issuer meant when it signed?

The issuer states the hash of the description its `vct` names (§7, `vct#integrity`), that description the hash
of the one it extends, and so on. Compared are those on file here and those handed along with the question; none
is ever fetched. Of the others it is said that they were not compared.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from node.verification.digests import MalformedDigest, check_sri
from node.verification.files import Files
from node.verification.policy import Question
from node.verification.proofs import strict_json
from node.verification.reasons import Reason
from node.verification.refusals import Refused
from node.verification.secured import types_of
from node.verification.verdict import Check, CheckId, Outcome, Source

MAX_EXTENDS = 8  # types that one may build on, one after another
_INTEGRITY = "vct#integrity"
_MEMBER = "/vct#integrity"


def check_type_metadata(credential: Mapping[str, Any], files: Files, question: Question) -> list[Check]:
    """One check for a credential that states the hash of its type's description; none for any other."""
    integrity = credential.get(_INTEGRITY)
    if integrity is None:
        return []
    types = types_of(credential)
    if len(types) < 2:
        return []
    source = Source("file", types[1][:512])
    try:
        _follow(types[1], integrity, files, question)
    except Refused as refused:
        outcome = Outcome.FAILED
        if refused.reason is Reason.RESOURCE_NOT_CHECKED:
            outcome = Outcome.INDETERMINATE if question.policy.require_resources else Outcome.NOT_APPLICABLE
        return [_ended(outcome, refused.reason, refused.detail, question, source)]
    return [_ended(Outcome.PASSED, Reason.OK, "Its type is the one its issuer meant.", question, source)]


def _follow(vct: str, integrity: object, files: Files, question: Question) -> None:
    """Along what each type extends. Raises Refused."""
    seen: set[str] = set()
    stated: object = integrity
    for _ in range(MAX_EXTENDS + 1):
        if vct in seen:
            raise Refused(Reason.RESOURCE_MALFORMED, "Its type extends itself.")
        seen.add(vct)
        described = _description(vct, stated, files, question)
        # §6.2: "The vct value … MUST be identical to the vct value in the Type Metadata"
        if described.get("vct") != vct:
            raise Refused(Reason.RESOURCE_MALFORMED, "The description of its type is another type's.")
        if "extends" not in described:
            return
        extended, stated = described["extends"], described.get("extends#integrity")
        if not isinstance(extended, str) or not extended:
            raise Refused(
                Reason.RESOURCE_MALFORMED, "The description of its type does not say what it extends."
            )
        vct = extended
    raise Refused(Reason.RESOURCE_MALFORMED, f"Its type extends more than {MAX_EXTENDS} others in turn.")


def _description(vct: str, integrity: object, files: Files, question: Question) -> dict[str, Any]:
    """The Type Metadata of a type, its hash compared where one is stated. Raises Refused."""
    given = question.given.resources.get(vct)
    held = files.file(vct) if given is None else None
    data = held.data if held is not None and held.published else given
    try:
        fitting = integrity is None or check_sri(integrity, data or b"")
    except MalformedDigest as error:
        raise Refused(
            Reason.RESOURCE_MALFORMED, "The hash stated of its type's description cannot be read."
        ) from error
    if data is None:
        raise Refused(
            Reason.RESOURCE_NOT_CHECKED,
            "The description of its type is not here to be compared: whoever opens it should compare its hash.",
        )
    if not fitting:
        raise Refused(
            Reason.RESOURCE_DIGEST_MISMATCH, "The description of its type is not the one its issuer meant."
        )
    try:
        described = strict_json.parse(data)
    except Refused as refused:
        raise Refused(
            Reason.RESOURCE_MALFORMED, f"The description of its type cannot be read: {refused.detail}"
        ) from refused
    if not isinstance(described, dict):
        raise Refused(Reason.RESOURCE_MALFORMED, "The description of its type is not an object.")
    return described


def _ended(outcome: Outcome, reason: Reason, detail: str, question: Question, source: Source) -> Check:
    member = "" if outcome is Outcome.PASSED else _MEMBER
    return Check(CheckId.RESOURCES, outcome, reason, detail, question.now, member, source)
