"""The ministry's web pages: a Django admin site with pages of its own (ADR 0018)."""
