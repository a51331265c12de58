"""Who asks: an operator's machine, by its key in the Authorization header and by nothing else.

`Authorization: Bearer an_…` or `Authorization: Api-Key an_…`. Cookies are not looked at. A key in the
address is refused, because URLs are logged, and its managers are notified.
"""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from aduan.operators.access_key_format import KEY
from aduan.operators.actors import Actor, KeyRefused, actor_with_key, note_key_in_address
from portal.common.client_address import client_address

SCHEMES = ("bearer", "api-key")
CHALLENGE = 'Bearer realm="aduan-nomor"'


class KeyAuthentication(BaseAuthentication):
    """`request.auth` becomes the Actor; `request.user` stays None, because no person is behind a key."""

    def authenticate(self, request: Request) -> tuple[Any, Actor] | None:
        found = [match[0] for match in KEY.finditer(request.get_full_path())]
        if found:
            note_key_in_address(found[:3], at=timezone.now())
            raise KeyRefused(
                "key_in_url", _("Send the key in the Authorization header, never in the address.")
            )
        scheme, _space, text = request.headers.get("Authorization", "").strip().partition(" ")
        if scheme.lower() not in SCHEMES:
            return None
        actor = actor_with_key(text.strip(), address=client_address(request._request), at=timezone.now())
        return None, actor

    def authenticate_header(self, request: Request) -> str:
        return CHALLENGE


class KeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the schema describes it."""

    target_class = KeyAuthentication
    name = "accessKey"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "An access key of your organisation, made on the operators' pages: `an_…`.",
        }
