from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from node.errors import Conflict, Invalid, NotConfigured, NotFound
from node.services.registrar import Registrar
from registry.actions import CreateStatusList, LedgerAction, PinDidDocument, PublishStatus, RotateOperator
from registry.records import (
    Accreditation,
    BlockStamp,
    PinnedDocument,
    Standing,
    StatusListRecord,
    StatusPurpose,
    Terms,
)
from registry.replica.queries import StatusListBits

NOW = 1_800_000_000
DID = "did:web:board.example"
SCHEMA = "https://board.example/schemas/licence.json"
LIST = "https://board.example/status-lists/nursing"
ADDRESS = "0x" + "11" * 20
OPERATOR = "0x052DCb3E2a3898a4C8915C98126F00a52AD77928"
FIRST_REGISTRY, SUCCESSOR = "0x" + "a1" * 20, "0x" + "a2" * 20
STAMP = BlockStamp(7, bytes(32), NOW)
SIZE = 131_072


@dataclass
class Recorder:
    actions: list[LedgerAction] = field(default_factory=list)

    def submit(self, action: LedgerAction, idempotency_key: str | None = None) -> int:
        self.actions.append(action)
        return len(self.actions)


@dataclass
class Known:
    issuers: dict[str, Accreditation] = field(default_factory=dict)
    lists: dict[str, StatusListRecord] = field(default_factory=dict)
    revoked: frozenset[int] = frozenset()
    registry: str = FIRST_REGISTRY
    documents: dict[str, PinnedDocument] = field(default_factory=dict)

    def accreditation(self, did: str) -> Accreditation | None:
        return self.issuers.get(did)

    def pinned_document(self, did: str) -> PinnedDocument | None:
        return self.documents.get(did)

    def status_list(self, uri: str) -> StatusListRecord | None:
        return self.lists.get(uri)

    def status_registry(self) -> str:
        return self.registry

    def bits(self, uri: str) -> StatusListBits | None:
        packed = bytearray(SIZE // 8)
        for index in self.revoked:
            packed[index >> 3] |= 0x80 >> (index & 7)
        record = self.lists[uri]
        return StatusListBits(3, 1, record.purpose, 1, SIZE, bytes(packed)) if record.intact else None


@pytest.fixture
def ledger() -> Known:
    terms = Terms("Board", ("Licence",), (), 0, NOW * 2)
    board = Accreditation(1, DID, terms, Standing.ACTIVE, ADDRESS, frozenset(), STAMP)
    known = StatusListRecord(
        bytes(32),
        LIST,
        1,
        DID,
        SIZE,
        StatusPurpose.REVOCATION,
        1,
        3,
        bytes(32),
        bytes(32),
        False,
        True,
        NOW,
        STAMP,
        FIRST_REGISTRY,
    )
    return Known({DID: board}, {LIST: known}, frozenset({5}))


@pytest.fixture
def sent() -> Recorder:
    return Recorder()


@pytest.fixture
def registrar(ledger: Known, sent: Recorder) -> Registrar:
    return make(ledger, sent)


def make(ledger: Known, sent: Recorder, own_did: str = DID) -> Registrar:
    return Registrar(
        publisher=sent,
        ledger=ledger,
        own_did=own_did,
        admin_address=ADDRESS,
        operator_address=ADDRESS,
        public_url="https://board.example",
        own_document=lambda: {"id": DID},
        clock=lambda: float(NOW),
    )


def test_pinning_without_a_document_takes_our_own(registrar: Registrar, sent: Recorder) -> None:
    registrar.pin()
    assert sent.actions == [PinDidDocument(DID, b'{"id":"did:web:board.example"}')]


def test_a_document_of_another_did_is_refused(registrar: Registrar) -> None:
    with pytest.raises(Invalid, match="id is not"):
        registrar.pin(document={"id": "did:web:other.example"})


def test_a_document_too_large_for_the_ledger_is_refused(registrar: Registrar) -> None:
    with pytest.raises(Invalid, match="larger"):
        registrar.pin(document={"id": DID, "x": "y" * 20_000})


def pinned(document: dict[str, Any]) -> dict[str, PinnedDocument]:
    return {DID: PinnedDocument(DID, 3, json.dumps(document).encode(), False, bytes(32), STAMP)}


def sent_document(sent: Recorder) -> dict[str, Any]:
    action = sent.actions[-1]
    assert isinstance(action, PinDidDocument)
    found: dict[str, Any] = json.loads(action.document)
    return found


def test_a_schema_is_anchored_replaced_and_withdrawn_in_the_document_that_is_pinned(
    registrar: Registrar, ledger: Known, sent: Recorder
) -> None:
    other = {"id": f"{DID}#files", "type": "LinkedDomains", "serviceEndpoint": "https://board.example"}
    ledger.documents = pinned({"id": DID, "assertionMethod": ["#key-of-before"], "service": [other]})
    for schema in ({"required": ["a"]}, {"required": ["b"]}):
        registrar.anchor_schema(url=SCHEMA, schema=schema)
        found = sent_document(sent)
        assert found["assertionMethod"] == ["#key-of-before"]
        assert found["service"][0] == other
        (service,) = found["service"][1:]
        assert service["serviceEndpoint"] == {"id": SCHEMA, "schema": schema}
        assert service["id"].startswith(f"{DID}#schema-")
        ledger.documents = pinned(found)
    registrar.anchor_schema(url=SCHEMA, schema=None)
    assert sent_document(sent)["service"] == [other]
    before = list(sent.actions)
    with pytest.raises(NotFound, match="anchors no schema https://mistyped"):
        registrar.anchor_schema(url="https://mistyped.example", schema=None)
    assert sent.actions == before


def test_new_keys_leave_the_schemas_where_they_are(registrar: Registrar, ledger: Known, sent: Recorder) -> None:
    registrar.anchor_schema(url=SCHEMA, schema={"required": ["a"]})
    before = sent_document(sent)
    ledger.documents = pinned({**before, "assertionMethod": ["#key-of-before"]})
    registrar.pin()
    assert sent_document(sent) == before


@pytest.mark.parametrize(
    ("members", "fault"),
    [
        ({"url": "licence.json", "schema": {}}, "not an address"),
        ({"url": SCHEMA, "schema": {"$ref": "https://elsewhere.example"}}, "outside"),
        ({"url": SCHEMA, "schema": {"type": "nothing"}}, "no JSON Schema"),
        ({"url": SCHEMA, "schema": "not JSON"}, "could not be used"),
        ({"url": SCHEMA, "schema": {"description": "x" * 16_384}}, "larger"),
    ],
)
def test_a_schema_that_nobody_could_use_is_not_anchored(
    registrar: Registrar, sent: Recorder, members: dict[str, Any], fault: str
) -> None:
    with pytest.raises(Invalid, match=fault):
        registrar.anchor_schema(**members)
    assert sent.actions == []


def test_a_schema_of_a_did_whose_document_is_not_pinned(registrar: Registrar) -> None:
    with pytest.raises(NotFound, match="no document"):
        registrar.anchor_schema(url=SCHEMA, schema={}, did="did:web:other.example")


def test_a_list_is_named_under_our_own_address(registrar: Registrar, sent: Recorder) -> None:
    registrar.create_list(name="welding")
    uri = "https://board.example/status-lists/welding"
    assert sent.actions == [CreateStatusList(DID, uri, SIZE, StatusPurpose.REVOCATION, 1)]


@pytest.mark.parametrize(
    "members",
    [
        {"name": "../x"},
        {"name": "x", "size": 1000},
        {"name": "x", "size": SIZE + 1},
        {"name": "x", "bits_per_entry": 2},
        {"name": "x", "bits_per_entry": 3, "purpose": StatusPurpose.MESSAGE},
    ],
)
def test_a_list_the_ledger_would_refuse_is_not_asked_for(
    registrar: Registrar, sent: Recorder, members: dict[str, Any]
) -> None:
    with pytest.raises(Invalid):
        registrar.create_list(**members)
    assert sent.actions == []


def test_a_list_is_created_once(registrar: Registrar) -> None:
    with pytest.raises(Conflict):
        registrar.create_list(name="nursing")


def test_a_list_goes_on_in_its_registrys_successor_as_it_is(
    registrar: Registrar, ledger: Known, sent: Recorder
) -> None:
    with pytest.raises(Conflict, match="nothing to do"):
        registrar.continue_list(uri="nursing")
    ledger.registry = SUCCESSOR
    for act in (registrar.publish, registrar.close_list):
        with pytest.raises(Conflict, match="goodstanding list continue"):
            act(uri="nursing")
    with pytest.raises(Conflict, match="already: its issuer has it go on there first"):
        registrar.create_list(name="nursing")
    registrar.continue_list(uri="nursing")
    assert sent.actions == [CreateStatusList(DID, LIST, SIZE, StatusPurpose.REVOCATION, 1)]
    ledger.lists[LIST] = replace(ledger.lists[LIST], registry=SUCCESSOR)
    registrar.publish(uri="nursing")
    assert len(sent.actions) == 2


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"closed": True}, "closed"),
        ({"intact": False}, "do not match"),
        ({"issuer_did": "did:web:heir.example"}, "kept by did:web:heir.example"),
    ],
)
def test_what_would_spoil_a_list_there_is_not_sent(
    registrar: Registrar, ledger: Known, sent: Recorder, changed: dict[str, Any], why: str
) -> None:
    ledger.registry = SUCCESSOR
    ledger.lists[LIST] = replace(ledger.lists[LIST], **changed)
    with pytest.raises(Conflict, match=why):
        registrar.continue_list(uri=LIST)
    with pytest.raises(NotFound):
        registrar.continue_list(uri="another")
    assert sent.actions == []


