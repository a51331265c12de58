"""The URL configuration, interface by interface."""

from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from portal.common import signin, web_sessions
from portal.staff.site import site

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("portal.public.urls")),
    path("akun/", signin.account_home, name="account_home"),
    path("akun/sesi/", web_sessions.web_sessions, name="account_sessions"),
    # One log-in is one person: no one changes their own e-mail address.
    path("akun/email/", RedirectView.as_view(pattern_name="mfa_index"), name="account_email"),
    path("akun/", include("allauth.urls")),
    path("api/", include("portal.api.urls")),
    path("operator/", include("portal.operators.urls")),
    path("kelola/", site.urls),
]
handler404 = "portal.common.errors.not_found"
handler500 = "portal.common.errors.server_error"
