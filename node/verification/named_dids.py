"""The DIDs that a presentation names: whose documents its checks will ask for."""

from __future__ import annotations

from node.did.syntax import did_of
from node.verification.proofs import sd_jwt
from node.verification.secured import Parsed, Secured, all_secured


def dids(parsed: Parsed, *, of_methods: bool = False) -> list[str]:
    """The DIDs whose documents the checks will ask for: issuers', the presenter's, and those of chained proofs.

    `of_methods`: also those the proofs name, whoever the issuer is (only for an unsafe policy).
    """
    wanted: list[str] = []
    of_proofs: list[str] = []
    for one in all_secured(parsed.credentials):
        issuer = one.controller
        if one.sd_jwt is None:
            wanted.append(issuer)
        else:
            # That of an SD-JWT VC may be a web address (its §3.5), whose keys are not asked for.
            wanted += [did for did in (issuer, _binding_did(one.sd_jwt)) if did.startswith("did:")]
        if of_methods or one.is_chained:
            of_proofs += method_dids(one)
    presentation = parsed.presentation
    if presentation is not None:
        if presentation.has_proof:
            wanted += [presentation.controller] if presentation.controller else method_dids(presentation)
        if of_methods or presentation.is_chained:
            of_proofs += method_dids(presentation)
    return [did for did in dict.fromkeys((*wanted, *of_proofs)) if did]


def method_dids(secured: Secured) -> list[str]:
    """The DIDs of the verification methods that the proofs name, unchecked."""
    if secured.token is not None:
        named: list[object] = [secured.token.header.get("kid"), secured.token.header.get("iss")]
    elif secured.sd_jwt is not None:
        named = [secured.sd_jwt.key_id]
    else:
        named = [proof.get("verificationMethod") for proof in secured.proofs()]
    found = [did_of(one) for one in named if isinstance(one, str) and one.startswith("did:")]
    return list(dict.fromkeys(found))[:4]


def _binding_did(token: sd_jwt.SdJwt) -> str:
    """The DID whose key an SD-JWT is bound to; empty where its holder proves nothing, or the key is there."""
    if token.binding is None or token.confirmation is None:
        return ""
    bound = token.confirmation
    return did_of(bound.key_id) if bound.jwk is None and bound.key_id.startswith("did:") else ""
