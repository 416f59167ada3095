"""Signed transactions are byte for byte what eth-account makes."""

from __future__ import annotations

import pytest
from eth_account import Account
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.publisher.signer import LocalSigner
from registry.publisher.transactions import Fees, SignerMismatch, Transaction, hash_of

SECRET = bytes(range(1, 33))
SIGNER, PEER = LocalSigner(SECRET), Account.from_key(SECRET)
TO = "0x4a62316623ad457F02cDC5D997deD67a383EC569"
NATURAL = st.integers(0, 2**63 - 1)


@settings(deadline=None)  # a busy machine is no fault
@given(nonce=NATURAL, data=st.binary(max_size=400), gas=NATURAL, price=NATURAL, to=st.sampled_from([TO, None]))
def test_both_kinds_equal_eth_accounts(nonce: int, data: bytes, gas: int, price: int, to: str | None) -> None:
    common = {"chainId": 31337, "nonce": nonce, "to": to or "", "data": data, "gas": gas, "value": 0}
    dynamic = {"type": 2, "maxFeePerGas": price, "maxPriorityFeePerGas": price // 2}
    ours = Transaction(31337, nonce, to, data, gas, Fees(price, price // 2)).signed(SIGNER)
    theirs = PEER.sign_transaction(common | dynamic)
    assert (ours, hash_of(ours)) == (bytes(theirs.raw_transaction), bytes(theirs.hash))
    ours = Transaction(31337, nonce, to, data, gas, Fees(price, None)).signed(SIGNER)
    theirs = PEER.sign_transaction(common | {"gasPrice": price})
    assert (ours, hash_of(ours)) == (bytes(theirs.raw_transaction), bytes(theirs.hash))


def test_the_address_is_eth_accounts_and_the_secret_is_not_shown() -> None:
    assert SIGNER.address == PEER.address
    assert repr(SIGNER) == f"LocalSigner({PEER.address})"


@pytest.mark.parametrize("signature", [bytes(65), LocalSigner(b"\7" * 32).sign_hash(b"\1" * 32)])
def test_a_device_that_signs_with_another_key_is_noticed(signature: bytes) -> None:
    class Device:
        address = SIGNER.address

        def sign_hash(self, digest: bytes) -> bytes:
            return signature

    with pytest.raises(SignerMismatch):
        Transaction(1, 0, TO, b"", 21_000, Fees(0, 0)).signed(Device())
