"""What the ledger held at a block, provable to somebody who trusts its validators' keys and nobody else.

Read in this order: `headers` (which block), `seals` (whose signatures are on it), `trie` (what its state root
binds), `storage` (where our contracts keep things), `ledger_proof` (all of it together). These are pure.
`collect` asks a ledger for what a proof is made of.
"""
