"""What a holder changes in a document, or a careless issuer writes: each of it has deceived a verifier."""

from __future__ import annotations

from typing import Any

from node.verification.proofs.contexts import VCDM_2
from tests.behaviours.attack_matrix.presenting import Document

CREDENTIALS = "https://www.w3.org/2018/credentials#"
DATE_TIME = "http://www.w3.org/2001/XMLSchema#dateTime"


def until(document: Document) -> str:
    return "expirationDate" if "expirationDate" in document else "validUntil"


def respell_end(document: Document) -> None:
    name = until(document)
    document[CREDENTIALS + name] = {"@type": DATE_TIME, "@value": document.pop(name, "2020-01-01T00:00:00Z")}


def respell_status(document: Document) -> None:
    document[CREDENTIALS + "credentialStatus"] = document.pop("credentialStatus", {"id": "urn:x"})


def respell_by_prefix(document: Document) -> None:
    _add_context(document, {"c": CREDENTIALS})
    document["c:credentialStatus"] = document.pop("credentialStatus", {"id": "urn:x"})


def _add_context(document: Document, context: Any) -> None:
    document["@context"] = [*document.get("@context", [VCDM_2]), context]


def inject_null(document: Document) -> None:
    _add_context(document, {"licenceNumber": None})
    document.setdefault("credentialSubject", {})["licenceNumber"] = "forged"


def inject_redefinition(document: Document) -> None:
    _add_context(
        document, {"validUntil": "https://attacker.example/x", "expirationDate": "https://a.example/y"}
    )


def inject_fetch(document: Document) -> None:
    _add_context(document, {"@import": "http://127.0.0.1:9/context"})


def inject_address(document: Document) -> None:
    _add_context(document, "https://attacker.example/context")


def drop_member(document: Document) -> None:
    document["credentialSubject"]["degree"] = "forged"


def drop_type(document: Document) -> None:
    document["type"].append("UndefinedType")


def drop_relative(document: Document) -> None:
    document["credentialSubject"]["id"] = "relative"


def poison(document: Document) -> None:
    names = [f"_:b{i}" for i in range(10)]
    _add_context(document, {"knows": {"@id": "https://schema.org/knows", "@type": "@id"}})
    document["credentialSubject"] = [{"id": a, "knows": [b for b in names if b != a]} for a in names]
