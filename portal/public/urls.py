"""The citizens' addresses, in Indonesian."""

from django.urls import path

from portal.public import pages

app_name = "public"

urlpatterns = [
    path("", pages.home, name="home"),
    path("bantuan/", pages.help_page, name="help"),
    path("privasi/", pages.privacy, name="privacy"),
    path("aksesibilitas/", pages.accessibility, name="accessibility"),
    path("bahasa/", pages.language, name="language"),
    path("robots.txt", pages.robots, name="robots"),
    path("sitemap.xml", pages.sitemap, name="sitemap"),
    path(".well-known/security.txt", pages.security_txt, name="security_txt"),
    path("manifest.webmanifest", pages.manifest, name="manifest"),
]
