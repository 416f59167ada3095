"""Claims as items of RLP, and strictly back. What cannot be read raises ValueError or KeyError."""

from __future__ import annotations

from registry import rlp
from registry.bindings.addresses import checksummed, keccak256, parsed
from registry.bindings.issuer_registry import STANDINGS
from registry.proofs.claims import Accredited, DocumentClaim, IssuerClaim
from registry.proofs.entry_claims import Creation, EntryClaim, LastUpdate, ListClaim
from registry.records import BlockStamp, StatusPurpose, Terms

MAX_TEXT = 2048  # bytes of a DID or an address

_CODES = {standing: code for code, standing in STANDINGS.items()}


def issuer_item(one: IssuerClaim) -> rlp.Item:
    it = one.found
    if it is None:
        return [one.did.encode()]
    terms = it.terms
    return [
        one.did.encode(),
        it.issuer_id,
        parsed(it.admin),
        _CODES[it.standing],
        terms.name.encode(),
        [text.encode() for text in terms.credential_types],
        [text.encode() for text in terms.jurisdictions],
        terms.valid_from,
        terms.valid_until,
    ]


def issuer(item: rlp.Decoded) -> IssuerClaim:
    did, *rest = members(item, 9)
    if not rest:
        return IssuerClaim(_text(did), None)
    number, admin, standing, name, types, jurisdictions, valid_from, valid_until = rest
    terms = Terms(
        _text(name),
        tuple(_text(one) for one in members(types, 256)),
        tuple(_text(one) for one in members(jurisdictions, 256)),
        rlp.number(valid_from, 40),
        rlp.number(valid_until, 40),
    )
    found = Accredited(
        rlp.number(number, 32), checksummed(rlp.octets(admin)), STANDINGS[rlp.number(standing, 8)], terms
    )
    return IssuerClaim(_text(did), found)


def document_item(one: DocumentClaim) -> rlp.Item:
    """The head before the first version is the DID's hash."""
    did = one.did.encode()
    if not one.version:
        return [did]
    return [did, one.version, b"" if one.previous_head == keccak256(did) else one.previous_head, one.document]


def document(item: rlp.Decoded) -> DocumentClaim:
    did, *rest = members(item, 4)
    if not rest:
        return DocumentClaim(_text(did), 0, b"", b"")
    version, head, document = rest
    previous = rlp.octets(head, 32) if head else keccak256(rlp.octets(did))
    return DocumentClaim(_text(did), _positive(version, 32), previous, rlp.octets(document))


def entry_item(one: EntryClaim) -> rlp.Item:
    evidence: list[rlp.Item] = [one.leaf, b"".join(one.branch), one.root]
    return [one.uri.encode(), one.index, *([] if one.list is None else [_list_item(one.list), *evidence])]


def _list_item(it: ListClaim) -> rlp.Item:
    last: list[rlp.Item]
    if isinstance(it.last, Creation):
        last = [it.last.issuer_id]
    else:
        last = [it.last.previous_head, it.last.delta_hash, it.last.effective_at]
    return [
        it.issuer_id,
        it.size,
        it.seq,
        int(it.purpose),
        it.bits_per_entry,
        int(it.closed),
        last,
        [it.recorded.number, it.recorded.hash, it.recorded.time],
    ]


def entry(item: rlp.Decoded) -> EntryClaim:
    uri, index, *rest = members(item, 6)
    if not rest:
        return EntryClaim(_text(uri), rlp.number(index, 32), None, b"", (), b"")
    its_list, leaf, branch, root = rest
    siblings = rlp.octets(branch)
    if len(siblings) % 32:
        raise rlp.MalformedRlp("a branch of no whole hashes")
    return EntryClaim(
        _text(uri),
        rlp.number(index, 32),
        _list(its_list),
        rlp.octets(leaf),
        tuple(siblings[i : i + 32] for i in range(0, len(siblings), 32)),
        rlp.octets(root),
    )


def _list(item: rlp.Decoded) -> ListClaim:
    issuer, size, seq, purpose, bits, closed, last, recorded = members(item, 8)
    number, block_hash, time = members(recorded, 3)
    return ListClaim(
        issuer_id=rlp.number(issuer, 32),
        size=_positive(size, 32),
        seq=rlp.number(seq, 64),
        purpose=StatusPurpose(rlp.number(purpose, 8)),
        bits_per_entry=_width(bits),
        closed=bool(rlp.number(closed, 1)),
        last=_last(last),
        recorded=BlockStamp(rlp.number(number, 63), rlp.octets(block_hash, 32), rlp.number(time, 63)),
    )


def _last(item: rlp.Decoded) -> Creation | LastUpdate:
    first, *others = members(item, 3)
    if not others:
        return Creation(rlp.number(first, 32))
    delta_hash, effective_at = others
    return LastUpdate(rlp.octets(first, 32), rlp.octets(delta_hash, 32), rlp.number(effective_at, 48))


def _width(item: rlp.Decoded) -> int:
    bits = rlp.number(item, 8)
    if bits not in (1, 2, 4, 8):
        raise rlp.MalformedRlp("entries are of 1, 2, 4 or 8 bits")
    return bits


def _positive(item: rlp.Decoded, bits: int) -> int:
    found = rlp.number(item, bits)
    if not found:
        raise rlp.MalformedRlp("zero where there is something")
    return found


def members(item: rlp.Decoded, most: int) -> list[rlp.Decoded]:
    """Of a list, `most` at most. Raises MalformedRlp."""
    if isinstance(item, bytes) or len(item) > most:
        raise rlp.MalformedRlp("no list, or too long a one")
    return item


def _text(item: rlp.Decoded) -> str:
    raw = rlp.octets(item)
    if len(raw) > MAX_TEXT:
        raise rlp.MalformedRlp("a text is too long")
    return raw.decode()  # its error is a ValueError
