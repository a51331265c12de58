"""The sample is lively, obeys every rule, is the same for the same seed, and its mass is whole."""

from __future__ import annotations

import datetime as dt
import io
import random
from collections import Counter

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Count, F, Sum
from django.test import Client
from django.utils import timezone

from aduan.accounts.models import User
from aduan.accounts.roles import Role
from aduan.appeals.models import Objection
from aduan.blocklists.models import BlockList, Outcome
from aduan.cases.models import Block, Campaign, Case, Hold
from aduan.cases.queries import waiting_holds
from aduan.complaints import categories, tickets
from aduan.complaints.models import Complaint, Evidence
from aduan.referrals import queries as referral_queries
from aduan.referrals.models import AgencyReport, EscalationLetter, PlatformContact, Referral
from devserver import greeting
from portal.management import migrator
from sample import mass, pictures, plan, stories
from sample.management.commands import seed_sample
from tests.database import as_administrator
from tests.portal.operators.conftest import at_desk


@pytest.fixture(autouse=True)
def _the_owner_is_at_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who runs the sample has the log-in of the tables' owner; within a test, its transaction."""
    monkeypatch.setattr(migrator, "connected", as_administrator)


UNTIL = dt.datetime(2026, 11, 23, 5, tzinfo=dt.UTC)


def test_the_same_seed_draws_the_same_course_and_another_another():
    one, same = plan.draw(200, seed=1, until=UNTIL), plan.draw(200, seed=1, until=UNTIL)
    assert one == same
    assert one != plan.draw(200, seed=2, until=UNTIL)


def test_the_course_is_skewed_in_order_and_within_ninety_days():
    lines = plan.draw(400, seed=2026, until=UNTIL)
    assert sum(len(line.filings) for line in lines) == 400
    assert max(len(line.filings) for line in lines) >= 8
    times = [filing.at for line in lines for filing in line.filings]
    assert min(times) >= UNTIL - dt.timedelta(days=plan.DAYS)
    assert max(times) <= UNTIL
    endings = Counter(line.ending for line in lines)
    assert len(endings) >= 8


def test_every_category_has_stories_and_they_fill_in():
    filled = Counter(story.category for story in stories.stories())
    assert set(filled) == set(categories.all_categories())
    assert min(filled.values()) >= 2
    dice = random.Random(1)
    for story in stories.stories():
        text = stories.fill_story(story, dice).text
        assert "{" not in text
        assert len(text) < 500


def test_pictures_differ_from_story_to_story():
    dice = random.Random(1)
    drawn = {pictures.chat("0812-0000-0001", story.text, dice) for story in stories.stories()[:6]}
    assert len(drawn) == 6


@pytest.mark.django_db
def test_a_portal_in_full_swing(settings, tmp_path, monkeypatch):
    options = {**settings.STORAGES["evidence"], "OPTIONS": {"location": str(tmp_path / "evidence")}}
    settings.STORAGES = {**settings.STORAGES, "evidence": options}
    settings.KEYS_DIR, settings.MEDIA_ROOT = tmp_path / "keys", tmp_path / "media"
    monkeypatch.setattr(seed_sample, "LIVELY", 159)
    monkeypatch.setattr("sample.play._PICTURES", 6)
    out = io.StringIO()
    call_command("seed_sample", "--complaints", "2150", "--seed", "7", stdout=out)
    assert "2150 complaints" in out.getvalue()

    assert Complaint.objects.count() == 2150
    assert {"open", "confirmed", "dismissed", "proposed", "referred"} <= set(
        Case.objects.values_list("status", flat=True)
    )
    assert Evidence.objects.exists()
    published = BlockList.objects.filter(state="published", kind="monthly")
    assert published.values("period").distinct().count() == 2
    assert Outcome.objects.exists()
    assert Block.objects.values("operator").distinct().count() >= 3

    # By whichever path it was written, the counts agree and every ticket can be read aloud.
    assert Case.objects.aggregate(total=Sum("complaint_count"))["total"] == 2150
    for case in Case.objects.annotate(own=Count("id")).order_by("-complaint_count")[:5]:
        assert Complaint.objects.filter(case=case).count() == case.complaint_count
    for ticket in Complaint.objects.values_list("ticket", flat=True):
        assert tickets.read(tickets.show(ticket)) == ticket
    for block in Block.objects.select_related("proposal"):
        assert block.proposal.second_by_id not in {None, block.proposal.proposed_by_id}

    assert User.objects.get(email="reviewer1@aduan.example").check_password(seed_sample.DEMO_PASSWORD)
    _everybody_is_printed_and_counts()
    _two_platforms_are_asked_and_answer()
    _numbers_are_held_and_one_waits()
    _a_list_waits_for_two_list_managers()
    assert Campaign.objects.filter(size=mass.ALIKE, links__case__status="confirmed").exists()
    assert Client().get("/").status_code == 200
    with pytest.raises(CommandError, match="already"):
        call_command("seed_sample", stdout=io.StringIO())


