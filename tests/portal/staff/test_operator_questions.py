"""A question to the operator of a number, from the case to the operator's page and back to the inbox."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from aduan.accounts.roles import Role
from aduan.cases.models import Case
from aduan.core.errors import Forbidden, WrongState
from aduan.operators.actors import actor_for
from aduan.teamwork import services
from aduan.teamwork.models import OperatorQuestion
from tests.factories import cases as factory
from tests.factories.accounts import person
from tests.portal.staff.login import log_in_staff

QUESTION = "Apakah nomor ini masih aktif?"


@pytest.fixture
def case(telkomsel) -> Case:
    factory.reasons()
    return factory.make_case(telkomsel, at=timezone.now())


def ask(client: Client, case: Case, text: str = QUESTION):
    return client.post(f"/kelola/perkara/{case.pk}/tanya-operator/", {"question": text}, follow=True)


def test_a_question_reaches_the_operator_and_the_answer_the_inbox(client, budi, dewi, case):
    log_in_staff(client, budi)
    assert 'data-key="Q"' in client.get(f"/kelola/perkara/{case.pk}/").text
    assert QUESTION in ask(client, case).text
    operators = log_in_staff(Client(), dewi)
    assert QUESTION in operators.get("/operator/pertanyaan/").text
    question = OperatorQuestion.objects.get()
    address = f"/operator/pertanyaan/{question.pk}/"
    assert operators.post(address, {"question": ""}).status_code == 400
    assert operators.post(address, {"question": "Sudah tidak aktif sejak Mei."}).status_code == 302
    assert "Operator menjawab pertanyaan Anda" in client.get("/kelola/kotak/").text
    assert "Sudah tidak aktif sejak Mei." in client.get(f"/kelola/perkara/{case.pk}/").text


def test_another_operator_neither_reads_nor_answers_it(budi, dewi, eko, case):
    question = services.ask_operator(case, by=budi, at=timezone.now(), text=QUESTION)
    others = log_in_staff(Client(), eko)
    assert QUESTION not in others.get("/operator/pertanyaan/").text
    assert others.get(f"/operator/pertanyaan/{question.pk}/").status_code == 404
    with pytest.raises(Forbidden):
        services.answer_operator_question(question, actor=actor_for(eko), at=timezone.now(), text="x")


def test_one_question_at_a_time_and_one_answer_each(client, budi, dewi, case):
    log_in_staff(client, budi)
    ask(client, case)
    assert "belum menjawab" in ask(client, case, "Satu lagi?").text
    question = OperatorQuestion.objects.get()
    services.answer_operator_question(question, actor=actor_for(dewi), at=timezone.now(), text="Ya.")
    with pytest.raises(WrongState):
        services.answer_operator_question(question, actor=actor_for(dewi), at=timezone.now(), text="Tidak.")
    ask(client, case, "Satu lagi?")
    assert OperatorQuestion.objects.count() == 2
    with pytest.raises(IntegrityError), transaction.atomic():
        OperatorQuestion.objects.filter(pk=question.pk).update(answer="")


def test_a_lead_asks_no_operator_and_a_case_without_one_has_no_form(client, budi, case):
    lead = person("lea@aduan.example", "Lea", Role.LEAD)
    assert ask(log_in_staff(client, lead), case).status_code == 403
    unrouted = factory.make_case(None, at=timezone.now())
    page = log_in_staff(client, budi).get(f"/kelola/perkara/{unrouted.pk}/").text
    assert 'data-key="Q"' not in page
    assert ask(client, unrouted).status_code == 400
