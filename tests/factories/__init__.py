"""Makers of things for tests: one file per domain package."""
