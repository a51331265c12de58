"""Addresses of version 1. A version that machines rely on is only added to."""

from __future__ import annotations

from django.urls import path, re_path

from portal.api.v1.key import KeyView
from portal.api.v1.lists import FileView, LatestView, ListsView, ListView
from portal.api.v1.outcomes import NoticeView, OutcomesView
from portal.api.v1.progress import ChangesView, OpenNumbersView, ReconciliationView
from portal.api.v1.referrals import AgencyReportsView, ReferralAnswerView, ReferralsView, ReferralView
from portal.api.v1.repository import MetadataView, TargetView
from portal.api.v1.traces import InUseView, TraceAnswerView, TracesView

app_name = "v1"
urlpatterns = [
    path("key", KeyView.as_view(), name="key"),
    path("lists", ListsView.as_view(), name="lists"),
    path("lists/latest", LatestView.as_view(), name="latest"),
    path("lists/changes", ChangesView.as_view(), name="changes"),
    path("lists/<str:name>", ListView.as_view(), name="list"),
    path("lists/<str:name>/files/<str:file>", FileView.as_view(), name="file"),
    path("lists/<str:name>/open", OpenNumbersView.as_view(), name="open_numbers"),
    path("lists/<str:name>/outcomes", OutcomesView.as_view(), name="outcomes"),
    path("reconciliation", ReconciliationView.as_view(), name="reconciliation"),
    path("referrals", ReferralsView.as_view(), name="referrals"),
    path("referrals/<uuid:uid>", ReferralView.as_view(), name="referral"),
    path("referrals/<uuid:uid>/answer", ReferralAnswerView.as_view(), name="referral_answer"),
    path("banned-numbers", AgencyReportsView.as_view(), name="banned_numbers"),
    path("notices", NoticeView.as_view(), name="notices"),
    path("traces", TracesView.as_view(), name="traces"),
    re_path(r"^traces/(?P<pk>[0-9]{1,15})/answer$", TraceAnswerView.as_view(), name="trace_answer"),
    path("in-use-since", InUseView.as_view(), name="in_use_since"),
    path("tuf/metadata/<str:name>", MetadataView.as_view(), name="tuf_metadata"),
    path("tuf/targets/<path:path>", TargetView.as_view(), name="tuf_target"),
]
