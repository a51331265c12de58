"""The citizens' addresses, in Indonesian."""

import datetime as dt

from django.urls import path, re_path, register_converter

from portal.public import (
    complaint_views,
    money,
    number_api,
    number_check,
    objection_views,
    proof_of_work,
    reading_views,
    referral_views,
    service_worker,
    share_views,
    static_pages,
    statistics_views,
    tracking_views,
    unsubscribing,
    warnings_views,
)

app_name = "public"


class DayConverter:
    """A day as ISO 8601 writes it."""

    regex = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> dt.date:
        return dt.date.fromisoformat(value)  # a ValueError makes it no match

    def to_url(self, value: dt.date | str) -> str:
        return str(value)


register_converter(DayConverter, "day")

urlpatterns = [
    path("", static_pages.home, name="home"),
    path("lapor/", complaint_views.report, name="report"),
    path("lapor/nomor/", number_api.parse_number, name="parse_number"),
    path("lapor/pekerja.js", service_worker.service_worker, name="service_worker"),
    path("lapor/bagikan/", share_views.share, name="share"),
    path("lapor/baca/", reading_views.read_offers, name="read_offers"),
    path("lapor/gambar/<str:view>/<int:page>/", reading_views.reading_page, name="reading_page"),
    path("lapor/berkas/", complaint_views.upload_evidence, name="upload_evidence"),
    path("lapor/tantangan/", proof_of_work.challenge, name="challenge"),
    path("lacak/", tracking_views.track, name="track"),
    path("lacak/<str:ticket>/", tracking_views.progress, name="progress"),
    path("lacak/<str:ticket>/tanda-terima/", tracking_views.receipt, name="receipt"),
    re_path(
        r"^lacak/(?P<ticket>[^/]+)/tanda-terima\.(?P<kind>png|pdf)$",
        tracking_views.receipt_file,
        name="receipt_file",
    ),
    path("lacak/<str:ticket>/<str:secret>/", tracking_views.progress_link, name="progress_link"),
    path("lacak/<str:ticket>/<str:secret>/tanda-terima/", tracking_views.receipt_link, name="receipt_link"),
    path("cek/", number_check.number_check, name="check"),
    path("keberatan/", objection_views.objection_create, name="objection_create"),
    path("keberatan/<uuid:uid>/", objection_views.objection, name="objection"),
    path("keberatan/<uuid:uid>/<str:secret>/", objection_views.objection_link, name="objection_link"),
    path("rujukan/<uuid:uid>/", referral_views.referral, name="referral"),
    path("rujukan/<uuid:uid>/<str:token>/", referral_views.referral_link, name="referral_link"),
    path("surel/berhenti/", unsubscribing.unsubscribe, name="unsubscribe"),
    path("surel/berhenti/<str:token>/", unsubscribing.unsubscribe_link, name="unsubscribe_link"),
    path("n", static_pages.your_number, name="your_number"),
    path("n/", static_pages.your_number, name="your_number"),
    path("peringatan/", warnings_views.public_warnings, name="warnings"),
    path("peringatan/umpan.atom", warnings_views.warnings_feed, name="warnings_feed"),
    path("statistik/", statistics_views.statistics, name="statistics"),
    path("statistik/umpan.atom", statistics_views.months_feed, name="statistics_feed"),
    path("statistik/data/", statistics_views.open_data, name="statistics_data"),
    path("statistik/data/lists.pem", statistics_views.list_key, name="statistics_key"),
    path("statistik/tuf/metadata/<str:name>", statistics_views.repository_page, name="repository_page"),
    path(
        "statistik/tuf/targets/statistics/<path:path>",
        statistics_views.repository_package,
        name="repository_package",
    ),
    path("statistik/data/sql/<slug:name>.sql", statistics_views.definition, name="statistics_sql"),
    path("statistik/data/terbaru/<str:name>", statistics_views.newest_file, name="statistics_newest"),
    path(
        "statistik/gambar/<day:day>/<slug:month>.<slug:language>.png",
        statistics_views.month_picture,
        name="statistics_picture",
    ),
    path("statistik/data/<day:day>/<str:name>", statistics_views.snapshot_file, name="statistics_file"),
    path("bantuan/", static_pages.help_page, name="help"),
    path("uang/", money.money, name="money"),
    path("pesan-kami/", static_pages.our_messages, name="our_messages"),
    path("privasi/", static_pages.privacy, name="privacy"),
    path("aksesibilitas/", static_pages.accessibility, name="accessibility"),
    path("bahasa/", static_pages.language, name="language"),
    path("robots.txt", static_pages.robots, name="robots"),
    path("sitemap.xml", static_pages.sitemap, name="sitemap"),
    path(".well-known/security.txt", static_pages.security_txt, name="security_txt"),
    path("manifest.webmanifest", static_pages.manifest, name="manifest"),
]
