"""URLs of the API."""

from __future__ import annotations

from django.urls import include, path

from portal.api.pages import SchemaView, docs

app_name = "api"
urlpatterns = [
    path("v1/", include("portal.api.v1.urls")),
    path("schema/", SchemaView.as_view(), name="schema"),
    path("docs/", docs, name="docs"),
]
