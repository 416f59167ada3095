"""Making an SD-JWT VC: which claims its holder may withhold, and the issuer's signature (RFC 9901 §6)."""

from __future__ import annotations

import copy
import secrets
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import orjson

from node.crypto import base64url
from node.crypto.signing import SigningKey
from node.verification.proofs import jose, sd_jwt
from node.verification.proofs.sd_jwt_claims import PLAIN
from node.verification.proofs.sd_jwt_disclosures import (
    ALGORITHM,
    DIGESTS,
    ELEMENT,
    HASHES,
    MAX_DISCLOSURES,
    RESERVED,
    digest_of,
)
from node.verification.reasons import Reason
from node.verification.refusals import Refused

_SALT_BYTES = 16  # RFC 9901 §9.3: 128 bits


def sign(
    claims: Mapping[str, Any],
    *,
    key: SigningKey,
    kid: str,
    disclose: Sequence[str] = (),
    hash_name: str = "sha-256",
) -> str:
    """A `dc+sd-jwt` with all its disclosures and no key binding.

    `disclose`: JSON pointers (RFC 6901) to what may be withheld, members and elements, one inside another too.
    Raises Refused, also for what would not be accepted here.
    """
    payload, disclosures = conceal(claims, disclose, hash_name=hash_name)
    header = {"alg": key.public.jose_alg, "typ": sd_jwt.SD_JWT_VC, "kid": kid}
    compact = "~".join((jose.sign_compact(header, payload, key), *disclosures, ""))
    token = sd_jwt.peek(compact)
    if token.fault is not None:
        raise token.fault
    return compact


def conceal(
    claims: Mapping[str, Any],
    pointers: Sequence[str],
    *,
    hash_name: str = "sha-256",
    salt: Callable[[], str] = lambda: secrets.token_urlsafe(_SALT_BYTES),
) -> tuple[dict[str, Any], list[str]]:
    """The payload and its disclosures. Raises Refused."""
    payload = copy.deepcopy(dict(claims))
    _refuse_reserved(payload)
    if len(pointers) > MAX_DISCLOSURES or len(set(pointers)) != len(pointers):
        raise _not_concealable("is named twice, or among too many", pointers[0])
    disclosures: list[str] = []
    hash_ = HASHES[hash_name]
    # The innermost first: what holds them is concealed with their digests in it.
    for pointer in sorted(pointers, key=lambda one: one.count("/"), reverse=True):
        holder, last = _place(payload, pointer)
        if isinstance(holder, list):
            text = base64url.encode(orjson.dumps([salt(), holder[int(last)]]))
            holder[int(last)] = {ELEMENT: digest_of(text.encode("ascii"), hash_)}
        else:
            text = base64url.encode(orjson.dumps([salt(), last, holder.pop(last)]))
            holder.setdefault(DIGESTS, []).append(digest_of(text.encode("ascii"), hash_))
            # Digests in their own order do not tell in which order the claims stood.
            holder[DIGESTS].sort()
        disclosures.append(text)
    if disclosures:
        payload[ALGORITHM] = hash_name
    return payload, disclosures


def _place(payload: dict[str, Any], pointer: str) -> tuple[dict[str, Any] | list[Any], str]:
    """What holds the value a pointer names, and under which name or index."""
    first, *parts = [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")]
    if first or not parts:
        raise _not_concealable("is no JSON pointer to a claim", pointer)
    if parts[0] in PLAIN:
        raise _not_concealable("may not be withheld", pointer)
    holder: Any = payload
    for depth, part in enumerate(parts):
        if not _holds(holder, part):
            raise _not_concealable("is not there", pointer)
        if depth < len(parts) - 1:
            holder = holder[int(part)] if isinstance(holder, list) else holder[part]
    return holder, parts[-1]


def _holds(holder: Any, part: str) -> bool:
    if isinstance(holder, dict):
        return part in holder
    canonical = part.isascii() and part.isdigit() and (part == "0" or part[0] != "0") and len(part) < 8
    return isinstance(holder, list) and canonical and int(part) < len(holder)


def _refuse_reserved(value: Any) -> None:
    level = [value]
    while level:
        below: list[Any] = []
        for item in level:
            if isinstance(item, dict):
                for name in RESERVED & item.keys():
                    raise Refused(Reason.MALFORMED_CREDENTIAL, f"A claim cannot be called {name}.")
                below.extend(item.values())
            elif isinstance(item, list):
                below.extend(item)
        level = below


def _not_concealable(why: str, pointer: str) -> Refused:
    return Refused(Reason.MALFORMED_CREDENTIAL, f"A claim to be disclosed selectively {why}.", pointer[:256])
