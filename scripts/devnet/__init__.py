"""A consortium's network on one machine: geth as Clique signers and followers, on loopback.

`geth` finds or builds the program, `genesis` writes the first block, `node` is one process, `network` all of
them. `python -m scripts.devnet` runs one with a Goodstanding node at each follower (`make devnet`).
"""
