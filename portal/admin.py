"""Autodiscovered by django.contrib.admin: brings in everything that puts a page on the ministry's site."""

from portal.review import audit, keyboard, people

__all__ = ["audit", "keyboard", "people"]
