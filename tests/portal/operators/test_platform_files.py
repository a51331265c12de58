"""A platform answers many referrals with a file, and reports numbers that it banned."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from aduan.accounts.models import User
from aduan.operators.models import Operator
from aduan.referrals.models import AgencyReport, Referral, ReferralAnswer
from tests.factories import referrals as make
from tests.factories.operators import person_of
from tests.portal.operators.conftest import at_desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def platform(telkomsel: Operator) -> Operator:
    return make.platform()


@pytest.fixture
def desk(platform: Operator) -> Client:
    return at_desk(person_of(platform, "rudi@whatsapp.example", "Rudi Hartono"))


@pytest.fixture
def asked(platform: Operator, budi: User, citra: User) -> list[Referral]:
    at = timezone.now() - dt.timedelta(days=2)
    return [make.referred(f"0812-3456-789{turn}", at=at, by=budi, second=citra) for turn in range(3)]


def _sent(desk: Client, address: str, text: str) -> tuple[int, str]:
    file = SimpleUploadedFile("isi.csv", text.encode(), "text/csv")
    answer = desk.post(address, {"file": file}, follow=True)
    return answer.status_code, answer.content.decode()


def test_the_file_to_fill_in_comes_back_as_answers(desk: Client, asked: list[Referral]) -> None:
    header, *rows = desk.get("/operator/rujukan/isian.csv").content.decode().splitlines()
    assert header == "referral,account,answer,note,acted_at"
    assert {row.split(",")[0] for row in rows} == {str(one.uid) for one in asked}
    filled = [rows[0].replace(",,,", ",suspended,,"), rows[1].replace(",,,", ",limited,sementara,"), rows[2]]
    status, page = _sent(desk, "/operator/rujukan/unggah/", "\n".join([header, *filled]))
    assert (status, ReferralAnswer.objects.count()) == (200, 2)
    assert "Answers taken: 2." in page
    assert set(ReferralAnswer.objects.values_list("way", flat=True)) == {"upload"}
    (left,) = desk.get("/operator/rujukan/isian.csv").content.decode().splitlines()[1:]
    assert left == rows[2], "what was left empty is still asked"


def test_a_wrong_row_is_named_and_nothing_is_taken(desk: Client, asked: list[Referral]) -> None:
    text = f"referral,answer,note\n{asked[0].uid},suspended,\n{asked[1].uid},no_violation,\nx,limited,\n"
    status, page = _sent(desk, "/operator/rujukan/unggah/", text)
    assert (status, ReferralAnswer.objects.count()) == (400, 0)
    assert "Row 4: " in page
    text = text.replace("x,limited,\n", "")
    status, page = _sent(desk, "/operator/rujukan/unggah/", text)
    assert (status, ReferralAnswer.objects.count()) == (400, 0)
    assert "Row 3: Please say why, or what you need." in page


def test_numbers_that_a_platform_banned_are_taken_or_named(desk: Client) -> None:
    text = "number;category;banned_on\n0812-3456-7801;hadiah;2026-11-01\nbukan nomor;HADIAH;\n"
    status, page = _sent(desk, "/operator/nomor-diblokir/", text)
    assert status == 200
    assert "Numbers taken: 1." in page
    assert "Row 3: " in page
    status, page = _sent(desk, "/operator/nomor-diblokir/", text)
    assert "Nothing was done again." in page
    assert AgencyReport.objects.count() == 1
    status, page = _sent(desk, "/operator/nomor-diblokir/", "nomor\n1\n")
    assert status == 400
    assert "The first row must name the columns: number, category." in page


def test_an_operator_finds_none_of_it(dewi_desk: Client) -> None:
    for path in ("rujukan/", "rujukan/unggah/", "rujukan/isian.csv", "nomor-diblokir/"):
        assert dewi_desk.get(f"/operator/{path}").status_code == 404


@pytest.mark.parametrize("path", ["", "rujukan/", "rujukan/?jawaban=ada", "rujukan/isian.csv", "jaga/"])
def test_more_referrals_cost_no_more_statements(
    desk: Client, asked: list[Referral], path: str, budi: User, citra: User
) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as context:
            assert desk.get(f"/operator/{path}").status_code == 200
        return len(context)

    statements()  # caches fill
    before = statements()
    for turn in range(3):
        make.referred(f"0812-3456-781{turn}", at=timezone.now(), by=budi, second=citra)
    assert statements() == before
    assert before <= 24
