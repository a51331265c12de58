"""The interfaces as one Django app."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "portal"

    def ready(self) -> None:
        from portal.common import checks, telemetry  # noqa: F401  # importing registers the checks

        telemetry.start()
