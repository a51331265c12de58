"""The production layout, started for real: `make test-production`."""
