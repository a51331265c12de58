"""What a person typed is not lost when the act is refused."""

from __future__ import annotations

from django.contrib.messages import get_messages
from django.contrib.messages.storage.fallback import FallbackStorage
from django.test import RequestFactory

from portal.staff.refusals import say_refused


def test_the_note_of_a_refused_act_stands_in_the_message() -> None:
    note = "Pemilik datang dengan kartu SIM dan kuitansi."
    request = RequestFactory().post("/", {"note": note, "on": "1"})
    request.session = {}  # type: ignore[assignment]
    request._messages = FallbackStorage(request)  # type: ignore[attr-defined]
    say_refused(request, "Orang kedua sudah memutuskan.")
    (shown,) = get_messages(request)
    assert str(shown).startswith("Orang kedua sudah memutuskan.")
    assert note in str(shown)
