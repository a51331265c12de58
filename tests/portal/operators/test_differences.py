"""An operator sees what the ministry sees: its own word, held against its newest list."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from aduan.blocklists.models import BlockList
from aduan.blocklists.services import AnswerRow, report_outcomes
from aduan.core.errors import Invalid
from tests.portal.conftest import A_NUMBERS, a_list, b_list  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db
PAGE = "/operator/kinerja/selisih/"


def test_differences_and_refused_reports_are_named(
    dewi_desk: Client,
    eko_desk: Client,
    a_list: BlockList,  # noqa: F811
) -> None:
    at = timezone.now()
    rows = [AnswerRow(1, str(A_NUMBERS[1]), "not_ours", "", "")]
    report_outcomes(a_list, rows, list_digest=a_list.digest, at=at)
    with pytest.raises(Invalid):
        report_outcomes(
            a_list, [AnswerRow(1, "6281299999999", "blocked", "", "")], list_digest=a_list.digest, at=at
        )
    page = dewi_desk.get(f"{PAGE}?selisih=declined").content.decode()
    assert str(A_NUMBERS[1]) in page
    assert str(A_NUMBERS[2]) not in page
    assert "6281299999999" in page, "a report that was turned away"
    theirs = eko_desk.get(f"{PAGE}?selisih=declined").content.decode()
    assert str(A_NUMBERS[1]) not in theirs
    assert "6281299999999" not in theirs
