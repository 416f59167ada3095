"""Step 6: was the issuer accredited for this kind of credential, there, at the moment asked about?"""

from __future__ import annotations

from collections.abc import Collection

from node.verification.dates import readable
from node.verification.evidence import LedgerView
from node.verification.freshness import gap
from node.verification.policy import Question
from node.verification.reasons import Reason
from node.verification.verdict import Check, CheckId, Outcome, Source, passed
from registry.records import Accreditation, Standing

# Say how a credential is written, not what it says.
_CARRIERS = frozenset({"VerifiableCredential", "OpenBadgeCredential", "AchievementCredential"})


def check_trust(types: Collection[str], issuer: str, ledger: LedgerView, question: Question) -> Check:
    """Suspension and withdrawal always fail; a lack of accreditation fails only if the policy requires one."""
    now = question.now
    missing = gap(ledger.freshness(), question)
    accreditation = ledger.accreditation(issuer, question.at)
    source = None
    if accreditation is not None:
        source = Source("ledger", issuer, accreditation.stamp)
        if accreditation.standing is Standing.WITHDRAWN:  # final: a replica that lags has nothing to add
            detail = f"The issuer's accreditation was withdrawn, recorded {readable(accreditation.stamp.time)}."
            return Check(CheckId.TRUST, Outcome.FAILED, Reason.ISSUER_WITHDRAWN, detail, now, "/issuer", source)
    if missing is not None:
        return Check(CheckId.TRUST, Outcome.INDETERMINATE, *missing, now, "/issuer", source)
    if accreditation is None:
        return _lacking(
            Reason.ISSUER_NOT_ACCREDITED, "The issuer is not in the official register.", question, None
        )
    if accreditation.standing is Standing.SUSPENDED:
        detail = f"The issuer's accreditation is suspended, recorded {readable(accreditation.stamp.time)}."
        return Check(CheckId.TRUST, Outcome.FAILED, Reason.ISSUER_SUSPENDED, detail, now, "/issuer", source)
    shortfall = _shortfall(accreditation, types, question)
    if shortfall is not None:
        return _lacking(*shortfall, question, source)
    detail = f"{accreditation.terms.name} is accredited to issue this kind of credential."
    return passed(CheckId.TRUST, detail, now, source)


def _shortfall(
    accreditation: Accreditation, types: Collection[str], question: Question
) -> tuple[Reason, str] | None:
    """What an accreditation in good standing does not cover."""
    terms, moment = accreditation.terms, question.moment
    if moment < terms.valid_from:
        return (
            Reason.ACCREDITATION_NOT_YET_VALID,
            f"The issuer's accreditation starts on {readable(terms.valid_from)}.",
        )
    if moment >= terms.valid_until:
        return (
            Reason.ACCREDITATION_EXPIRED,
            f"The issuer's accreditation ended on {readable(terms.valid_until)}.",
        )
    if not _covers(frozenset(terms.credential_types), frozenset(types)):
        return Reason.TYPE_NOT_ACCREDITED, f"{terms.name} is not accredited for this kind of credential."
    wanted = question.policy.jurisdiction
    # ISO 3166: an accreditation for "US" covers "US-CO".
    if wanted is not None and terms.jurisdictions and not {wanted, wanted[:2]} & set(terms.jurisdictions):
        return (
            Reason.JURISDICTION_NOT_ACCREDITED,
            f"{terms.name} is not accredited in {wanted}.",
        )
    return None


def _covers(accredited: frozenset[str], types: frozenset[str]) -> bool:
    """Every type that says something must be covered: one that is lends nothing to one that is not."""
    meaningful = types - _CARRIERS
    if meaningful:
        return meaningful <= accredited
    return bool(types & accredited)


def _lacking(reason: Reason, detail: str, question: Question, source: Source | None) -> Check:
    required = question.policy.require_accreditation or question.policy.jurisdiction is not None
    outcome = Outcome.FAILED if required else Outcome.NOT_APPLICABLE
    return Check(CheckId.TRUST, outcome, reason, detail, question.now, "/issuer", source)
