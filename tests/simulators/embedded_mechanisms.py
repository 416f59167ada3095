"""Proofs that stand in the credential: every cryptosuite, sets and chains of them, suites of before."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from importlib.util import find_spec

from node.crypto.public_keys import KeyType
from node.verification.proofs.selective.ecdsa_sd_making import always_mandatory
from tests.simulators import legacy
from tests.simulators.issuer import DATA_INTEGRITY
from tests.simulators.mechanism import Board, Covers, Document, Mechanism
from tests.simulators.proof_oracle import ED25519_2020, prove, proved, with_2020_context
from tests.simulators.signers import Signer

CREATED = "2026-09-21T14:13:20Z"
CREATED_AT = 1_790_000_000


def _data_integrity(suite: str, type_: KeyType = KeyType.ED25519) -> Mechanism:
    signer = Signer(9, type_)

    def secure(board: Board, document: Document) -> Document:
        return DATA_INTEGRITY.sign(
            document,
            key=signer.key,
            verification_method=board.method,
            cryptosuite=suite,
            created=CREATED_AT,
        )

    covers = Covers.TEXT if "jcs" in suite else Covers.MEANING
    return Mechanism(f"{suite} {type_}", covers, lambda: _multikey(signer), secure)


def _multikey(signer: Signer) -> Document:
    return {"type": "Multikey", "publicKeyMultibase": signer.key.public.to_multikey()}


DECIDING = ("/issuer", "/credentialSubject/id")
SHOWN = ["/credentialSubject/givenName", "/credentialSubject/licenceNumber"]


def _ecdsa_sd(*, derived: bool) -> Mechanism:
    """As its issuer wrote it, or as its holder shows a part of it."""
    signer = Signer(9, KeyType.P256)

    def secure(board: Board, document: Document) -> Document:
        signed = DATA_INTEGRITY.sign(
            document,
            key=signer.key,
            verification_method=board.method,
            cryptosuite="ecdsa-sd-2023",
            created=CREATED_AT,
            mandatory_pointers=always_mandatory(document, DECIDING),
        )
        return DATA_INTEGRITY.derive(signed, SHOWN) if derived else signed

    name = f"ecdsa-sd-2023 {'derived' if derived else 'base'}"
    return Mechanism(name, Covers.MEANING, lambda: _multikey(signer), secure, nameless=True)


def _bbs() -> Iterator[Mechanism]:
    """Where the extra is installed."""
    if find_spec("py_arkworks_bls12381") is None:
        return
    from tests.simulators.bbs import BbsSigner

    signer = BbsSigner()

    def secure(board: Board, document: Document) -> Document:
        mandatory = always_mandatory(document, DECIDING)
        return signer.derived(
            document,
            board.method,
            DATA_INTEGRITY.documents,
            mandatory=mandatory,
            shown=SHOWN,
            created=CREATED,
        )

    def published() -> Document:
        return {"type": "Multikey", "publicKeyMultibase": signer.public.to_multikey()}

    yield Mechanism("bbs-2023 derived", Covers.MEANING, published, secure, nameless=True)


def _ed25519_2020() -> Mechanism:
    signer = Signer(9)

    def secure(board: Board, document: Document) -> Document:
        return proved(
            with_2020_context(document), signer, ED25519_2020, created=CREATED, verificationMethod=board.method
        )

    return Mechanism(ED25519_2020, Covers.MEANING, lambda: _multikey(signer), secure)


def _set_or_chain(*, chained: bool) -> Mechanism:
    """The board signs twice; of a chain, the second time what it signed first."""
    signer = Signer(9)

    def secure(board: Board, document: Document) -> Document:
        options = {"created": CREATED, "verificationMethod": board.method}
        first = prove(document, signer, id="urn:uuid:1", **options)
        previous = (first,) if chained else ()
        second = prove(document, signer, "eddsa-rdfc-2022", previous=previous, **options)
        return {**document, "proof": [first, second]}

    name = "a chain of proofs" if chained else "a set of proofs"
    return Mechanism(name, Covers.MEANING, lambda: _multikey(signer), secure)


def _legacy(name: str) -> Mechanism:
    signer = legacy.SIGNERS[name]

    def secure(board: Board, document: Document) -> Document:
        return copy.deepcopy(signer.prove(document, board.method))

    contexts = (signer.context,) if signer.context else ()
    return Mechanism(name, Covers.MEANING, lambda: signer.method, secure, 1, contexts)


EMBEDDED = (
    _data_integrity("eddsa-rdfc-2022"),
    _data_integrity("eddsa-jcs-2022"),
    _data_integrity("ecdsa-rdfc-2019", KeyType.P256),
    _data_integrity("ecdsa-rdfc-2019", KeyType.P384),
    _data_integrity("ecdsa-jcs-2019", KeyType.P256),
    _data_integrity("ecdsa-jcs-2019", KeyType.P384),
    _ecdsa_sd(derived=False),
    _ecdsa_sd(derived=True),
    *_bbs(),
    _ed25519_2020(),
    _set_or_chain(chained=False),
    _set_or_chain(chained=True),
    *(_legacy(name) for name in legacy.SIGNERS),
)
