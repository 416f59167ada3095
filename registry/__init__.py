"""What all participants must agree on: the shared ledger as everyone sees it. Imports nothing of `node`."""
