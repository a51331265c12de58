"""The HTTP API for operators' systems."""
