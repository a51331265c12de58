"""At the desk: what the complainants will read stands beside each reason, and may be worded otherwise."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from aduan.cases.models import Case, CaseNotice
from aduan.cases.services import load_reasons
from tests.factories.complaints import complaint
from tests.portal.staff.login import log_in_staff

NOTE, WORDS = "Pelapor ini sering mengadu.", "Nomor pada gambar terpotong, jadi belum dapat diperiksa."


@pytest.fixture
def case(telkomsel) -> Case:
    load_reasons()
    return complaint(timezone.now()).case


def test_the_page_shows_what_complainants_read_for_each_reason(client: Client, budi, case: Case) -> None:
    page = log_in_staff(client, budi).get(f"/kelola/perkara/{case.pk}/").text
    assert "Perselisihan pribadi atau utang piutang" in page  # for colleagues
    assert "Pemblokiran nomor bukan jalan keluarnya" in page  # for complainants


def test_other_words_are_sent_and_the_note_is_not(client: Client, budi, case: Case) -> None:
    log_in_staff(client, budi)
    step = f"/kelola/perkara/{case.pk}/langkah/dismiss/"
    sent = {
        "reason_code": "dismiss-no-evidence",
        "note": NOTE,
        "notice_id": WORDS,
        "notice_en": "",
        "seen": case.contents_digest,
    }
    assert client.post(step, sent).status_code == 302
    notice = CaseNotice.objects.get()
    assert (notice.edited, notice.text_id, notice.text_en) == (True, WORDS, WORDS)
    history = client.get(f"/kelola/perkara/{case.pk}/").text
    assert WORDS in history
    assert NOTE in history


def test_too_long_a_text_comes_back_with_the_form(client: Client, budi, case: Case) -> None:
    log_in_staff(client, budi)
    sent = {"reason_code": "dismiss-test", "notice_id": "x" * 1001, "seen": case.contents_digest}
    assert client.post(f"/kelola/perkara/{case.pk}/langkah/dismiss/", sent).status_code == 400
    assert not CaseNotice.objects.exists()
