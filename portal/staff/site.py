"""The ministry's admin site: who may enter, which pages it has, and how pages are added.

Other modules add pages with `@staff_page(…)`; model pages are in portal.staff.admin. portal.admin imports
them all. Domain rules are in `aduan`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from django.conf import settings
from django.contrib.admin.sites import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import DEFAULT_DB_ALIAS
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from aduan.accounts.models import AccountPolicy, User
from aduan.accounts.roles import Permission
from portal.common import signin
from portal.common.return_address import log_in_first
from portal.staff.error_pages import with_error_pages
from portal.staff.keys import KEYS

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django_stubs_ext import StrOrPromise


StaffView: TypeAlias = Callable[..., HttpResponseBase]


SUBMENU_FROM: Final = 70
# Of a session: texts of a form that came after the last one ended (portal.staff.drafts).
UNSENT: Final = "unsent"


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the site that is not a model page.

    With a `title` it is in the menu, sorted by `menu_order`. From SUBMENU_FROM on it is in the submenu
    "Register", beside the model pages: pages that few people open, at most once a day.
    """

    route: str
    name: str
    view: StaffView
    permission: Permission
    title: StrOrPromise | None = None
    menu_order: int = 50


class StaffSite(AdminSite):
    site_header = "Aduan Nomor"
    site_title = "Aduan Nomor"
    index_title = _("Work desk")
    empty_value_display = "–"
    enable_nav_sidebar = False
    final_catch_all_view = True

    def __init__(self) -> None:
        super().__init__(name="staff")
        self.pages: dict[str, Page] = {}

    def add_page(self, page: Page) -> None:
        if page.name in self.pages:
            raise ValueError(f"two pages are named {page.name}")
        self.pages[page.name] = page

    def has_permission(self, request: HttpRequest) -> bool:
        return isinstance(request.user, User) and request.user.is_staff

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """No one → log-in; a person who is no staff → 403; staff without a second factor → set one up."""
        inner = super().admin_view(view, cacheable)
        atomic = DEFAULT_DB_ALIAS not in getattr(view, "_non_atomic_requests", ())

        @functools.wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return log_in_first(request)
            if not self.has_permission(request):
                raise PermissionDenied
            if signin.second_factor_is_missing(request):
                return redirect("mfa_index")
            answer = functools.partial(inner, request, *args, **kwargs)
            return with_error_pages(request, self.each_context, answer, atomic=atomic)

        return guarded

    def get_urls(self) -> list[URLPattern | URLResolver]:
        own: list[URLPattern | URLResolver] = [
            path(page.route, self.admin_view(_permitted(page)), name=page.name)
            for page in self.pages.values()
        ]
        return [*own, *super().get_urls()]

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        menu = self.menu(request)
        return super().each_context(request) | {
            "menu": [entry for entry in menu if not entry["submenu"]],
            "submenu": [entry for entry in menu if entry["submenu"]],
            "site_url": None,
            "demonstration": _demonstration(),
            "shortcut_keys": [(keys.split(), text) for keys, text in KEYS],
            "undo": _undo_on_offer(request),
            "unsent": _unsent(request),
            "sees_cases": _sees_cases(request.user),
        }

    def menu(self, request: HttpRequest) -> list[dict[str, Any]]:
        """The entries that this person may open, in order. Used in the head of every page."""
        here = request.resolver_match.url_name if request.resolver_match else ""
        user = request.user
        shown = [
            page
            for page in sorted(self.pages.values(), key=lambda page: page.menu_order)
            if page.title and isinstance(user, User) and user.has_permission(page.permission)
        ]
        return [
            {
                "name": page.name,
                "title": page.title,
                "url": reverse(f"staff:{page.name}"),
                "current": page.name == here,
                "submenu": page.menu_order >= SUBMENU_FROM,
            }
            for page in shown
        ]

    # One log-in for all interfaces: allauth's, under /akun/.

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return redirect_to_login(request.GET.get("next") or reverse("staff:index"), settings.LOGIN_URL)

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:  # type: ignore[override]
        return redirect("account_logout")

    def password_change(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return redirect("account_change_password")

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:  # type: ignore[override]
        """The first page that this person may open; the list of model pages for those who have none."""
        menu = self.menu(request)
        return redirect(menu[0]["url"]) if menu else super().index(request, extra_context)


def _undo_on_offer(request: HttpRequest) -> dict[str, Any] | None:
    """What this session may take back now (portal.staff.undo), with the seconds that are left."""
    offered: dict[str, Any] | None = request.session.get("undo")
    left = offered["until"] - timezone.now().timestamp() if offered else 0
    return {**offered, "seconds": int(left) + 1} if offered and left > 0 else None


def _unsent(request: HttpRequest) -> list[str]:
    """This person's texts that came after their last session ended."""
    kept: dict[str, Any] = request.session.get(UNSENT, {})
    return kept["texts"] if kept.get("person") == request.user.pk else []


def _sees_cases(user: object) -> bool:
    return isinstance(user, User) and user.has_permission(Permission.VIEW_CASES)


def _demonstration() -> AccountPolicy | None:
    """The account policy where it is one that production refuses to start with."""
    if settings.PRODUCTION:
        return None
    policy = AccountPolicy.current()
    return policy if policy.demonstration else None


def _permitted(page: Page) -> StaffView:
    @functools.wraps(page.view)
    def view(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not (isinstance(request.user, User) and request.user.has_permission(page.permission)):
            raise PermissionDenied
        return page.view(request, *args, **kwargs)

    return view


site = StaffSite()


def staff_page(
    route: str, *, name: str, permission: Permission, title: StrOrPromise | None = None, menu_order: int = 50
) -> Callable[[StaffView], StaffView]:
    """Puts a view on the site: `@staff_page("antrean/", name="queue", permission=…, title=_("Queue"))`.

    The view is only reached by staff who hold the permission, with CSRF protection and `no-store`.
    """

    def add(view: StaffView) -> StaffView:
        site.add_page(Page(route, name, view, permission, title, menu_order))
        return view

    return add
