"""A browser that keeps cookies and fills in forms, over real HTTP."""

from __future__ import annotations

import html
import re
from typing import Any
from urllib.parse import urljoin

import requests

from aduan.accounts.models import User
from tests.factories.accounts import PASSWORD

_INPUT = re.compile(r"<input[^>]*>")
_ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')


class BrowserClient:
    """One browser: its cookies, and the page it has open."""

    def __init__(self, site: str) -> None:
        self.site = site
        self.session = requests.Session()
        self.address = site

    def open(self, path: str, *, status: int = 200) -> str:
        answer = self.session.get(urljoin(self.site, path), timeout=30)
        assert answer.status_code == status, (path, answer.status_code, answer.text[:2000])
        self.address = answer.url
        return answer.text

    def fetch(self, path: str, *, status: int = 200) -> bytes:
        answer = self.session.get(urljoin(self.site, path), timeout=30)
        assert answer.status_code == status, (path, answer.status_code)
        return answer.content

    def send(
        self,
        path: str,
        fields: dict[str, Any],
        *,
        files: Any = None,
        status: int = 200,
        page: str | None = None,
    ) -> str:
        """Posts a form with the CSRF token of the page it stands on; follows the redirect."""
        token = hidden(self.open(page or path), "csrfmiddlewaretoken")
        address = urljoin(self.site, path)
        answer = self.session.post(
            address,
            data={"csrfmiddlewaretoken": token, **fields},
            files=files,
            headers={"Referer": address},
            timeout=60,
        )
        assert answer.status_code == status, (path, answer.status_code, answer.text[:4000])
        self.address = answer.url
        return answer.text

    def log_in(self, user: User) -> None:
        self.send("/akun/login/", {"login": user.email, "password": PASSWORD})


def hidden(page: str, name: str) -> str:
    """The value of the first input of this name on the page; empty when there is none."""
    for tag in _INPUT.findall(page):
        attributes = dict(_ATTRIBUTE.findall(tag))
        if attributes.get("name") == name:
            return html.unescape(attributes.get("value", ""))
    return ""
