"""What was presented, as the checks read it: its documents, and what secures each. Nothing is believed yet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from node.verification.enclosed import Relation
from node.verification.proofs import jose, sd_jwt
from node.verification.refusals import Refused


class Kind(StrEnum):
    """What was presented."""

    CREDENTIAL = "credential"
    PRESENTATION = "presentation"


_CREDENTIAL = Kind.CREDENTIAL


@dataclass(frozen=True, slots=True)
class Secured:
    """A credential or presentation and what secures it; the proof is not checked yet."""

    kind: Kind
    document: dict[str, Any]  # in VCDM's terms; the claims of a JWT are mapped
    token: jose.Token | None = field(default=None, repr=False)  # None: the proof, if any, is embedded
    sd_jwt: sd_jwt.SdJwt | None = field(default=None, repr=False)
    enclosed: tuple[Enclosed, ...] = ()  # the credentials inside it

    @property
    def controller(self) -> str:
        """The issuer of a credential, the holder of a presentation: an id, or empty where none is named."""
        return id_of(self.document.get("issuer" if self.kind is _CREDENTIAL else "holder"))

    @property
    def mechanism(self) -> str:
        """What it says it is secured with; empty without a proof."""
        if self.token is not None:
            return self.token.mechanism
        if self.sd_jwt is not None:
            return self.sd_jwt.mechanism
        stated = next((proof.get("cryptosuite", proof.get("type")) for proof in self.proofs()), "")
        return stated[:64] if isinstance(stated, str) else ""

    @property
    def has_proof(self) -> bool:
        return self.token is not None or self.sd_jwt is not None or bool(self.document.get("proof"))

    @property
    def is_chained(self) -> bool:
        """Whether some of its proofs build on others, which may be someone else's."""
        stated = self.document.get("proof")
        if type(stated) is dict:  # as nearly always: the one proof, or none
            return "previousProof" in stated
        return stated is not None and any("previousProof" in proof for proof in self.proofs())

    def proofs(self) -> Iterator[Mapping[str, Any]]:
        """The embedded proofs."""
        stated = self.document.get("proof")
        for one in stated if isinstance(stated, list) else [stated]:
            if isinstance(one, Mapping):
                yield one


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A credential inside another."""

    relation: Relation
    member: str  # JSON pointer to where it stands in the other
    about: frozenset[str]  # the ids it may be about
    credential: Secured | Refused


@dataclass(frozen=True, slots=True)
class Parsed:
    """One credential, or a presentation and the credentials in it."""

    kind: Kind
    presentation: Secured | None
    credentials: tuple[Secured | Refused, ...]
    raw: bytes | str | dict[str, Any] = field(repr=False)
    size: int  # characters presented; of an object a rough guess


def all_secured(credentials: Iterable[Secured | Refused]) -> list[Secured]:
    """Those that could be read, and those inside them."""
    found = []
    for one in credentials:
        if isinstance(one, Secured):
            found.append(one)
            if one.enclosed:
                found += all_secured(inner.credential for inner in one.enclosed)
    return found


def types_of(document: Mapping[str, Any]) -> tuple[str, ...]:
    """The types a document says it has."""
    stated = document.get("type")
    if isinstance(stated, str):
        return (stated,)
    if not isinstance(stated, list):
        return ()
    return tuple(dict.fromkeys([one for one in stated if isinstance(one, str)]))


def id_of(value: object) -> str:
    """The id of an issuer or a holder, which stands by itself or in an object; empty where there is none."""
    found = value.get("id") if isinstance(value, dict) else value
    return found if isinstance(found, str) else ""