def test_publishing_by_name(registrar: Registrar, sent: Recorder) -> None:
    registrar.publish(uri="nursing", entries=[(1, 1), (2, 0)])
    assert sent.actions == [PublishStatus(LIST, ((1, 1), (2, 0)), None)]


def test_a_revocation_cannot_be_taken_back(registrar: Registrar, sent: Recorder) -> None:
    with pytest.raises(Conflict, match=r"cannot be taken back.*\(5\)"):
        registrar.publish(uri=LIST, entries=[(4, 0), (5, 0)])
    assert sent.actions == []


@pytest.mark.parametrize("entries", [[(SIZE, 1)], [(-1, 1)], [(1, 2)], [(1, 1), (1, 1)]])
def test_entries_that_cannot_be(registrar: Registrar, entries: list[tuple[int, int]]) -> None:
    with pytest.raises(Invalid):
        registrar.publish(uri=LIST, entries=entries)


def test_nothing_takes_effect_in_the_future(registrar: Registrar) -> None:
    with pytest.raises(Invalid, match="future"):
        registrar.publish(uri=LIST, effective_at=NOW + 1)


def test_a_publication_may_not_lie_before_the_epoch(registrar: Registrar) -> None:
    with pytest.raises(Invalid, match="effectiveAt: lies before 1970"):
        registrar.publish(uri=LIST, effective_at=-1)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (OPERATOR, "0x1", "new: an address is 0x and 40"),
        (OPERATOR, OPERATOR[:2] + OPERATOR[2:].swapcase(), "new: the address is mistyped"),
        (OPERATOR, OPERATOR.lower(), "is an operator of did:web:board.example already"),
        (ADDRESS, "0x" + "22" * 20, "is not an operator"),
    ],
)
def test_keys_that_cannot_be_rotated(ledger: Known, sent: Recorder, old: str, new: str, words: str) -> None:
    ledger.issuers[DID] = replace(ledger.issuers[DID], operators=frozenset({OPERATOR}))
    with pytest.raises((Invalid, Conflict), match=words):
        make(ledger, sent).rotate(old=old, new=new)
    assert sent.actions == []


