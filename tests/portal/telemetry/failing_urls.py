"""One address that fails with a text that must stay here. For test_telemetry."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path

from portal.urls import urlpatterns as ours


def failing(_request: HttpRequest, secret: str) -> HttpResponse:
    contact = "sari@contoh.example"
    raise ValueError(f"081234567890 {contact} /gagal/{secret}/")


# The page of a 500 links to pages of the portal.
urlpatterns = [path("gagal/<str:secret>/", failing, name="failing"), *ours]
