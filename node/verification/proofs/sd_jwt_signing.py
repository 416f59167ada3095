"""Making an SD-JWT VC: which claims its holder may withhold, and the issuer's signature (RFC 9901 §6)."""

from __future__ import annotations

import copy
import secrets
from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
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
    Hash,
    digest_of,
)
from node.verification.reasons import Reason
from node.verification.refusals import Refused

_SALT_BYTES = 16  # RFC 9901 §9.3: 128 bits
MAX_DECOYS = 100  # in one place


def sign(
    claims: Mapping[str, Any],
    *,
    key: SigningKey,
    kid: str,
    disclose: Sequence[str] = (),
    decoys: int = 0,
    hash_name: str = "sha-256",
) -> str:
    """A `dc+sd-jwt` with all its disclosures and no key binding.

    `disclose`: JSON pointers (RFC 6901) to what may be withheld, members and elements, one inside another too.
    `decoys`: digests of nothing that are added wherever there are digests, and at the top.
    Raises Refused, also for what would not be accepted here.
    """
    payload, disclosures = conceal(claims, disclose, decoys=decoys, hash_name=hash_name)
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
    decoys: int = 0,
    hash_name: str = "sha-256",
    salt: Callable[[], str] = lambda: secrets.token_urlsafe(_SALT_BYTES),
) -> tuple[dict[str, Any], list[str]]:
    """The payload and its disclosures. Raises Refused."""
    payload = copy.deepcopy(dict(claims))
    _refuse_reserved(payload)
    if len(pointers) > MAX_DISCLOSURES or len(set(pointers)) != len(pointers):
        raise _not_concealable("is named twice, or among too many", pointers[0])
    if not 0 <= decoys <= MAX_DECOYS:
        raise Refused(Reason.MALFORMED_CREDENTIAL, f"There are 0 to {MAX_DECOYS} decoys in one place.")
    disclosures: list[str] = []
    hash_ = HASHES[hash_name]
    # The innermost first: what holds them is concealed with their digests in it.
    for depth, group in groupby(sorted(pointers, key=_depth, reverse=True), key=_depth):
        holders: list[dict[str, Any] | list[Any]] = []
        for pointer in group:
            holder, last = _place(payload, pointer)
            if not any(holder is one for one in holders):
                holders.append(holder)
            if isinstance(holder, list):
                text = base64url.encode(orjson.dumps([salt(), holder[int(last)]]))
                holder[int(last)] = {ELEMENT: digest_of(text.encode("ascii"), hash_)}
            else:
                text = base64url.encode(orjson.dumps([salt(), last, holder.pop(last)]))
                holder.setdefault(DIGESTS, []).append(digest_of(text.encode("ascii"), hash_))
            disclosures.append(text)
        if depth > 1:
            for holder in holders:  # now that no pointer counts its elements any more
                _add_decoys(holder, decoys, hash_)
    _add_decoys(payload, decoys, hash_)
    if disclosures or decoys:
        payload[ALGORITHM] = hash_name
    return payload, disclosures


def _depth(pointer: str) -> int:
    return pointer.count("/")


def _add_decoys(holder: dict[str, Any] | list[Any], count: int, hash_: Hash) -> None:
    """RFC 9901 §4.2.5: digests that nobody can disclose, so that their number tells nothing."""
    made = [digest_of(secrets.token_bytes(32), hash_) for _ in range(count)]
    if isinstance(holder, list):
        for digest in made:
            holder.insert(secrets.randbelow(len(holder) + 1), {ELEMENT: digest})
    elif made or DIGESTS in holder:
        # Digests in their own order do not tell in which order the claims stood, nor which are decoys.
        holder[DIGESTS] = sorted([*holder.get(DIGESTS, []), *made])


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
