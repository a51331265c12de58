"""Every address, door by door."""

from django.urls import URLPattern, URLResolver, include, path

from portal import health
from portal.review.site import site

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("portal.public.urls")),
    path("healthz", health.alive),
    path("readyz", health.ready),
    path("akun/", include("allauth.urls")),
    path("kelola/", site.urls),
]
