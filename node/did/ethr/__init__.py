"""did:ethr: a DID document kept as events of an ERC-1056 registry (did:ethr method)."""
