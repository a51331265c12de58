"""The doors as one Django app."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "portal"
