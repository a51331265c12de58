"""The citizens' web pages."""
