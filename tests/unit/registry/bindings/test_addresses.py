from __future__ import annotations

from dataclasses import fields, replace

import pytest

from registry.bindings.addresses import ContractAddresses, checksummed, parsed
from registry.bindings.deployment import Founding, contract_address, plan

# ERC-55, "Test Cases"
PUBLISHED = [
    "0x52908400098527886E0F7030069857D2E4169EE7",
    "0x8617E340B3D01FA5F11F306F4090FD50E238070D",
    "0xde709f2102306220921060314715629080e2fb77",
    "0x27b1fdb04752bbc536007a920d24acb045561c26",
    "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
    "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
    "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB",
    "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb",
]


@pytest.mark.parametrize("address", PUBLISHED)
def test_checksums_as_published(address: str) -> None:
    assert checksummed(bytes.fromhex(address[2:])) == address
    assert checksummed(parsed(address.lower())) == address


@pytest.mark.parametrize(
    "mistyped",
    [
        "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD",  # one letter's case
        "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beae",
        "5aaeb6053f3e94c9b9a09f33669435e7ef1beaed00",
        "0x5aaeb6053f3e94c9b9a09f33669435e7ef1bea  ",
        "0x" + "٣" * 40,
        "0x" + "g" * 40,
        "",
    ],
)
def test_mistyped_addresses_are_refused(mistyped: str) -> None:
    with pytest.raises(ValueError, match=r"address|hexadecimal"):
        parsed(mistyped)


def test_contract_addresses_are_kept_checksummed() -> None:
    lower = PUBLISHED[4].lower()
    contracts = ContractAddresses(*[lower] * 6)
    assert contracts.all() == (PUBLISHED[4],) * 6
    with pytest.raises(ValueError, match="address"):
        ContractAddresses(*[lower] * 5, "0x00")


def test_the_directory_renames_what_it_names_and_nothing_else() -> None:
    contracts = ContractAddresses(*(f"0x{digit * 40}" for digit in "123456"))
    successor = "0x" + "77" * 20
    renamed = contracts.renamed("StatusRegistry", successor)
    assert renamed == replace(contracts, status_registry=successor)
    assert successor in renamed.followed() and contracts.status_registry not in renamed.followed()
    assert contracts.renamed("Directory", successor) == contracts
    assert contracts.renamed("SomethingElse", successor) == contracts


def test_a_replica_follows_our_own_contracts_only() -> None:
    contracts = ContractAddresses(*(f"0x{digit * 40}" for digit in "123456"))
    assert set(contracts.all()) - set(contracts.followed()) == {contracts.ethr_did_registry}


@pytest.mark.parametrize(
    ("nonce", "address"),
    [  # of the deployer that Ethereum's documentation and many test suites use
        (0, "0xcd234A471b72ba2F1Ccf0A70FCABA648a5eeCD8d"),
        (1, "0x343c43A37D37dfF08AE8C4A11544c718AbB4fCF8"),
        (2, "0xf778B86FA74E846c4f0a1fBd1335FE81c00a0C91"),
    ],
)
def test_where_a_contract_lands(nonce: int, address: str) -> None:
    assert contract_address("0x6ac7ea33f8831ea9dcc53393aaa88b25a785dbf0", nonce) == address


def test_a_deployment_passes_council_and_issuers_to_the_others() -> None:
    deployer, governor = PUBLISHED[0], PUBLISHED[4]
    deployment = plan(deployer, 7, Founding.alone(governor))
    at = deployment.contracts
    assert at.all() == tuple(contract_address(deployer, 7 + place) for place in range(6))
    created = dict(zip([field.name for field in fields(at)], deployment.creations, strict=True))
    issuers, council = parsed(at.issuer_registry).rjust(32, b"\0"), parsed(at.council).rjust(32, b"\0")
    assert parsed(governor) in created["council"]
    assert created["issuer_registry"].endswith(council)
    assert created["did_registry"].endswith(issuers + council)
    assert created["status_registry"].endswith(issuers + council)
    for name in ("IssuerRegistry", "DidRegistry", "StatusRegistry", "EthereumDIDRegistry", "Council"):
        assert name.encode() in created["directory"]
    assert parsed(deployer) not in b"".join(deployment.creations)


@pytest.mark.parametrize(
    ("governors", "quorum", "delay"),
    [
        ((), 1, 0),
        (PUBLISHED[:2], 1, 0),
        (PUBLISHED[:2], 3, 0),
        (PUBLISHED[:1] * 2, 2, 0),
        (PUBLISHED[:1], 1, 31 * 86_400),
        (PUBLISHED[:1], 1, -1),
        (("0x00",), 1, 0),
    ],
)
def test_what_is_no_council(governors: tuple[str, ...], quorum: int, delay: int) -> None:
    with pytest.raises(ValueError):
        Founding(tuple(governors), quorum, delay)
