"""The contracts as Python sees them: call data, typed reads, events, errors, deployment. No I/O."""
