"""Makers of things for tests: one file a room."""
