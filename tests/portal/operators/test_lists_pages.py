"""What people of an operator see of their lists."""

from __future__ import annotations

import datetime as dt

import time_machine
from django.test import Client
from django.utils import timezone

from aduan.blocklists.models import BlockList, Download
from aduan.blocklists.queries import name_of
from tests.portal.conftest import A_NUMBERS
from tests.portal.operators.conftest import at_desk


def page(name: str, tail: str = "") -> str:
    return f"/operator/daftar/{name}/{tail}"


def test_the_first_page_shows_own_lists_with_their_clock(
    dewi_desk: Client, a_list: BlockList, b_list: BlockList
):
    text = dewi_desk.get("/operator/").content.decode()
    assert page(name_of(a_list)) in text
    assert "0 of 3" in text
    assert "clock running" in text
    assert "not fetched yet" in text
    assert b_list.digest not in text


def test_overdue_numbers_are_said_loudly(dewi, a_list: BlockList):
    with time_machine.travel(timezone.now() + dt.timedelta(hours=25)):
        desk = at_desk(dewi)
        assert "overdue" in desk.get("/operator/").content.decode()
        assert "overdue" in desk.get("/operator/tenggat/").content.decode()


def test_a_list_page_shows_files_digests_and_how_to_verify(dewi_desk: Client, a_list: BlockList):
    text = dewi_desk.get(page(name_of(a_list))).content.decode()
    for file in a_list.files.exclude(name__endswith=".gz"):
        assert file.sha256 in text
    assert a_list.digest in text
    assert "openssl pkeyutl -verify" in text
    assert dewi_desk.get("/operator/kunci-tanda-tangan.pem").content.startswith(b"-----BEGIN PUBLIC KEY-----")


def test_a_download_by_a_person_is_recorded_with_the_person(dewi_desk: Client, dewi, a_list: BlockList):
    answer = dewi_desk.get(page(name_of(a_list), "berkas/block.txt"))
    numbers = b"".join(answer).decode().split()
    assert numbers == sorted(map(str, A_NUMBERS))
    record = Download.objects.get()
    assert (record.by, record.access_key, record.complete) == (dewi, None, True)
    assert "not fetched yet" not in dewi_desk.get("/operator/").content.decode()


def test_another_operators_list_answers_like_none(eko_desk: Client, a_list: BlockList):
    name, missing = name_of(a_list), name_of(a_list).replace("v1", "v9")
    for tail in ("", "berkas/block.txt", "hasil/", "hasil/nomor/", "hasil/isian.csv"):
        foreign, none = eko_desk.get(page(name, tail)), eko_desk.get(page(missing, tail))
        assert foreign.status_code == none.status_code == 404
        assert foreign.content == none.content.replace(missing.encode(), name.encode())


def test_open_numbers_and_performance(dewi_desk: Client, a_list: BlockList):
    clocks = dewi_desk.get("/operator/tenggat/").content.decode()
    assert all(str(number) in clocks for number in A_NUMBERS)
    assert "No answers in this span" in dewi_desk.get("/operator/kinerja/").content.decode()
    assert dewi_desk.get("/operator/kinerja/?hari=x").status_code == 200


def test_the_form_to_fill_in_holds_the_open_numbers(dewi_desk: Client, a_list: BlockList):
    lines = dewi_desk.get(page(name_of(a_list), "hasil/isian.csv")).content.decode().splitlines()
    assert lines[0] == "number,answer,acted_at,reason"
    assert [line.partition(",")[0] for line in lines[1:]] == [str(number) for number in sorted(A_NUMBERS)]


def test_the_first_page_asks_the_database_a_bounded_number_of_times(
    dewi_desk: Client, a_list: BlockList, django_assert_max_num_queries
):
    with django_assert_max_num_queries(24):
        dewi_desk.get("/operator/")
