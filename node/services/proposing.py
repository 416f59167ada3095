"""What this node's governor can propose to the council, checked before it is: calls of the ledger's contracts.

Every method returns the number of a publication at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Protocol

from node.clock import Clock
from node.errors import Conflict, Invalid, NotFound
from node.services.governing import Governing
from node.services.requirements import account, open_list, require
from registry.actions import AccreditIssuer, ChangeStanding, ProposeCall, PublishStatus
from registry.bindings import council, directory, issuer_registry, status_registry
from registry.bindings.abi import Function
from registry.bindings.addresses import MEMBERS, ContractAddresses
from registry.bindings.council import Rule
from registry.bindings.status_registry import list_id_of
from registry.publisher.status_updates import CannotPublish, ListBits, WorkingList, from_now
from registry.records import Accreditation, Freshness, Standing, StatusListRecord, StatusPurpose, Terms

MAX_CALL = 64 * 1024  # bytes of call data in a proposal
MAX_DELTA = MAX_CALL - 1024  # bytes: what surrounds it in the call takes less
MAX_REVOKED = 10_000  # entries in one emergency revocation
_DID = re.compile(r"did:[a-z0-9]+:[A-Za-z0-9._:%-]{1,480}")
_JURISDICTION = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")


class _Ledger(Protocol):
    def accreditation(self, did: str) -> Accreditation | None: ...
    def issuer_id(self, did: str) -> int | None: ...
    def status_list(self, uri: str) -> StatusListRecord | None: ...
    def status_registry(self) -> str: ...
    def bits(self, uri: str) -> ListBits | None: ...
    def freshness(self) -> Freshness: ...


class Proposing:
    """Everything only the council can do."""

    def __init__(
        self,
        *,
        governing: Governing,
        ledger: _Ledger,
        contracts: Callable[[], ContractAddresses],
        clock: Clock,
    ) -> None:
        """`contracts`: where they are at the moment."""
        self._governing = governing
        self._ledger = ledger
        self._contracts = contracts
        self._clock = clock

    # --- issuers

    def accredit(
        self,
        *,
        did: str,
        name: str,
        credential_types: Sequence[str],
        jurisdictions: Sequence[str] = (),
        valid_from: int | None = None,
        valid_until: int,
        admin: str,
        operator: str,
    ) -> int:
        """Times are Unix seconds, `valid_from` now if absent."""
        require(bool(_DID.fullmatch(did)), "not a DID", "did")
        require(0 < len(name.strip()) <= 200, "a name has 1 to 200 characters", "name")
        require(
            0 < len(credential_types) <= 50 and all(0 < len(t) <= 200 for t in credential_types),
            "1 to 50 credential types of at most 200 characters",
            "credentialTypes",
        )
        for code in jurisdictions:
            require(bool(_JURISDICTION.fullmatch(code)), f"{code!r} is no ISO 3166 code", "jurisdictions")
        admin, operator = account(admin, "admin"), account(operator, "operator")
        start = int(self._clock()) if valid_from is None else valid_from
        require(0 <= start < valid_until < 1 << 40, "validUntil must be later than validFrom", "validUntil")
        if self._ledger.accreditation(did) is not None:
            raise Conflict(f"{did} is accredited already")
        terms = Terms(name.strip(), tuple(credential_types), tuple(jurisdictions), start, valid_until)
        data = issuer_registry.accredit(did, admin, operator, terms)
        return self._governing.propose(
            ProposeCall(self._contracts().issuer_registry, data),
            AccreditIssuer(did, admin, operator, terms),
            from_now=valid_from is None,
        )

    def change_standing(self, *, did: str, standing: Standing, reason: str) -> int:
        """Suspend, reinstate, or withdraw for good."""
        current = self._ledger.accreditation(did)
        if current is None:
            raise NotFound(f"{did} is not accredited on this ledger")
        if current.standing is Standing.WITHDRAWN:
            raise Conflict(f"the accreditation of {did} was withdrawn; that is final")
        if current.standing is standing:
            raise Conflict(f"{did} is {standing} already")
        require(0 < len(reason) <= 500, "a reason has 1 to 500 characters", "reason")
        data = issuer_registry.change_standing(current.issuer_id, standing, reason)
        call = ProposeCall(self._contracts().issuer_registry, data)
        return self._governing.propose(call, ChangeStanding(did, standing, reason))

    # --- the council, its contracts, and lists

    def call(self, target: str, data: bytes, *, from_now: bool = False) -> int:
        """That the council call a contract; `from_now`: as `Governing.propose` has it."""
        require(4 <= len(data) <= MAX_CALL, f"4 to {MAX_CALL} bytes", "data")
        call = ProposeCall(account(target, "target"), data)
        return self._governing.propose(call, from_now=from_now)

    def members(self, governors: Sequence[str], quorum: int) -> int:
        """All of the council's members from then on. Voids what is pending."""
        addresses = {account(governor, "governors") for governor in governors}
        count = len(addresses)
        require(0 < count == len(governors) <= council.MAX_GOVERNORS, "1 to 64, each once", "governors")
        require(count // 2 < quorum <= count, f"a majority of {count}, or more", "quorum")
        return self.call(self._contracts().council, council.set_members(sorted(addresses), quorum))

    def rule(self, contract: str, function: str | None, quorum: int, delay: int) -> int:
        """What a call of that function needs from then on, e.g. of `suspend(uint32,string)`; None: of any."""
        require(0 <= delay <= council.MAX_DELAY, "at most 30 days", "delay")
        require(0 <= quorum <= council.MAX_GOVERNORS, "at most as many as there are governors", "quorum")
        selector = council.ANY_FUNCTION if function is None else _selector(function)
        rule = Rule(self._named(contract), selector, quorum, delay)
        return self.call(self._contracts().council, council.set_rule(rule))

    def contract(self, name: str, address: str) -> int:
        """A contract's successor: every node follows it from the block on that names it."""
        require(0 < len(name) <= directory.MAX_NAME and name.isascii(), "1 to 64 ASCII characters", "name")
        target = account(address, "address")
        return self.call(self._contracts().directory, directory.set_entry(name, target))

    def admin(self, did: str, admin: str) -> int:
        """A new admin key for an issuer that lost its own."""
        data = issuer_registry.recover_admin(self._issuer(did), account(admin, "admin"))
        return self.call(self._contracts().issuer_registry, data)

    def move(self, uri: str, to_did: str) -> int:
        """A status list's next keeper: the issuer's successor."""
        open_list(self._ledger, uri)
        data = status_registry.move(list_id_of(uri), self._issuer(to_did))
        return self.call(self._contracts().status_registry, data)

    def revocation(self, uri: str, entries: Sequence[int]) -> int:
        """Revoke where the issuer cannot or will not.

        The proposal takes the list's next update: should the issuer publish to the list before the last
        approval, the ledger refuses that approval, and it is to be proposed again.
        """
        self._governing.require_governor()
        require(0 < len(entries) <= MAX_REVOKED, f"1 to {MAX_REVOKED} entries", "entries")
        record = open_list(self._ledger, uri)
        if record.purpose is not StatusPurpose.REVOCATION:
            raise Conflict(
                f"{uri} is a {record.purpose.label} list: the council revokes on revocation lists only"
            )
        known, head = self._ledger.bits(uri), self._ledger.freshness().head
        if known is None or head is None:
            raise Conflict(f"the bits of {uri} do not match the ledger; nothing can be published to it")
        wanted = PublishStatus(uri, tuple((entry, 1) for entry in entries))
        effective_at = from_now(int(self._clock()), head.time)
        try:
            planned = WorkingList(uri, known).plan(
                wanted, begun=False, effective_at=effective_at, room=MAX_DELTA
            )
        except CannotPublish as error:
            raise Invalid(f"entries: {error}", "entries") from error
        if planned.update is None:
            raise Conflict("all of these entries are revoked already")
        require(planned.complete, "too many for one update", "entries")
        data = status_registry.publish_emergency(planned.update)
        return self.call(self._contracts().status_registry, data, from_now=True)

    def _issuer(self, did: str) -> int:
        issuer_id = self._ledger.issuer_id(did)
        if issuer_id is None:
            raise NotFound(f"{did} is not accredited on this ledger")
        return issuer_id

    def _named(self, contract: str) -> str:
        """An address, or the name of one of the network's contracts."""
        if contract == "Directory":
            return self._contracts().directory
        member = MEMBERS.get(contract)
        known = f"{contract[:64]!r} is no address, nor one of Directory, {', '.join(MEMBERS)}"
        require(member is not None or contract.startswith("0x"), known, "contract")
        return getattr(self._contracts(), member) if member else account(contract, "contract")


def _selector(signature: str) -> bytes:
    name, _, types = signature.partition("(")
    if not name.isidentifier() or not types.endswith(")"):
        raise Invalid("function: a signature, e.g. suspend(uint32,string)", "function")
    return Function(name, *filter(None, types[:-1].split(","))).selector
