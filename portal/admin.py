"""Autodiscovered by django.contrib.admin: brings in everything that puts a page on the ministry's site."""

from portal.review import keyboard

__all__ = ["keyboard"]
