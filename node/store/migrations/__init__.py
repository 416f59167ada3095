"""The history of the database's shape, applied by `node.store.engine.migrate`."""
