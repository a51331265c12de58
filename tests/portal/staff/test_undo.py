"""The line that offers to undo, its key, and the list of the own decisions."""

from __future__ import annotations

import datetime as dt

from django.test import Client
from django.utils import timezone

from aduan.cases import services
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


def closed_at_once(client: Client, cases: list[Case]):
    """The list to confirm, then the act, as the two pages send it."""
    given = {"step": "dismiss", "cases": [case.pk for case in cases]}
    client.post("/kelola/antrean/bersama/", given)
    seen = {f"seen-{case.pk}": case.contents_digest for case in cases}
    return client.post(
        "/kelola/antrean/bersama/",
        {**given, **seen, "confirmed": "1", "reason_code": "test-dismiss"},
        follow=True,
    )


def test_what_was_closed_at_once_is_taken_back_by_one_key_and_no_complainant_hears_of_it(
    client, budi, citra, case, telkomsel
):
    """A mistaken closure of a hundred cases was announced at once and had no way back."""
    cases = [case, *(factory.make_case(telkomsel, at=timezone.now()) for _turn in range(2))]
    page = closed_at_once(log_in_staff(client, budi), cases).text
    assert 'action="/kelola/antrean/bersama/batalkan/" data-key="Z"' in page
    assert CaseNotice.objects.filter(announced_at__gt=timezone.now()).count() == 3
    services.reopen(Case.objects.get(pk=cases[2].pk), by=citra, at=timezone.now(), reason="Keliru")
    done = client.post("/kelola/antrean/bersama/batalkan/", follow=True).text
    assert {one.status for one in Case.objects.all()} == {"open"}
    assert CaseNotice.objects.filter(withdrawn_at__isnull=False).count() == 2
    assert cases[2].reference in done  # it had moved on, and that is said
    assert 'data-key="Z"' not in done
    again = client.post("/kelola/antrean/bersama/batalkan/", follow=True)
    assert again.status_code == 200
    assert CaseNotice.objects.filter(withdrawn_at__isnull=False).count() == 2
