"""did:ethr against the published ERC-1056 contract, unchanged, on a real ledger."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import coincurve
import pytest

from node.crypto.public_keys import KeyType, PublicKey
from node.did.document import DidDocument
from node.did.ethr.identifier import address_of
from node.did.ethr.method import EthrMethod, Network
from node.did.resolver import Resolver
from node.verification.evidence import Unresolved
from node.verification.proof import KeyRule
from node.verification.reasons import Reason
from node.verification.refusals import Refused
from registry.bindings.abi import Function
from registry.bindings.addresses import checksummed
from registry.chain import Ledger
from registry.records import AsOf
from tests.interop import peers
from tests.simulators.anvil import AnvilLedger, running_anvil

ARTIFACT = "ethr-did-registry/dist/artifacts/contracts/EthereumDIDRegistry.sol/EthereumDIDRegistry.json"
DEPLOYER = "0x" + "11" * 20
CHAIN = 31337
NETWORK = hex(CHAIN)
YEAR = 365 * 86_400
NOBODY = "0x" + "00" * 20

CHANGE_OWNER = Function("changeOwner", "address", "address")
ADD_DELEGATE = Function("addDelegate", "address", "bytes32", "address", "uint256")
REVOKE_DELEGATE = Function("revokeDelegate", "address", "bytes32", "address")
SET_ATTRIBUTE = Function("setAttribute", "address", "bytes32", "bytes", "uint256")
REVOKE_ATTRIBUTE = Function("revokeAttribute", "address", "bytes32", "bytes")

ED25519 = PublicKey.from_multikey("z6MkusPdJBoCjzcEetuZWcQhtJDMJ5PntdYHKX1Moi3FekHF")
SECP256K1 = PublicKey.from_raw(KeyType.SECP256K1, coincurve.PrivateKey.from_int(7).public_key.format())


def word(text: str) -> bytes:
    return text.encode().ljust(32, b"\0")


@dataclass
class Registry:
    """The contract, and what it is told; and a resolver that reads it."""

    anvil: AnvilLedger
    address: str
    resolver: Resolver
    clock: list[float]
    people: int = 0

    def person(self) -> str:
        """An address that has no history."""
        self.people += 1
        return checksummed(bytes([0xAA]) * 19 + bytes([self.people]))

    def tell(self, sender: str, data: bytes) -> int:
        """The block."""
        return self.anvil.send(sender, self.address, data).block

    async def resolve(self, did: str, at: AsOf = AsOf()) -> DidDocument | Unresolved:  # noqa: B008 - frozen
        self.clock[0] += 1000  # past what is kept
        return await self.resolver.resolve(did, at)

    async def document(self, did: str) -> DidDocument:
        found = await self.resolve(did)
        assert isinstance(found, DidDocument), found
        return found


@pytest.fixture(scope="module")
def anvil(anvil_binary: Path) -> Iterator[AnvilLedger]:
    with running_anvil(anvil_binary) as ledger:
        yield ledger


@pytest.fixture(scope="module")
def contract(anvil: AnvilLedger) -> str:
    path = Path(peers.FOLDER) / "node_modules" / ARTIFACT
    if not path.is_file():
        pytest.skip("ethr-did-registry is absent: run npm ci --ignore-scripts in tests/interop")
    creation = bytes.fromhex(json.loads(path.read_bytes())["bytecode"][2:])
    deployed = anvil.send(DEPLOYER, None, creation).contract
    assert deployed is not None
    return checksummed(bytes.fromhex(deployed[2:]))


PEOPLE = [0]


@pytest.fixture
async def registry(anvil: AnvilLedger, contract: str) -> AsyncIterator[Registry]:
    ledger = Ledger(str(anvil._http.base_url), chain_id=CHAIN)
    clock = [float(anvil.now())]
    method = EthrMethod({NETWORK: Network(ledger, contract)}, lambda: clock[0])
    resolver = Resolver(lambda did, at: None, None, lambda: clock[0], remote={"ethr": method})
    made = Registry(anvil, contract, resolver, clock, PEOPLE[0])
    yield made
    PEOPLE[0] = made.people
    await ledger.close()


async def test_an_account_that_never_did_anything(registry: Registry) -> None:
    person = registry.person()
    did = f"did:ethr:{NETWORK}:{person}"
    found = await registry.document(did)
    assert found.document["verificationMethod"] == [
        {
            "id": f"{did}#controller",
            "type": "EcdsaSecp256k1RecoveryMethod2020",
            "controller": did,
            "blockchainAccountId": f"eip155:{CHAIN}:{person}",
        }
    ]
    assert found.methods == {}
    assert found.accounts.keys() == {f"{did}#controller"}
    assert found.source == "did:ethr"
    result = (await registry.resolver.resolution(did)).to_json()
    assert result["didResolutionMetadata"]["accountsWithoutKey"] == [f"{did}#controller"]


async def test_an_account_is_never_accepted_as_a_key(registry: Registry) -> None:
    did = f"did:ethr:{NETWORK}:{registry.person()}"
    rule = KeyRule(await registry.document(did), "assertionMethod", int(registry.clock[0]))
    with pytest.raises(Refused) as refused:
        rule.method(f"{did}#controller")
    assert refused.value.reason is Reason.KEY_NOT_FOUND
    with pytest.raises(Refused):
        rule.sole_method()


async def test_an_identifier_that_is_a_key(registry: Registry) -> None:
    did = f"did:ethr:{NETWORK}:0x{SECP256K1.raw.hex()}"
    found = await registry.document(did)
    assert found.methods[f"{did}#controllerKey"].key == SECP256K1
    assert f"{did}#controllerKey" in found.relationships["assertionMethod"]
    owner = checksummed(address_of(SECP256K1))
    registry.tell(owner, CHANGE_OWNER(owner, registry.person()))
    assert (await registry.document(did)).methods == {}


async def test_keys_and_services_published_and_revoked(registry: Registry) -> None:
    person = registry.person()
    did = f"did:ethr:{NETWORK}:{person}"
    ed = (word("did/pub/Ed25519/veriKey/base64"), ED25519.raw)
    registry.tell(person, SET_ATTRIBUTE(person, *ed, YEAR))
    registry.tell(person, SET_ATTRIBUTE(person, word("did/pub/Secp256k1/sigAuth/hex"), SECP256K1.raw, YEAR))
    registry.tell(person, SET_ATTRIBUTE(person, word("did/svc/Hub"), b"https://hub.example", YEAR))
    found = await registry.document(did)
    assert found.methods[f"{did}#delegate-1"].key == ED25519
    assert found.methods[f"{did}#delegate-2"].key == SECP256K1
    assert found.relationships["authentication"] == {f"{did}#controller", f"{did}#delegate-2"}
    assert found.relationships["assertionMethod"] > {f"{did}#delegate-1", f"{did}#delegate-2"}
    assert found.document["service"] == [
        {"id": f"{did}#service-1", "type": "Hub", "serviceEndpoint": "https://hub.example"}
    ]
    registry.tell(person, REVOKE_ATTRIBUTE(person, *ed))
    found = await registry.document(did)
    assert set(found.methods) == {f"{did}#delegate-2"}, "numbers do not move"


async def test_a_key_runs_out(registry: Registry) -> None:
    person = registry.person()
    did = f"did:ethr:{NETWORK}:{person}"
    registry.tell(person, SET_ATTRIBUTE(person, word("did/pub/Ed25519/veriKey"), ED25519.raw, 5000))
    ends = registry.anvil.now() + 5000
    url = f"{did}#delegate-1"
    found = await registry.document(did)
    assert found.methods[url].usable_until == ends
    with pytest.raises(Refused) as refused:
        KeyRule(found, "assertionMethod", ends + 1).method(url)
    assert refused.value.reason is Reason.KEY_NOT_AUTHORISED
    registry.clock[0] = ends + 1.0
    assert (await registry.document(did)).methods == {}


async def test_delegates_are_accounts(registry: Registry) -> None:
    person, delegate = registry.person(), registry.person()
    did = f"did:ethr:{NETWORK}:{person}"
    registry.tell(person, ADD_DELEGATE(person, word("sigAuth"), delegate, YEAR))
    found = await registry.document(did)
    assert found.document["verificationMethod"][1]["blockchainAccountId"] == f"eip155:{CHAIN}:{delegate}"
    assert found.accounts.keys() == {f"{did}#controller", f"{did}#delegate-1"}
    assert found.methods == {}
    registry.tell(person, REVOKE_DELEGATE(person, word("sigAuth"), delegate))
    assert len((await registry.document(did)).document["verificationMethod"]) == 1


async def test_an_owner_who_is_nobody(registry: Registry) -> None:
    person = registry.person()
    did = f"did:ethr:{NETWORK}:{person}"
    registry.tell(person, SET_ATTRIBUTE(person, word("did/pub/Ed25519/veriKey"), ED25519.raw, YEAR))
    before = registry.anvil.now()
    registry.anvil.ask("evm_increaseTime", 100)
    registry.tell(person, CHANGE_OWNER(person, NOBODY))
    # The contract lets the first owner act again; the method says it is over.
    registry.tell(person, SET_ATTRIBUTE(person, word("did/pub/Ed25519/veriKey"), ED25519.raw, YEAR))
    found = await registry.resolve(did)
    assert isinstance(found, Unresolved)
    assert found.reason is Reason.DID_DEACTIVATED
    result = await registry.resolver.resolution(did)
    assert (result.status, result.to_json()["didDocumentMetadata"]["deactivated"]) == (410, True)
    was = await registry.resolve(did, AsOf(known_at=before))
    assert isinstance(was, DidDocument)
    assert set(was.methods) == {f"{did}#delegate-1"}


async def test_versions_by_block_and_time(registry: Registry) -> None:
    person = registry.person()
    did = f"did:ethr:{NETWORK}:{person}"
    first = registry.tell(person, SET_ATTRIBUTE(person, word("did/pub/Ed25519/veriKey"), ED25519.raw, YEAR))
    second = registry.tell(person, SET_ATTRIBUTE(person, word("did/svc/Hub"), b'{"uri":"https://h"}', YEAR))
    old = (await registry.resolver.resolution(f"{did}?versionId={first}")).to_json()
    assert "service" not in old["didDocument"]
    assert old["didDocumentMetadata"]["nextVersionId"] == str(second)
    now = (await registry.resolver.resolution(f"{did}?versionId={second}")).to_json()
    assert now["didDocument"]["service"][0]["serviceEndpoint"] == {"uri": "https://h"}
    assert (await registry.resolver.resolution(f"{did}?versionId=1")).status == 404
    assert (await registry.resolver.resolution(f"{did}?versionId=latest")).status == 404
    part = (await registry.resolver.resolution(f"{did}#delegate-1")).to_json()
    assert part["contentStream"]["type"] == "Ed25519VerificationKey2020"


async def test_several_events_in_one_block(registry: Registry) -> None:
    person = registry.person()
    did = f"did:ethr:{NETWORK}:{person}"
    for kind in ("Ed25519", "Multikey", "RSA"):
        name = word(f"did/pub/{kind}/veriKey/hex")
        data = SET_ATTRIBUTE(person, name, ED25519.raw, YEAR)
        transaction = {"from": person, "to": registry.address, "data": "0x" + data.hex(), "gasPrice": "0x0"}
        registry.anvil.ask("eth_sendTransaction", {**transaction, "gas": hex(200_000)})
    registry.anvil.ask("evm_mine")
    found = await registry.document(did)
    assert [method["id"].partition("#")[2] for method in found.document["verificationMethod"]] == [
        "controller",
        "delegate-1",
        "delegate-2",
        "delegate-3",
    ]
    assert set(found.methods) == {f"{did}#delegate-1"}


async def test_only_the_owner_is_heard(registry: Registry) -> None:
    """Events of other identities, in the same blocks, leave no trace."""
    person, other = registry.person(), registry.person()
    did = f"did:ethr:{NETWORK}:{person}"
    registry.tell(other, SET_ATTRIBUTE(other, word("did/pub/Ed25519/veriKey"), ED25519.raw, YEAR))
    assert (await registry.document(did)).methods == {}


@pytest.mark.parametrize(
    "identifier", ["0x12", "0x" + "0" * 66, "0x1:0x", "0xAb" + "cd" * 19, ":0x" + "1" * 40]
)
async def test_what_is_no_identifier(registry: Registry, identifier: str) -> None:
    found = await registry.resolver.resolve(f"did:ethr:{NETWORK}:{identifier}")
    assert isinstance(found, Unresolved)
    assert found.error == "INVALID_DID"


async def test_a_network_that_is_not_set_up(registry: Registry) -> None:
    for prefix in ("", "mainnet:", "0x1:"):
        found = await registry.resolver.resolve(f"did:ethr:{prefix}{registry.person()}")
        assert isinstance(found, Unresolved)
        assert (found.reason, found.error) == (Reason.DID_METHOD_UNSUPPORTED, "METHOD_NOT_SUPPORTED")


async def test_the_wrong_ledger_and_no_ledger(registry: Registry) -> None:
    person = registry.person()
    for url, chain in ((str(registry.anvil._http.base_url), 1), ("http://127.0.0.1:9", CHAIN)):
        ledger = Ledger(url, chain_id=chain, timeout=2.0)
        method = EthrMethod({NETWORK: Network(ledger, registry.address)}, lambda: 0.0)
        found = await Resolver(lambda did, at: None, None, lambda: 0.0, remote={"ethr": method}).resolve(
            f"did:ethr:{NETWORK}:{person}"
        )
        assert isinstance(found, Unresolved)
        assert (found.definite, found.error) == (False, "INTERNAL_ERROR")
        await ledger.close()


async def test_an_address_without_the_contract(registry: Registry) -> None:
    ledger = Ledger(str(registry.anvil._http.base_url))
    method = EthrMethod({NETWORK: Network(ledger, "0x" + "22" * 20)}, lambda: 0.0)
    source = Resolver(lambda did, at: None, None, lambda: 0.0, remote={"ethr": method})
    found = await source.resolve(f"did:ethr:{NETWORK}:{registry.person()}")
    await ledger.close()
    assert isinstance(found, Unresolved)
    assert not found.definite
