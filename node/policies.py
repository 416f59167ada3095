"""The policies a node offers by name. Relying parties choose one; they do not write one in a request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from node.settings import Settings
from node.verification.policy import Policy

DEFAULT = "default"
_ANY_TYPE = frozenset({"VerifiableCredential"})


def policies_of(settings: Settings) -> Mapping[str, Policy]:
    """`default`; `holder-present`: the same, and whoever presents must prove to be the subject;
    `any-issuer`: whoever issued it, for a person to look at."""
    base = Policy(
        name=DEFAULT,
        require_accreditation=settings.require_accreditation,
        # A policy that demands nothing is refused: "any type" says in writing that everything is meant.
        accepted_types=None if settings.require_accreditation else _ANY_TYPE,
        max_replica_age=settings.max_replica_age,
        max_list_age=settings.max_list_age,
        clock_skew=settings.clock_skew,
        require_disclosure=settings.require_disclosure,
        require_known_schema=settings.require_known_schema,
        require_resources=settings.require_resources,
        fetch_status_lists=settings.fetch_status_lists,
    )
    offered = (
        base,
        replace(base, name="holder-present", require_holder=True),
        replace(
            base,
            name="any-issuer",
            require_accreditation=False,
            accepted_types=_ANY_TYPE,
            require_disclosure=False,
            allow_web=settings.allow_web_dids,
        ),
    )
    return {policy.name: policy for policy in offered}
