"""Addresses of operators' people, in Indonesian."""

from __future__ import annotations

from django.urls import path, re_path

from portal.operators import (
    access_keys,
    in_force,
    lists,
    members,
    outcomes,
    own_row,
    questions,
    referrals,
    traces,
    webhooks,
)

app_name = "operators"
urlpatterns = [
    path("", lists.home, name="home"),
    path("daftar/<str:name>/", lists.one_list, name="list"),
    path("daftar/<str:name>/berkas/<str:file>", lists.download, name="download"),
    path("daftar/<str:name>/hasil/", outcomes.outcomes, name="outcomes"),
    path("daftar/<str:name>/hasil/nomor/", outcomes.outcome_by_hand, name="outcome_by_hand"),
    path("daftar/<str:name>/hasil/isian.csv", outcomes.template, name="outcome_template"),
    path("kunci-tanda-tangan.pem", lists.public_key, name="public_key"),
    path("berlaku/", in_force.in_force, name="in_force"),
    path("jaga/", lists.night_shift, name="watch"),
    path("tenggat/", lists.clocks, name="clocks"),
    path("kinerja/", lists.performance, name="performance"),
    path("angka/", own_row.own_row, name="own_row"),
    path("kinerja/selisih/", lists.differences, name="differences"),
    path("rujukan/", referrals.referrals, name="referrals"),
    path("rujukan/unggah/", referrals.referral_upload, name="referral_upload"),
    path("rujukan/isian.csv", referrals.referral_template, name="referral_template"),
    path("rujukan/<uuid:uid>/", referrals.one_referral, name="referral"),
    path("nomor-diblokir/", referrals.report_numbers, name="report_numbers"),
    path("telusur/", traces.traces, name="traces"),
    re_path(r"^telusur/(?P<pk>[0-9]{1,15})/$", traces.answer_trace, name="trace"),
    path("pertanyaan/", questions.questions, name="questions"),
    re_path(r"^pertanyaan/(?P<pk>[0-9]{1,15})/$", questions.answer_question, name="question"),
    path("nomor/", traces.in_use_since, name="in_use_since"),
    path("kunci/", access_keys.keys, name="keys"),
    path("kunci/baru/", access_keys.create_key, name="new_key"),
    path("kunci/<str:prefix>/ganti/", access_keys.rotate_key, name="rotate_key"),
    path("kunci/<str:prefix>/cabut/", access_keys.revoke_key, name="revoke_key"),
    path("orang/", members.people, name="people"),
    path("orang/baru/", members.new_person, name="new_person"),
    re_path(
        r"^orang/(?P<pk>[0-9]{1,15})/(?P<switch>nonaktif|aktif)/$",
        members.switch_person,
        name="switch_person",
    ),
    path("webhook/", webhooks.webhooks, name="webhooks"),
    path("webhook/baru/", webhooks.new_webhook, name="new_webhook"),
    path("webhook/<uuid:uid>/tutup/", webhooks.close_webhook, name="close_webhook"),
    path("webhook/<uuid:uid>/rahasia/", webhooks.rotate_secret, name="rotate_secret"),
    path("webhook/<uuid:uid>/buka/", webhooks.reopen_webhook, name="reopen_webhook"),
    path("webhook/<uuid:uid>/jeda/", webhooks.stop_webhook, name="stop_webhook"),
    path("webhook/<uuid:uid>/lanjut/", webhooks.resume_webhook, name="resume_webhook"),
    path("webhook/<uuid:uid>/uji/", webhooks.test_webhook, name="test_webhook"),
    path("webhook/kiriman/<uuid:uid>/ulang/", webhooks.replay, name="replay"),
]
