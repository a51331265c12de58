"""The page of new holders offers one person only what one person may do."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from aduan.accounts.models import User
from aduan.cases import services as cases
from aduan.cases.models import Case, RecycledNotice
from aduan.operators.models import Operator
from tests.factories import cases as make
from tests.portal.staff.login import log_in_staff


@pytest.fixture
def confirmed(telkomsel: Operator, budi: User, citra: User) -> Case:
    return make.confirmed(telkomsel, first=budi, second=citra, at=timezone.now() - dt.timedelta(hours=1))


@pytest.mark.parametrize("is_ours", [True, False])
def test_what_may_not_be_believed_alone_is_not_offered(
    client: Client, confirmed: Case, telkomsel: Operator, agus: User, is_ours: bool
) -> None:
    source, at = RecycledNotice.Source.OPERATOR, timezone.now()
    cases.take_recycled(confirmed, operator_id=telkomsel.pk, source=source, batch=100, at=at, is_ours=is_ours)
    log_in_staff(client, agus)
    page = client.get(reverse("staff:recycled_notices")).content.decode()
    assert ("Benar: cabut blokirnya" in page) is is_ours
    assert ("minta pencabutan blokir di halaman kasusnya" in page) is not is_ours
    [notice] = RecycledNotice.objects.all()
    answer = client.post(reverse("staff:settle_recycled", args=[notice.pk]), {"believed": "yes"}, follow=True)
    confirmed.refresh_from_db()
    assert confirmed.status == ("released" if is_ours else "confirmed")
    assert ("ini berasal dari operator" in answer.content.decode()) is not is_ours
