"""A way to secure a credential: what its signature covers, and the board that signs by it."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from node.verification.proofs.contexts import VCDM_1
from tests.simulators.issuer import STATUS_LIST
from tests.simulators.relying_party import SimulatedRelyingParty

STATUS_LIST_2021 = "https://w3id.org/vc/status-list/2021/v1"
Document = dict[str, Any]


class Covers(StrEnum):
    """What a signature covers."""

    MEANING = "the meaning: RDF"
    TEXT = "the text: JSON"
    TOKEN = "a token"


@dataclass
class Board:
    """A board, its one published key, and the party that judges what it signs."""

    party: SimulatedRelyingParty
    published: Document  # the verification method's type and key
    did: str = field(init=False)
    method: str = field(init=False)

    def __post_init__(self) -> None:
        self.did = self.party.board.did
        self.method = f"{self.did}#0"
        self.pin(self.published)

    def pin(self, published: Document) -> None:
        entry = {"id": self.method, "controller": self.did, **published}
        document = {"id": self.did, "verificationMethod": [entry], "assertionMethod": [self.method]}
        self.party.ledger.pin(self.did, json.dumps(document).encode())


@dataclass(frozen=True)
class Mechanism:
    """`secure`: a licence (of version 1 or 2), as its board secures it."""

    name: str
    covers: Covers
    published: Callable[[], Document]
    secure: Callable[[Board, Document], Document | str]
    version: int = 2
    contexts: tuple[str, ...] = ()  # that the licence names besides
    bound: bool = False  # it brings its holder's own signature
    nameless: bool = False  # one node of the licence has no name, and gets one from a secret

    def board(self) -> Board:
        return Board(SimulatedRelyingParty(), self.published())

    def licence(self, board: Board, index: int | None = 7, uri: str = STATUS_LIST, **members: Any) -> Document:
        """Unsecured; with the entry of a status list."""
        own = board.party.board
        if self.version == 2:
            licence = own.licence(board.party.nurse.did, index, **members)
        else:
            licence = own.licence_1_1(board.party.nurse.did, **members)
            licence["@context"] = [VCDM_1, STATUS_LIST_2021, licence["@context"][2]]
            if index is not None:
                licence["credentialStatus"] = {
                    "type": "StatusList2021Entry",
                    "statusPurpose": "revocation",
                    "statusListIndex": str(index),
                }
        if "credentialStatus" in licence:
            licence["credentialStatus"] |= {"id": f"{uri}#{index}", "statusListCredential": uri}
            if self.nameless:
                del licence["credentialStatus"]["id"]
        licence["@context"] = [*licence["@context"], *self.contexts]
        return copy.deepcopy(licence)

    def secured(self, board: Board, document: Document | None = None) -> Document | str:
        return self.secure(board, document or self.licence(board))

    def __str__(self) -> str:
        return self.name
