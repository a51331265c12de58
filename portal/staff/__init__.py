"""The ministry's door: the Django admin."""