def _numbers_are_held_and_one_waits() -> None:
    """Each act can be done: sign the candidate, end the hold, answer its owner, read the one that ended."""
    now = timezone.now()
    ended, held = Hold.objects.order_by("confirmed_at")
    assert (ended.end_reason, held.ended_at) == ("not_needed", None)
    assert held.is_held(now)
    reviewer = User.objects.get(email="reviewer3@aduan.example")
    waiting = {one.case_id for one in waiting_holds(viewer=reviewer, at=now, limit=100)}
    assert Case.objects.get(number_text="+6281200009103").pk in waiting
    objection = Objection.objects.get(case=held.case)
    assert (objection.state, objection.is_strong) == ("open", True)
    newest = BlockList.objects.filter(series="hold", operator=held.operator).latest("sequence")
    assert (newest.state, newest.count) == ("published", 1)


def _a_list_waits_for_two_list_managers() -> None:
    (stopped,) = BlockList.objects.filter(state="stopped")
    assert [reason["code"] for reason in stopped.stop_reasons] == ["objection"]


def _everybody_is_printed_and_counts() -> None:
    """All log-ins stand in the greeting of `make up`, and each person's grant is older than 24 hours."""
    printed = {email for _role, emails in greeting.PEOPLE for email in emails.split()}
    assert set(User.objects.values_list("email", flat=True)) == printed
    staff = User.objects.exclude(roles__contains=[Role.OPERATOR_PERSON])
    latest = max(user.roles_granted_at for user in staff if user.roles_granted_at)
    assert not staff.filter(roles_granted_at=None).exists()
    assert latest < Complaint.objects.earliest("filed_at").filed_at - dt.timedelta(hours=24)
    enough = {Role.REVIEWER: 3, Role.APPROVER: 2, Role.LIST_MANAGER: 2, Role.ADMINISTRATOR: 3}
    assert {role: staff.filter(roles=[role]).count() for role in enough} == enough


def _two_platforms_are_asked_and_answer() -> None:
    """Each page of referrals has something to show, on both sides."""
    asked = Referral.objects.order_by("platform__code")
    assert set(asked.values_list("platform__code", flat=True)) == {"telegram", "whatsapp"}
    assert not asked.exclude(platform__in=PlatformContact.objects.values("platform")).exists()
    assert not asked.filter(made_at__lt=F("block__confirmed_at")).exists(), "asked before it was decided"
    assert asked.filter(current__isnull=False).exists()
    assert asked.filter(account__startswith="telegram:@").exists()
    assert referral_queries.answers_to_settle().count() == 1
    assert referral_queries.mail_to_read().get().referral is not None
    assert EscalationLetter.objects.filter(by=None).exists()
    assert AgencyReport.objects.get().refused[0]["row"] == 5
    desk = at_desk(User.objects.get(email="platform@telegram.example"))
    assert "telegram:@akun_contoh_" in desk.get("/operator/rujukan/").content.decode()


def test_it_is_not_for_production(settings):
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="production"):
        call_command("seed_sample", stdout=io.StringIO())


def test_the_statements_of_the_mass_are_all_there():
    assert set(mass._statements()) == {
        "numbers", "lines", "cases", "complaints", "campaigns", "chosen", "propose", "sign",
        "confirm", "block", "record",
    }  # fmt: skip
