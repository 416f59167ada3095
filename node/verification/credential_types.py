"""What to call a kind of credential: its type (VCDM), or its `vct` (SD-JWT VC), in words."""

from __future__ import annotations

import re
from functools import lru_cache

# `vct` and type names that say too little by themselves.
_KNOWN = {
    "urn:eudi:pid:1": "Person identification data",
    "urn:eu.europa.ec.eudi:pid:1": "Person identification data",
    "eu.europa.ec.eudi.pid.1": "Person identification data",
    "urn:eudi:mdl:1": "Driving licence",
    "org.iso.18013.5.1.mDL": "Driving licence",
}
_WORD_BOUNDARY = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[_\-]+").sub
_VERSION = re.compile(r"v?\d+(\.\d+)*", re.IGNORECASE).fullmatch


@lru_cache(1024)
def display_name(type_: str) -> str:
    """`NursingLicenceCredential` and `https://board.example/vct/nursing_licence/v1`: "Nursing licence"."""
    if type_ in _KNOWN:
        return _KNOWN[type_]
    parts = [part for part in re.split(r"[/#:]", type_.partition("?")[0]) if part]
    telling = [part for part in parts if not _VERSION(part)] or parts
    words = _WORD_BOUNDARY(" ", telling[-1] if telling else "")
    return words.removesuffix(" Credential").removesuffix(" credential").capitalize()
