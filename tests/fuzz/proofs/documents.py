"""Documents for fuzzing: the fixtures and a licence, mutated with values JSON-LD has opinions about."""

from __future__ import annotations

import copy
import json
from typing import Any

from hypothesis import strategies as st

from tests.simulators.signers import FIXTURES, Signer, licence, presentation

Document = dict[str, Any]


def _seeds() -> list[Document]:
    own = licence(Signer().did)
    names = ("licence.json", "licence-vcdm11.json", "welding-certificate.json", "presentation.json")
    found = [json.loads((FIXTURES / name).read_text()) for name in names]
    vocabulary = copy.deepcopy(own)
    vocabulary["@context"].append({"@vocab": "https://example.com/any#", "schema": "https://schema.org/"})
    seeds = [own, vocabulary, presentation(Signer(2).did, own, vocabulary), *found]
    return [{key: value for key, value in seed.items() if key != "proof"} for seed in seeds]


SEEDS = _seeds()

_VALUES: list[Any] = [
    *("x", "", "é\U0001f600\ue000", 'a"b\\c\n\t\r\b\f\x00\x1f\x7f', "urn:ok:1", "https://e.example/é?x#y"),
    *("relative", "https://a b", "_:q", "schema:name", "cred:x", "2020-01-01T00:00:00Z"),
    *(
        0,
        1,
        -7,
        1.5,
        1.0,
        -0.0,
        1e-7,
        5e-324,
        1e20,
        1e21,
        1e22,
        0.1 + 0.2,
        123456.789,
        2**53,
        2**53 - 1,
        -(2**60),
    ),
    *(True, False, None, [], {}, ["a", "b"], ["a", "a"], [["a"], "b"], [1, None, "z"], [None], [[]]),
    *({"@value": "v"}, {"@value": "v", "@language": "EN"}, {"@value": True}, {"@value": None}),
    {"@value": 3, "@type": "http://www.w3.org/2001/XMLSchema#double"},
    {"@value": "3", "@type": "http://www.w3.org/2001/XMLSchema#double"},
    {"@value": 3, "@type": "http://www.w3.org/2001/XMLSchema#string"},
    {"@value": "2020", "@type": "http://www.w3.org/2001/XMLSchema#gYear"},
    {"@value": "x", "@type": "http://www.w3.org/2001/XMLSchema#string"},
    {"@value": {"b": 1, "a": [1.5, "é"]}, "@type": "@json"},
    {"@value": "x", "type": "https://e.example/t"},
    *({"@id": "urn:x"}, {"id": "urn:x"}, {"@id": "_:q"}, {"id": "_:q", "name": "q"}, {"name": "bare"}),
    {"id": "urn:x", "type": "Achievement", "name": "n", "criteria": {"narrative": "c"}},
    {"type": "Profile", "name": "p", "email": "e"},
    {"type": ["Address", "GeoCoordinates"], "geo": {"type": "GeoCoordinates", "latitude": 1.25}},
    {"type": "NursingLicence", "licenceNumber": "1", "authority": "urn:a", "raw": [1, {"z": 1}], "ranked": []},
    {"type": "NursingLicence", "ranked": ["a", {"id": "urn:b"}, {"name": "c"}], "hours": 3, "raw": None},
    {"type": "BitstringStatusListEntry", "statusListIndex": "1", "statusPurpose": "revocation"},
    *({"@list": ["a", "b"]}, {"@set": ["a"]}, {"@type": "@id", "@value": "q"}, {"@list": [["a"]]}),
    *(
        {"@graph": [{"@id": "urn:g", "name": "g"}]},
        {"@included": []},
        {"@reverse": {"name": "x"}},
        {"@nest": {}},
    ),
    {"@context": {"zz": "urn:x:zz"}, "zz": "local", "name": "n"},
    {"@context": "https://www.w3.org/ns/credentials/v2", "type": "VerifiableCredential", "name": "nested"},
    {"name": {"@value": "n", "@language": "de"}, "description": [{"@value": "d"}, "e"]},
]
_KEYS = [
    *(
        "name",
        "description",
        "id",
        "type",
        "@id",
        "@type",
        "undefinedTerm",
        "https://full.example/p",
        "evidence",
    ),
    *("termsOfUse", "credentialSubject", "alignment", "tag", "allowedValue", "licenceNumber", "geo", "address"),
    *("specialties", "ranked", "raw", "hours", "authority", "verifiableCredential", "proof", "relatedResource"),
    *(
        "credentialSchema",
        "refreshService",
        "@language",
        "@index",
        "holder",
        "image",
        "criteria",
        "firstIssued",
    ),
    *("urn:p:x", "@graph", "result", "resultDescription", "otherIdentifier", "schema:x", "jsonSchema"),
]


def _paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path]
    if isinstance(value, dict):
        for key, item in value.items():
            if key != "@context":
                found += _paths(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            found += _paths(item, (*path, index))
    return found


def _at(value: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        value = value[step]
    return value


@st.composite
def mutated(draw: st.DrawFn) -> Document:
    """A seed with one to three changes; plain JSON."""
    document = copy.deepcopy(draw(st.sampled_from(SEEDS)))
    for _ in range(draw(st.integers(1, 3))):
        path = draw(st.sampled_from(_paths(document)))
        target = _at(document, path)
        change = draw(st.sampled_from(["add", "replace", "copy"]))
        if isinstance(target, dict) and (change == "add" or not path):
            target[draw(st.sampled_from(_KEYS))] = copy.deepcopy(draw(st.sampled_from(_VALUES)))
        elif path and change == "replace":
            _at(document, path[:-1])[path[-1]] = copy.deepcopy(draw(st.sampled_from(_VALUES)))
        elif path:
            holder = _at(document, path[:-1])
            if isinstance(holder, dict):
                holder[draw(st.sampled_from(_KEYS))] = copy.deepcopy(target)
            else:
                holder.append(copy.deepcopy(target))
    copied: Document = json.loads(json.dumps(document))
    return copied
