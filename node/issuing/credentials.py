"""Issues credentials as this node's own DID."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from node.clock import Clock
from node.crypto.signing import SigningKey
from node.issuing.refusals import IssuingRefused
from node.issuing.sd_jwt import completed_claims
from node.issuing.validation import completed, is_version_2
from node.verification.proofs import jose, sd_jwt_signing
from node.verification.proofs.data_integrity.cryptosuites import ECDSA_SD, SUITES, Canonicalization
from node.verification.proofs.data_integrity.data_integrity import DataIntegrity
from node.verification.proofs.sd_jwt import SD_JWT_VC
from node.verification.proofs.selective.ecdsa_sd_making import always_mandatory
from node.verification.proofs.selective.selection import BadPointer
from node.verification.refusals import Refused
from registry.records import StatusListRecord

CRYPTOSUITES = tuple(suite.name for suite in SUITES.values() if suite.issued)
ENVELOPE = "vc+jwt"
MECHANISMS = (*CRYPTOSUITES, ENVELOPE, SD_JWT_VC)


class CredentialIssuer:
    """Completes, checks and signs. Safe to use from several threads."""

    def __init__(
        self,
        *,
        signing_key: SigningKey,
        did: str,
        verification_method: str,
        data_integrity: DataIntegrity,
        clock: Clock,
        status_list: Callable[[str], StatusListRecord | None],
        other_keys: Mapping[str, SigningKey] | None = None,
    ) -> None:
        """`verification_method`: the DID URL the key is published under; `status_list`: the replica's.

        `other_keys`: for cryptosuites that do not take that key, by the DID URLs they are published under.
        """
        self.did = did
        self._key = signing_key
        self._verification_method = verification_method
        self._keys = {verification_method: signing_key, **(other_keys or {})}
        self._data_integrity = data_integrity
        self._clock = clock
        self._status_list = status_list

    def issue(
        self,
        credential: Mapping[str, Any],
        *,
        mechanism: str,
        disclose: Sequence[str] = (),
        holder: Mapping[str, Any] | str | None = None,
        decoys: int = 0,
        mandatory: Sequence[str] = (),
    ) -> dict[str, Any] | str:
        """The credential, secured: an object with its proof, a compact JWS for `vc+jwt`, or an SD-JWT.

        For `dc+sd-jwt` alone: `credential` is its claims, `disclose` names by JSON pointer those that may be
        withheld, `holder` is the public JWK or DID URL of the key it is bound to, `decoys` is how many digests
        of nothing are added in each place, so that their number tells nothing. For `ecdsa-sd-2023` alone:
        `mandatory` names what its holder always shows, beside its type, issuer, dates and status.
        Raises IssuingRefused.
        """
        if mechanism not in MECHANISMS:
            raise IssuingRefused(f"a securing mechanism is one of {', '.join(MECHANISMS)}", "/mechanism")
        if "proof" in credential:
            raise IssuingRefused("it is signed already", "/proof")
        if mandatory and mechanism != ECDSA_SD:
            raise IssuingRefused(f"only {ECDSA_SD} has mandatory pointers", "/mandatoryPointers")
        if mechanism == SD_JWT_VC:
            return self._disclosable(credential, disclose, holder, decoys)
        if disclose or decoys or holder is not None:
            raise IssuingRefused(f"only {SD_JWT_VC} discloses selectively and is bound to a key", "/mechanism")
        whole = completed(credential, self.did, self._status_list)
        try:
            if not _covers_meaning(mechanism):  # a signature that does looks for itself
                self._data_integrity.documents.canonical(whole)
            return (
                self._enveloped(whole) if mechanism == ENVELOPE else self._proved(whole, mechanism, mandatory)
            )
        except Refused as refused:
            raise IssuingRefused(refused.detail, refused.member) from refused

    def sign_status_list(self, claims: Mapping[str, Any]) -> str:
        """A Token Status List (§5.1): `statuslist+jwt`."""
        header = {"alg": self._key.public.jose_alg, "typ": "statuslist+jwt", "kid": self._verification_method}
        return jose.sign_compact(header, claims, self._key)

    def _disclosable(
        self,
        claims: Mapping[str, Any],
        disclose: Sequence[str],
        holder: Mapping[str, Any] | str | None,
        decoys: int,
    ) -> str:
        whole = completed_claims(claims, self.did, int(self._clock()), self._status_list, holder)
        try:
            return sd_jwt_signing.sign(
                whole, key=self._key, kid=self._verification_method, disclose=disclose, decoys=decoys
            )
        except Refused as refused:
            raise IssuingRefused(refused.detail, refused.member) from refused

    def _proved(self, credential: dict[str, Any], cryptosuite: str, mandatory: Sequence[str]) -> dict[str, Any]:
        suite = SUITES[cryptosuite]
        fitting = [one for one in self._keys.items() if one[1].public.type in suite.key_types]
        if not fitting:
            raise IssuingRefused(f"this node has no key that goes with {cryptosuite}", "/mechanism")
        method, key = fitting[0]
        try:
            return self._data_integrity.sign(
                credential,
                key=key,
                verification_method=method,
                cryptosuite=cryptosuite,
                created=int(self._clock()),
                mandatory_pointers=always_mandatory(credential, mandatory) if suite.selective else (),
            )
        except BadPointer as error:
            raise IssuingRefused(f"the pointer {error}", "/mandatoryPointers") from error

    def _enveloped(self, credential: dict[str, Any]) -> str:
        """VC-JOSE-COSE §3.1.1: the credential is the payload."""
        if not is_version_2(credential):
            raise IssuingRefused(f"{ENVELOPE} secures credentials of version 2.0", "/@context")
        return jose.sign(credential, key=self._key, kid=self._verification_method, typ=ENVELOPE)


def _covers_meaning(mechanism: str) -> bool:
    """Whether a member without a meaning is refused when it is signed."""
    return mechanism in SUITES and SUITES[mechanism].canonicalization is Canonicalization.RDFC
