"""The register's pages: who may see them, and what an import shows before it acts."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.test import Client
from django.urls import reverse

from aduan.cases.models import Block, Case, ChangeRequest
from aduan.cases.services import open_or_join
from aduan.numbers import services
from aduan.numbers.models import PhoneNumber, ProtectedNumber, RoutingTask
from aduan.numbers.parsing import parse
from aduan.operators.models import NumberRange, Operator
from portal.staff.register.timeline import timeline
from tests.factories import cases
from tests.portal.staff.login import log_in_staff

HEAD = "prefix,operator,brand,status,since,until,source,note\n"


@pytest.fixture
def desk(client, rini):
    return log_in_staff(client, rini)


def confirm_as(second, asked: ChangeRequest) -> None:
    """The second person opens the request and confirms what it shows."""
    client = log_in_staff(Client(), second)
    page = client.get(f"/kelola/orang-kedua/{asked.pk}/")
    done = client.post(
        f"/kelola/orang-kedua/{asked.pk}/",
        {"step": "confirm", "compared": "on", "seen": page.context["page"].seen},
    )
    assert done.status_code == 302, done.text


def transfer_on(day: dt.date) -> str:
    return HEAD + f"0811,indosat,Telkomsel,active,{day},,Berita Negara,merger\n"


@pytest.fixture
def today() -> dt.date:
    return dt.datetime.now(dt.UTC).astimezone(dt.timezone(dt.timedelta(hours=7))).date()


def test_reviewers_see_the_register_and_cannot_change_it(client, budi, telkomsel):
    log_in_staff(client, budi)
    assert client.get("/kelola/register/").status_code == 200
    row = NumberRange.objects.get(prefix="62811")
    answer = client.get(f"/kelola/register/rentang/{row.pk}/")
    assert b'name="end-on"' not in answer.content
    sent = {"act": "end", "end-on": "2027-01-01", "end-reason": "Because I can"}
    client.post(f"/kelola/register/rentang/{row.pk}/", sent)
    row.refresh_from_db()
    assert row.valid.upper is None
    assert client.get("/kelola/register/impor/").status_code == 403


def test_no_one_from_outside_sees_it(client, dewi):
    client.force_login(dewi)
    for name in ("register", "range_import", "routing_tasks", "protected"):
        assert client.get(reverse(f"staff:{name}")).status_code in (302, 403)


def test_the_page_shows_every_prefix_with_a_constant_number_of_queries(
    desk, register, django_assert_max_num_queries
):
    with django_assert_max_num_queries(12):
        answer = desk.get("/kelola/register/")
    page = answer.content.decode()
    assert "0811–0813" in page
    assert "XLSMART" in page
    assert "<svg" in page
    assert "style=" not in page


def test_the_timeline_joins_neighbours_with_one_history(register, now):
    rows = NumberRange.objects.select_related("operator", "brand").order_by("prefix", "valid")
    picture = timeline(rows, today=now.date())
    labels = [line.label for line in picture.lines]
    assert "0817–0819" in labels
    assert "0895–0899" in labels
    (axis,) = [line for line in picture.lines if line.label == "0831–0833"]
    assert [bar.title.split(" · ")[0] for bar in axis.bars] == ["AXIS", "XL Axiata", "XLSMART"]
    assert all(first.x < second.x for first, second in zip(axis.bars, axis.bars[1:], strict=False))


def test_a_range_is_added_transferred_and_ended_with_its_reason_on_the_page(desk, telkomsel, indosat):
    sent = {
        "digits": "0850", "status": "active", "operator": telkomsel.pk, "brand": "Baru",
        "since": "2026-01-01", "source": "Berita Negara 7", "reason": "Newly assigned",
    }  # fmt: skip
    page = desk.post("/kelola/register/rentang/tambah/", sent)["Location"]
    handed = {
        "act": "transfer", "transfer-to": indosat.pk, "transfer-on": "2026-06-01",
        "transfer-source": "Berita Negara 9", "transfer-reason": "Sold to Indosat",
    }  # fmt: skip
    assert desk.post(page, handed).status_code == 302
    held = list(
        NumberRange.objects.filter(prefix="62850").order_by("valid").values_list("operator__code", flat=True)
    )
    assert held == ["telkomsel", "indosat"]
    text = desk.get(page).content.decode()
    assert "Newly assigned" in text
    assert "Sold to Indosat" in text
    assert "Rini Astuti" in text


def test_an_overlap_is_explained_and_nothing_typed_is_lost(desk, telkomsel):
    sent = {
        "digits": "0811",
        "status": "active",
        "operator": telkomsel.pk,
        "since": "2026-01-01",
        "source": "BN 7 2026",
    }
    answer = desk.post("/kelola/register/rentang/tambah/", sent | {"reason": "Newly assigned"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "error-summary" in page
    assert 'value="BN 7 2026"' in page


def test_an_import_shows_its_effect_and_acts_only_when_confirmed(
    desk, telkomsel, indosat, budi, citra, lina, now, today
):
    cases.make_case(telkomsel, at=now)
    ours = services.register(parse("0811 0000 0001"), at=now)
    opened = open_or_join(ours, report=cases.report(), at=now)
    blocked_number = services.register(parse("0811 0000 0002"), at=now)
    blocked = open_or_join(blocked_number, report=cases.report(), at=now)
    cases.proposed(blocked, by=budi, at=now)
    cases.signed(blocked, by=citra, at=now)
    sent = {"table": transfer_on(today), "reason": "Merger announced"}

    preview = desk.post("/kelola/register/impor/", sent)
    assert preview.context["effect"].numbers == 2
    assert preview.context["effect"].cases == 2
    assert preview.context["effect"].blocks == 1
    assert NumberRange.objects.filter(prefix="62811").count() == 1, "a preview changes nothing"
    assert PhoneNumber.objects.get(pk=ours.pk).operator == telkomsel

    assert desk.post("/kelola/register/impor/", sent | {"confirmed": "guessed"}).status_code == 200
    assert NumberRange.objects.filter(prefix="62811").count() == 1
    done = desk.post("/kelola/register/impor/", sent | {"confirmed": preview.context["digest"]})
    assert done.status_code == 302
    assert PhoneNumber.objects.get(pk=ours.pk).operator == telkomsel, (
        "a block is at stake: it waits for another"
    )
    assert desk.post(done["Location"], {"step": "approve", "read": "on"}).status_code == 403
    other = log_in_staff(Client(), lina)
    assert other.get(done["Location"]).context["effect"].blocks == 1
    assert other.post(done["Location"], {"step": "approve", "read": "on"}).status_code == 302
    assert PhoneNumber.objects.get(pk=ours.pk).operator == indosat
    assert Case.objects.get(pk=opened.pk).operator == indosat
    in_force = Block.objects.get(number=blocked_number, released_at=None)
    assert in_force.operator == indosat
    assert Block.objects.get(number=blocked_number, operator=telkomsel).release_reason == "rerouted"


def test_a_preview_is_shown_again_when_the_register_changed_meanwhile(desk, telkomsel, indosat, today):
    sent = {"table": transfer_on(today), "reason": "Merger announced"}
    digest = desk.post("/kelola/register/impor/", sent).context["digest"]
    NumberRange.objects.filter(prefix="62811").update(operator=indosat)
    again = desk.post("/kelola/register/impor/", sent | {"confirmed": digest})
    assert again.status_code == 200
    assert again.context["stale"]


def test_a_faulty_file_is_explained_and_cannot_be_confirmed(desk, telkomsel):
    sent = {"table": HEAD + "08xx,telkomsel,,active,,,s,\n", "reason": "Merger announced"}
    answer = desk.post("/kelola/register/impor/", sent)
    assert answer.context["faults"] == 1
    assert b'name="confirmed"' not in answer.content


def test_protecting_a_number_ends_its_block_when_another_confirms_the_list_they_saw(
    desk, telkomsel, budi, citra, lina, now
):
    case = cases.confirmed(telkomsel, first=budi, second=citra, at=now)
    block = Block.objects.get(case=case)
    sent = {
        "number": f"+{block.digits}", "owner": "Dinas Contoh", "kind": "government", "source": "surat 1",
        "reason": "Their hotline",
    }  # fmt: skip
    shown = desk.post("/kelola/register/dilindungi/", sent)
    assert (shown.status_code, shown.context["effect"].count) == (200, 1)
    assert case.reference in shown.text
    assert not ChangeRequest.objects.exists()
    desk.post("/kelola/register/dilindungi/", sent | {"seen": shown.context["effect"].digest})
    asked = ChangeRequest.objects.get()
    block.refresh_from_db()
    assert block.released_at is None
    confirm_as(lina, asked)
    block.refresh_from_db()
    assert block.release_reason == "protected"
    row = ProtectedNumber.objects.get(pattern=f"+{block.digits}")
    page = desk.get(f"/kelola/register/dilindungi/{row.pk}/")
    seen = page.context["effect"].digest
    desk.post(f"/kelola/register/dilindungi/{row.pk}/", {"reason": "The hotline moved", "seen": seen})
    row.refresh_from_db()
    assert row.active
    confirm_as(lina, ChangeRequest.objects.latest("id"))
    case.refresh_from_db()
    assert case.status == "released"
    assert not case.protected


def test_a_routing_task_is_settled_on_the_page(desk, register, now):
    number = services.register(parse("0863 1234 5678"), at=now)
    assert "+62 863-1234-5678" in desk.get("/kelola/register/tugas/").content.decode()
    task = RoutingTask.objects.get(number=number)
    indosat = Operator.objects.get(code="indosat")
    sent = {"task": task.pk, "operator": indosat.pk, "reason": "Confirmed by letter"}
    assert desk.post("/kelola/register/tugas/", sent).status_code == 302
    number.refresh_from_db()
    assert number.operator == indosat


def test_a_routing_task_says_who_disowned_the_number_and_in_whose_words(desk, register, now):
    telkomsel = Operator.objects.get(code="telkomsel")
    number = services.register(parse("0812-3456-7890"), at=now)
    services.open_routing_task(
        number, reason=RoutingTask.Reason.NOT_OURS, raised_by_id=telkomsel.pk, note="ported out", at=now
    )
    shown = desk.get("/kelola/register/tugas/").content.decode()
    assert "Operator menyatakan" in shown
    assert str(telkomsel) in shown
    assert "ported out" in shown
    assert "not_ours" not in shown


def test_a_change_needs_a_fresh_proof_of_identity(client, rini, telkomsel):
    log_in_staff(client, rini, proved_minutes_ago=60)
    row = NumberRange.objects.get(prefix="62811")
    answer = client.post(
        f"/kelola/register/rentang/{row.pk}/",
        {"act": "end", "end-on": "2027-01-01", "end-reason": "Given back"},
    )
    assert re.search(r"reauth|akun", answer["Location"])
    row.refresh_from_db()
    assert row.valid.upper is None
