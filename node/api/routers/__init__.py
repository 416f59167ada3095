"""One file a resource. Each translates HTTP into a call of a service, and nothing more."""
