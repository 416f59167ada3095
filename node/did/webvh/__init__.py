"""did:webvh 1.0: a DID document with a verifiable history, served from a host (did:webvh method)."""
