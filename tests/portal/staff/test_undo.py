"""The line that offers to undo, its key, and the list of the own decisions."""

from __future__ import annotations

import datetime as dt

from django.test import Client
from django.utils import timezone

from aduan.cases.models import Case, CaseNotice
from tests.factories import cases as factory
from tests.portal.staff.login import log_in_staff


def dismissed(client: Client, case: Case, **more: str):
    address = f"/kelola/perkara/{case.pk}/langkah/dismiss/"
    given = {"seen": case.contents_digest, "reason_code": "test-dismiss", **more}
    return client.post(address, given, follow=True)


def test_a_dismissal_is_undone_by_one_key(client, budi, case):
    page = dismissed(log_in_staff(client, budi), case, then="next").text
    assert f'action="/kelola/perkara/{case.pk}/batalkan/" data-key="Z"' in page
    assert f'<a href="/kelola/perkara/{case.pk}/">{case.reference}</a>' in page  # the line is a link
    done = client.post(f"/kelola/perkara/{case.pk}/batalkan/", follow=True).text
    case.refresh_from_db()
    assert case.status == "open"
    assert 'data-key="Z"' not in done
    assert "/langkah/dismiss/" in done


def test_the_offer_ends_and_so_does_the_act(client, budi, case):
    dismissed(log_in_staff(client, budi), case)
    session = client.session
    session["undo"] = {**session["undo"], "until": timezone.now().timestamp() - 1}
    session.save()
    assert 'data-key="Z"' not in client.get("/kelola/antrean/").text
    notice = CaseNotice.objects.get(case=case)
    assert notice.announced_at is not None
    assert dt.timedelta(seconds=20) < notice.announced_at - timezone.now() <= dt.timedelta(seconds=30)


def test_the_own_decisions_are_links_and_no_one_elses(client, budi, citra, case, telkomsel):
    other = factory.make_case(telkomsel, at=timezone.now())
    factory.dismissed(other, by=citra, at=timezone.now())
    dismissed(log_in_staff(client, budi), case)
    page = client.get("/kelola/putusan-saya/").text
    assert f"/kelola/perkara/{case.pk}/" in page
    assert other.reference not in page
