"""Enough of the right validators, on that very block, or no proof. Real headers: tests/vectors/registry."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from registry.bindings.addresses import keccak256
from registry.proofs.errors import ProofInvalid
from registry.proofs.headers import Header
from registry.proofs.seals import Consensus, Validators, block_hash, check_seals, recognised
from tests.simulators.state_trie import Sealers

ROOT = keccak256(b"state")
SEALED = (Consensus.QBFT, Consensus.IBFT2, Consensus.CLIQUE)


def _chain(sealers: Sealers, length: int | None = None) -> list[Header]:
    if length is None:
        length = 3 if sealers.consensus is Consensus.CLIQUE else 1
    return [Header.decode(raw) for raw in sealers.chain(ROOT, length=length)]


def _validators(sealers: Sealers, addresses: Sequence[bytes] | None = None) -> Validators:
    return Validators(sealers.consensus, frozenset(sealers.addresses if addresses is None else addresses))


@pytest.mark.parametrize("consensus", SEALED)
def test_a_quorum_stands_for_the_block(consensus: Consensus) -> None:
    sealers = Sealers(consensus)
    headers = _chain(sealers)
    digest, seals = check_seals(headers, _validators(sealers))
    assert digest == block_hash(headers[0], consensus)
    assert len({seal.validator for seal in seals}) == 3
    assert recognised(headers[0], digest) is consensus


@pytest.mark.parametrize("consensus", [Consensus.QBFT, Consensus.IBFT2])
@pytest.mark.parametrize("signers", [(0, 1), (0, 0, 0), ()])
def test_too_few_seals_are_refused(consensus: Consensus, signers: tuple[int, ...]) -> None:
    sealers = Sealers(consensus)
    header = Header.decode(sealers.header(ROOT, signers=signers))
    with pytest.raises(ProofInvalid, match="3 are needed"):
        check_seals([header], _validators(sealers))


@pytest.mark.parametrize("consensus", [Consensus.QBFT, Consensus.IBFT2])
def test_the_round_is_sealed_and_not_hashed(consensus: Consensus) -> None:
    sealers = Sealers(consensus)
    first, later = (Header.decode(sealers.header(ROOT, round_number=n)) for n in (0, 5))
    assert check_seals([first], _validators(sealers))[0] == check_seals([later], _validators(sealers))[0]


def test_one_clique_signer_alone_proves_nothing() -> None:
    sealers = Sealers(Consensus.CLIQUE)
    for length in (1, 2):
        with pytest.raises(ProofInvalid, match="3 are needed"):
            check_seals(_chain(sealers, length), _validators(sealers))


def test_one_clique_signer_may_not_stand_for_three() -> None:
    sealers = Sealers(Consensus.CLIQUE)
    headers, parent = [], bytes(32)
    for number in range(7, 12):
        headers.append(Header.decode(sealers.header(ROOT, number=number, parent=parent, signers=[0])))
        parent = keccak256(headers[-1].raw)
    with pytest.raises(ProofInvalid, match="3 are needed"):
        check_seals(headers, _validators(sealers))


def test_clique_blocks_of_another_branch_do_not_count() -> None:
    sealers = Sealers(Consensus.CLIQUE)
    headers = _chain(sealers)
    stray = Header.decode(sealers.header(ROOT, number=8, parent=bytes(32)))
    with pytest.raises(ProofInvalid, match="does not follow"):
        check_seals([headers[0], stray, headers[2]], _validators(sealers))
    with pytest.raises(ProofInvalid, match="does not follow"):
        check_seals([headers[0], headers[2]], _validators(sealers))


@pytest.mark.parametrize("consensus", SEALED)
def test_other_validators_prove_nothing(consensus: Consensus) -> None:
    sealers = Sealers(consensus)
    strangers = [*sealers.addresses[1:], bytes(20)]
    with pytest.raises(ProofInvalid, match=r"no validator|were others"):
        check_seals(_chain(sealers), _validators(sealers, strangers))


@pytest.mark.parametrize("consensus", SEALED)
def test_a_header_under_another_rule_proves_nothing(consensus: Consensus) -> None:
    sealers = Sealers(consensus)
    for other in SEALED:
        if other is not consensus:
            with pytest.raises(ProofInvalid):
                check_seals(_chain(sealers), Validators(other, frozenset(sealers.addresses)))


@pytest.mark.parametrize("consensus", SEALED)
def test_no_byte_of_a_header_may_change(consensus: Consensus) -> None:
    """Of Clique's followers too (every third byte, for the time it takes)."""
    sealers = Sealers(consensus)
    headers = sealers.chain(ROOT, length=3 if consensus is Consensus.CLIQUE else 1)
    expected, _ = check_seals([Header.decode(raw) for raw in headers], _validators(sealers))
    for place in range(len(headers)):
        for at in range(place % 2, len(headers[place]), 3):
            changed = list(headers)
            changed[place] = headers[place][:at] + bytes([headers[place][at] ^ 1]) + headers[place][at + 1 :]
            with pytest.raises(ProofInvalid):
                found, _ = check_seals([Header.decode(raw) for raw in changed], _validators(sealers))
                if found == expected:
                    raise AssertionError(f"byte {at} of header {place} does not matter")


def test_an_unsealed_block_has_no_seals() -> None:
    header = Header.decode(Sealers(Consensus.UNSEALED).header(ROOT))
    digest, seals = check_seals([header], Validators(Consensus.UNSEALED, frozenset()))
    assert (digest, seals) == (keccak256(header.raw), ())
    assert recognised(header, digest) is Consensus.UNSEALED
    for consensus in SEALED:
        with pytest.raises(ProofInvalid):
            check_seals([header], _validators(Sealers(consensus)))


def test_a_header_that_is_not_of_its_hash_is_recognised_by_nobody() -> None:
    for consensus in Consensus:
        with pytest.raises(ProofInvalid):
            recognised(Header.decode(Sealers(consensus).header(ROOT)), bytes(32))


@pytest.mark.parametrize(
    "count, clique, bft", [(1, 1, 1), (2, 2, 2), (3, 2, 2), (4, 3, 3), (5, 3, 4), (7, 4, 5)]
)
def test_how_many_are_needed(count: int, clique: int, bft: int) -> None:
    addresses = frozenset(bytes([n]) * 20 for n in range(count))
    assert Validators(Consensus.CLIQUE, addresses).quorum == clique
    assert Validators(Consensus.QBFT, addresses).quorum == bft
    assert Validators(Consensus.IBFT2, addresses).quorum == bft


def test_validators_that_cannot_be() -> None:
    for consensus, addresses in (
        (Consensus.QBFT, ()),
        (Consensus.UNSEALED, (bytes(20),)),
        (Consensus.CLIQUE, (b"short",)),
        (Consensus.CLIQUE, tuple(n.to_bytes(20, "big") for n in range(129))),
    ):
        with pytest.raises(ValueError):
            Validators(consensus, frozenset(addresses))
