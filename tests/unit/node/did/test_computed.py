"""did:pkh and did:key of BLS keys: documents that are computed, with keys that check nothing here."""

from __future__ import annotations

import pytest

from node.crypto import multibase
from node.crypto.public_keys import KeyType
from node.did import key, pkh
from node.did.resolver import Resolver
from node.did.syntax import InvalidDid
from node.verification.proof import KeyRule
from node.verification.reasons import Reason
from node.verification.refusals import Refused

SOLANA = "solana:4sGjMW1sUnHzSxGspuhpqLDx6wiyjNtZ:CKg5d12Jhpej1JqtmxLJgaFqqeYjxgPqToJ4LBdvG9Ev"
ACCOUNTS = [  # the examples of the method
    ("eip155:1:0xb9c5714089478a327f09197987f16f9e5d936e8a", "EcdsaSecp256k1RecoveryMethod2020"),
    ("eip155:42220:0xa0ae58da58dfa46fa55c3b86545e7065f90ff011", "EcdsaSecp256k1RecoveryMethod2020"),
    (
        "bip122:000000000019d6689c085ae165831e93:128Lkh3S7CkDTBZ8W7BbpsN3YYizJMp8p6",
        "EcdsaSecp256k1RecoveryMethod2020",
    ),
    (
        "tezos:NetXdQprcVkpaWU:tz1TzrmTBSuiVHV2VfMnGRMYvTEPCP42oSM8",
        "Ed25519PublicKeyBLAKE2BDigestSize20Base58CheckEncoded2021",
    ),
    ("tezos:NetXdQprcVkpaWU:tz2BFTyPeYRzxd5aiBchbXN3WCZhx7BqbMBq", "EcdsaSecp256k1RecoveryMethod2020"),
    (
        "tezos:NetXdQprcVkpaWU:tz3agP9LGe2cXmKQyYn6T68BHKjjktDbbSWX",
        "P256PublicKeyBLAKE2BDigestSize20Base58CheckEncoded2021",
    ),
]


@pytest.mark.parametrize(("account", "type_"), ACCOUNTS)
def test_an_account_has_a_document_and_no_key(account: str, type_: str) -> None:
    did = f"did:pkh:{account}"
    found = pkh.document_of(did, account)
    url = f"{did}#blockchainAccountId"
    assert found.document["verificationMethod"] == [
        {"id": url, "controller": did, "blockchainAccountId": account, "type": type_}
    ]
    assert (found.methods, set(found.accounts), found.source) == ({}, {url}, "did:pkh")
    with pytest.raises(Refused) as refused:
        KeyRule(found, "assertionMethod", 0).method(url)
    assert refused.value.reason is Reason.KEY_NOT_FOUND
    assert "account" in refused.value.detail


def test_an_account_of_solana_is_a_key() -> None:
    did = f"did:pkh:{SOLANA}"
    found = pkh.document_of(did, SOLANA)
    url = f"{did}#blockchainAccountId"
    assert multibase.encode(found.methods[url].key.raw) == "z" + SOLANA.rpartition(":")[2]
    assert not found.accounts
    assert KeyRule(found, "authentication", 0).method(url)


@pytest.mark.parametrize(
    "identifier",
    [
        "eth:0xb9c5714089478a327f09197987f16f9e5d936e8a",
        "eip155:1:0xb9c5",
        "eip155:1:0xB9c5714089478a327f09197987f16f9e5d936e8a",
        "eip155:1",
        "solana:x:0OIl",
        "solana:x:" + "1" * 128,
        "tezos:NetXdQprcVkpaWU:KT1",
        "cosmos:cosmoshub-3:cosmos1t2uflqwqe0fsj0shcfkrvpukewcw40yjj6hdc0",
        "eip155:1:0x" + "1" * 40 + ":more",
    ],
)
def test_accounts_that_are_none(identifier: str) -> None:
    with pytest.raises(InvalidDid):
        pkh.document_of(f"did:pkh:{identifier}", identifier)


async def test_an_account_says_in_its_resolution_that_it_has_no_key() -> None:
    did = f"did:pkh:{ACCOUNTS[0][0]}"
    result = (await Resolver(lambda did, at: None, None, lambda: 0.0).resolution(did)).to_json()
    assert result["didResolutionMetadata"]["accountsWithoutKey"] == [f"{did}#blockchainAccountId"]


def bls(prefix: bytes, point: bytes) -> str:
    return multibase.encode(prefix + point)


def test_bls_keys_by_their_form() -> None:
    for prefix, size in ((b"\xea\x01", 48), (b"\xeb\x01", 96)):
        good = bls(prefix, b"\x81" + bytes(size - 1))
        found = key.document_of(f"did:key:{good}", good)
        # Those of the second group check bbs-2023; whether they are on the curve is seen there.
        assert [one.key.type for one in found.methods.values()] == (
            [KeyType.BLS12_381_G2] if size == 96 else []
        )
        assert found.document["verificationMethod"][0]["publicKeyMultibase"] == good
        for wrong in (
            bls(prefix, b"\x01" + bytes(size - 1)),  # not compressed
            bls(prefix, b"\xc0" + bytes(size - 1)),  # the point at infinity
            bls(prefix, b"\x81" + bytes(size)),
            bls(prefix, b"\x81" + bytes(size - 2)),
            "u" + good[1:],
            good + "0",
        ):
            with pytest.raises(InvalidDid):
                key.document_of(f"did:key:{wrong}", wrong)


async def test_versions_of_what_is_computed() -> None:
    source = Resolver(lambda did, at: None, None, lambda: 0.0)
    did = f"did:pkh:{SOLANA}"
    assert (await source.resolution(f"{did}?versionTime=2020-01-01T00:00:00Z")).status == 200
    assert (await source.resolution(f"{did}?versionId=1")).status == 404
    part = await source.resolution(f"{did}#blockchainAccountId")
    assert part.to_json()["dereferencingMetadata"]["verificationRelationships"] == [
        "assertionMethod",
        "authentication",
    ]
    bad = await source.resolution("did:key:zzz?versionId=1")
    assert bad.status == 400
