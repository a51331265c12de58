"""The citizens' addresses, in Indonesian."""

from django.urls import path

from portal.public import checking, objecting, pages, proof, reporting, tracking, understanding

app_name = "public"

urlpatterns = [
    path("", pages.home, name="home"),
    path("lapor/", reporting.report, name="report"),
    path("lapor/nomor/", understanding.understand_number, name="understand"),
    path("lapor/berkas/", reporting.keep_file, name="keep_file"),
    path("lapor/tantangan/", proof.challenge, name="challenge"),
    path("lacak/", tracking.track, name="track"),
    path("lacak/<str:ticket>/<str:secret>/", tracking.progress, name="progress"),
    path("lacak/<str:ticket>/<str:secret>/tanda-terima/", tracking.receipt, name="receipt"),
    path("cek/", checking.check, name="check"),
    path("keberatan/", objecting.file, name="object"),
    path("keberatan/<uuid:uid>/<str:secret>/", objecting.objection, name="objection"),
    path("surel/berhenti/<str:token>/", tracking.mail_off, name="mail_off"),
    path("bantuan/", pages.help_page, name="help"),
    path("privasi/", pages.privacy, name="privacy"),
    path("aksesibilitas/", pages.accessibility, name="accessibility"),
    path("bahasa/", pages.language, name="language"),
    path("robots.txt", pages.robots, name="robots"),
    path("sitemap.xml", pages.sitemap, name="sitemap"),
    path(".well-known/security.txt", pages.security_txt, name="security_txt"),
    path("manifest.webmanifest", pages.manifest, name="manifest"),
]