def test_an_operator_is_rotated_however_its_address_is_written(ledger: Known, sent: Recorder) -> None:
    ledger.issuers[DID] = replace(ledger.issuers[DID], operators=frozenset({OPERATOR}))
    make(ledger, sent).rotate(old=OPERATOR.lower(), new=ADDRESS)
    assert sent.actions == [RotateOperator(DID, OPERATOR, ADDRESS)]


def test_a_list_whose_bits_are_not_known_is_not_written_to(registrar: Registrar, ledger: Known) -> None:
    ledger.lists[LIST] = replace(ledger.lists[LIST], intact=False)
    with pytest.raises(Conflict, match="do not match"):
        registrar.publish(uri=LIST, entries=[(5, 0)])


def test_what_is_not_there_is_said_to_be_missing(registrar: Registrar, ledger: Known, sent: Recorder) -> None:
    with pytest.raises(NotFound):
        registrar.publish(uri="nothing")
    with pytest.raises(NotConfigured, match="ISSUER_DID"):
        make(ledger, sent, own_did="").create_list(name="x")


@pytest.mark.parametrize("uri", ["http://[", "http://[x]/lists/1", "https://\u2100/lists/1"])
def test_what_looks_like_an_address_and_is_none(registrar: Registrar, sent: Recorder, uri: str) -> None:
    with pytest.raises(Invalid, match="uri"):
        registrar.publish(uri=uri, entries=[(1, 1)])
    assert sent.actions == []
