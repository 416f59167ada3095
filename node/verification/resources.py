"""The files a credential refers to with their hashes (VCDM 2.0 §5.3 `relatedResource`). None is ever fetched.

Compared are those on file here (contexts, schemas) and those handed along with the question. Of the others it
is said that they were not: whoever opens one later must compare it then.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from node.verification.digests import MalformedDigest, fits
from node.verification.files import Files, OnFile
from node.verification.policy import Question
from node.verification.reasons import Reason
from node.verification.verdict import Check, CheckId, Outcome, Source, passed

MAX_RELATED = 32  # of one credential


def check_resources(credential: Mapping[str, Any], files: Files, question: Question) -> list[Check]:
    """One check for each file it names; none where it names none."""
    if "relatedResource" not in credential:
        return []
    stated = credential["relatedResource"]
    entries = stated if isinstance(stated, list) else [stated]
    member = "/relatedResource"
    if len(entries) > MAX_RELATED:
        return [_malformed(f"It names more than {MAX_RELATED} files.", member, question)]
    found = []
    seen: set[str] = set()
    for i, entry in enumerate(entries):
        where = f"{member}/{i}" if isinstance(stated, list) else member
        url = entry.get("id") if isinstance(entry, Mapping) else None
        # §5.3: "The value of the relatedResource property MUST be one or more objects" with an `id`, "there
        # MUST NOT be more than one related resource object per id", and each states a digest.
        if not isinstance(entry, Mapping) or not isinstance(url, str) or not url or url in seen:
            found.append(_malformed("It names a file by no address, or one twice.", where, question))
        else:
            seen.add(url)
            found.append(_check_one(entry, url, files, question, where))
    return found


def _check_one(entry: Mapping[str, Any], url: str, files: Files, question: Question, member: str) -> Check:
    now, source = question.now, Source("file", url[:512])
    given = question.given.resources.get(url)
    held = OnFile(given, published=True) if given is not None else files.file(url)
    try:
        fitting = fits(entry, held.data if held is not None else b"")
    except MalformedDigest:
        return _malformed("The hash it states of a file cannot be read.", member, question)
    if held is not None and fitting:
        detail = "A file it refers to is the one its issuer meant."
        return passed(CheckId.RESOURCES, detail, now, source)
    if held is not None and held.published:
        detail = "A file it refers to is not the one its issuer meant."
        return Check(
            CheckId.RESOURCES, Outcome.FAILED, Reason.RESOURCE_DIGEST_MISMATCH, detail, now, member, source
        )
    detail = "A file it refers to is not here to be compared: whoever opens it should compare its hash."
    if held is not None:
        detail = "The copy held here of a file it refers to is written differently: it was not compared."
    outcome = Outcome.INDETERMINATE if question.policy.require_resources else Outcome.NOT_APPLICABLE
    return Check(CheckId.RESOURCES, outcome, Reason.RESOURCE_NOT_CHECKED, detail, now, member, source)


def _malformed(detail: str, member: str, question: Question) -> Check:
    return Check(CheckId.RESOURCES, Outcome.FAILED, Reason.RESOURCE_MALFORMED, detail, question.now, member)
