"""The result model: what was checked, how each check ended and why, and what follows from it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from node.verification.enclosed import Relation
from node.verification.reasons import Reason
from registry.records import BlockStamp


class Outcome(StrEnum):
    """How a check ended. A check that could not be made is INDETERMINATE: never PASSED, never FAILED."""

    PASSED = "PASSED"
    FAILED = "FAILED"
    INDETERMINATE = "INDETERMINATE"
    NOT_APPLICABLE = "NOT_APPLICABLE"
    SKIPPED = "SKIPPED"


class Decision(StrEnum):
    """What the relying party's policy makes of the checks."""

    ACCEPT = "accept"
    REVIEW = "review"
    REJECT = "reject"
    INDETERMINATE = "indeterminate"


class CheckId(StrEnum):
    """The steps of `verifier.py` that leave a check behind."""

    PARSE = "parse"
    PROOF = "proof"
    VALIDITY = "validity"
    STATUS = "status"
    TRUST = "trust"
    SCHEMA = "schema"
    HOLDER = "holder"
    POLICY = "policy"
    RESOURCES = "resources"  # are the files it refers to those its issuer meant?
    RECIPIENT = "recipient"  # is it about the person the relying party knows?
    CONTENTS = "contents"  # of a credential that holds others: are those good?
    BELONGING = "belonging"  # of a credential inside another: is it about what it stands under?


class Source(NamedTuple):
    """Where the evidence of a check came from."""

    kind: str  # "ledger", "web", "did:key", "credential", …
    ref: str = ""  # DID, list address, …
    block: BlockStamp | None = None
    digest: str = ""  # sha-256 or list head, hex
    issued_at: int | None = None  # Unix seconds: of what was fetched, as it says itself
    fetched_at: int | None = None  # Unix seconds: when it was asked for


class Check(NamedTuple):
    """One thing looked at. `detail` is one plain sentence; `member` a JSON pointer to what is at fault."""

    id: CheckId
    outcome: Outcome
    reason: Reason
    detail: str
    checked_at: int  # Unix seconds: the reference time
    member: str = ""
    source: Source | None = None
    since: int | None = None  # Unix seconds: from when a revocation or suspension is in effect


# Looked up once: on an enumeration a name takes Python 3.11 as long as two calls.
_PASSED, _OK = Outcome.PASSED, Reason.OK


def passed(check_id: CheckId, detail: str, now: int, source: Source | None = None) -> Check:
    """A check that found nothing wrong."""
    return Check(check_id, _PASSED, _OK, detail, now, "", source)


class Skill(NamedTuple):
    """A skill the credential attests."""

    name: str
    proficiency: str = ""  # as the issuer words it, empty when it does not say
    framework: str = ""


@dataclass(frozen=True, slots=True)
class Mention:
    """Something it refers to: a piece of evidence, terms of use, a service. Reported, never used."""

    type: str = ""
    name: str = ""
    detail: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """How two things in a record hang together, in its issuer's words."""

    type: str  # e.g. "isPartOf"
    source: str  # its name, or its id where it is not in the record
    target: str
    resolved: bool  # both are in the record


class Summary(NamedTuple):
    """What a person wants to read first. All of it was signed, except what the ledger says of the issuer."""

    title: str  # what was awarded
    types: tuple[str, ...]
    subject_name: str
    subject_id: str
    issuer_did: str
    issuer_claimed_name: str  # as the credential words it
    issuer_recognised_name: str  # as the ledger words it; empty: not recognised
    valid_from: str  # as written in the credential (XML Schema dateTime) or empty
    valid_until: str
    skills: tuple[Skill, ...] = ()
    description: str = ""
    evidence: tuple[Mention, ...] = ()
    terms_of_use: tuple[Mention, ...] = ()
    refresh_services: tuple[Mention, ...] = ()
    links: tuple[Link, ...] = ()


class Backing(StrEnum):
    """What a record of a résumé rests on besides the word of whoever wrote it."""

    SELF_ASSERTED = "self_asserted"  # nothing is attached
    BACKED = "backed"  # a credential is attached that is good by itself; it says what it says, no more
    NOT_BACKED = "not_backed"  # what is attached could not be accepted


@dataclass(frozen=True, slots=True)
class Record:
    """A record of a résumé, in the words of whoever wrote it: never verified, at most backed."""

    kind: str  # the list it stands in, e.g. "employmentHistories"
    title: str
    detail: str
    member: str  # JSON pointer
    backing: Backing
    backed_by: tuple[str, ...] = ()  # JSON pointers to the credentials attached


class CredentialVerdict(NamedTuple):
    """All that was found about one credential."""

    decision: Decision
    checks: tuple[Check, ...]
    summary: Summary | None  # None: it could not be read
    credential: dict[str, Any] | None = None  # the parsed, signed document; None when it could not be read
    mechanism: str = ""  # e.g. "eddsa-rdfc-2022", "vc+jwt"
    enclosed: tuple[EnclosedVerdict, ...] = ()  # on the credentials inside it; none where its proof fails
    records: tuple[Record, ...] = ()  # of a résumé


@dataclass(frozen=True, slots=True)
class EnclosedVerdict:
    """What was found about a credential inside another, judged by itself."""

    relation: Relation
    member: str  # JSON pointer to where it stands in the other
    verdict: CredentialVerdict


class SkillStanding(StrEnum):
    """What became of a skill that was asked for."""

    PROVEN = "proven"
    NOT_ACCEPTED = "not_accepted"  # only credentials that are not accepted attest it
    SELF_ASSERTED = "self_asserted"  # only a résumé says so
    NOT_FOUND = "not_found"


@dataclass(frozen=True, slots=True)
class Attestation:
    """A credential that attests a skill."""

    credential: str  # JSON pointer in the answer
    proficiency: str
    framework: str
    decision: Decision


@dataclass(frozen=True, slots=True)
class SkillAnswer:
    """One skill that was asked for."""

    name: str
    standing: SkillStanding
    proofs: tuple[Attestation, ...] = ()


class Verdict(NamedTuple):
    """The answer to one question. A bare credential has no presentation checks but HOLDER: NOT_APPLICABLE."""

    decision: Decision
    checks: tuple[Check, ...]  # of the presentation as a whole
    credentials: tuple[CredentialVerdict, ...]
    checked_at: int  # Unix seconds: the reference time
    as_of: BlockStamp | None  # how far the replica had come
    policy: str = ""  # name of the policy applied
    notes: tuple[str, ...] = ()
    skills: tuple[SkillAnswer, ...] = ()  # where some were asked for
