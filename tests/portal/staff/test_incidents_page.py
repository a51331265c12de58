"""The page of incidents: what is out of order, since when, what to do."""

import pytest
from django.urls import reverse

from aduan.core import jobs
from aduan.core.models import Job
from aduan.monitoring.services import watch
from tests.portal.staff.login import log_in_staff

pytestmark = pytest.mark.django_db


def test_what_is_out_of_order_stands_there_with_what_to_do(rini, now, client):
    jobs.enqueue("build_list", "telkomsel/2026-10-01/monthly-v1", at=now)
    Job.objects.update(state="failed")
    watch(at=now)
    page = log_in_staff(client, rini).get(reverse("staff:incidents")).content.decode()
    assert "Pekerjaan latar tidak dilanjutkan" in page
    assert "lalu mulai lagi" in page
    Job.objects.update(state="done")
    watch(at=now)
    page = client.get(reverse("staff:incidents")).content.decode()
    assert page.index("Sudah selesai") < page.index("Pekerjaan latar tidak dilanjutkan")


def test_reviewers_have_other_work(budi, client):
    assert log_in_staff(client, budi).get(reverse("staff:incidents")).status_code == 403
