"""URLs of the API."""

from __future__ import annotations

from django.urls import include, path

from portal.api.pages import SchemaView, docs
from portal.api.sms import sms_outcome

app_name = "api"
urlpatterns = [
    path("v1/", include("portal.api.v1.urls")),
    path("schema/", SchemaView.as_view(), name="schema"),
    path("sms/", sms_outcome, name="sms_outcome"),
    path("docs/", docs, name="docs"),
]
