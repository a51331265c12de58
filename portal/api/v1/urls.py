"""Addresses of version 1. A version that machines rely on is only added to."""

from __future__ import annotations

from django.urls import path

from portal.api.v1.key import KeyView

app_name = "v1"
urlpatterns = [
    path("key", KeyView.as_view(), name="key"),
]
