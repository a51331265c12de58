"""`make dev`: the debug page hides what was submitted, only this machine reaches it, changes are noticed."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.http import HttpRequest
from django.test import RequestFactory, override_settings
from django.views.debug import technical_500_response

from devserver.debug_page import HideEverythingSubmitted
from devserver.management.commands.runserver import Command as Runserver
from devserver.reload import Sources

NARRATIVE = "Saya ditipu lewat pesan"


def fail_with(request: HttpRequest) -> None:
    """A view whose variables hold what the form carried, raw and made into something else."""
    narrative = request.POST["narrative"]
    kept = {"line": [narrative.strip()], "number": request.POST["number"]}
    body = request.body
    harmless = "the variable that helps"
    raise RuntimeError(f"{len(kept)} {len(body)} {len(harmless)}")


def debug_page(request: HttpRequest, view: Callable[[HttpRequest], None]) -> str:
    try:
        view(request)
    except RuntimeError:
        request.exception_reporter_filter = HideEverythingSubmitted()
        with override_settings(DEBUG=True):
            return technical_500_response(request, *sys.exc_info()).content.decode()
    raise AssertionError("the view did not fail")


def submitted() -> HttpRequest:
    request = RequestFactory().post("/lapor/", {"narrative": f" {NARRATIVE}", "number": "0812-3456-7890"})
    request.COOKIES["sid"] = "a-session-of-somebody"
    request.META["HTTP_COOKIE"] = "sid=a-session-of-somebody"
    request.META["HTTP_AUTHORIZATION"] = "Bearer an_12345678_secret"
    assert request.body
    return request


def test_the_debug_page_shows_code_but_nothing_that_was_submitted() -> None:
    page = debug_page(submitted(), fail_with)
    assert "RuntimeError" in page
    assert "the variable that helps" in page
    for hidden in (NARRATIVE, "0812-3456-7890", "a-session-of-somebody", "an_12345678_secret"):
        assert hidden not in page


def test_the_debug_page_shows_no_setting() -> None:
    from django.conf import settings

    page = debug_page(submitted(), fail_with)
    assert settings.SECRET_KEY not in page
    for name in ("ROOT_URLCONF", "INSTALLED_APPS", "DATABASES", "ADUAN_HOME"):
        assert f"<td>{name}</td>" not in page


def test_django_alone_would_have_shown_it() -> None:
    """So that the two tests above cannot pass for another reason."""
    with override_settings(DEBUG=True):
        try:
            fail_with(submitted())
        except RuntimeError:
            page = technical_500_response(submitted(), *sys.exc_info()).content.decode()
    assert NARRATIVE in page
    assert "<td>ROOT_URLCONF</td>" in page


@pytest.mark.parametrize("address", ["0.0.0.0:8001", "192.0.2.7:8001", "[::]:8001", "0:8001"])
def test_the_development_server_refuses_an_address_that_others_reach(address: str) -> None:
    with override_settings(DEBUG=True), pytest.raises(CommandError, match="other machines"):
        call_command(Runserver(), address, use_reloader=False, skip_checks=True)


def test_a_changed_new_or_removed_source_is_noticed_once(tmp_path: Path) -> None:
    package = tmp_path / "aduan" / "core"
    package.mkdir(parents=True)
    (package / "text.py").write_text("one")
    sources = Sources(tmp_path)
    assert not sources.changed()
    os.utime(package / "text.py", ns=(1, 1))
    assert sources.changed()
    assert not sources.changed()
    (package / "new.py").write_text("two")
    assert sources.changed()
    (package / "text.py").unlink()
    assert sources.changed()
    (package / "notes.txt").write_text("not a source")
    assert not sources.changed()
