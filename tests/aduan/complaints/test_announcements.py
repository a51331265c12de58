"""What complainants learn of a decision: the reason that was chosen, once, to all alike, and when."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from django.db import InternalError, transaction
from django.utils.translation import override

from aduan.blocklists import services as lists
from aduan.cases.models import Block, CannedReason, Case, CaseNotice
from aduan.cases.next_steps import NEXT_STEPS
from aduan.cases.notices import NOTIFIED, NoticeText, standard_text
from aduan.cases.reasons import is_true_beside, reference
from aduan.cases.services import load_reasons, reopen, stop_urgent
from aduan.cases.workflow import CaseAction, ProposalType
from aduan.complaints.models import Complaint
from aduan.complaints.services import report_still_active, send_progress
from aduan.core import vault
from aduan.core.errors import Invalid, WrongState
from aduan.core.periods import month_of
from aduan.notifications.models import OutboxMessage
from scripts.letters_table import SILENT_RELEASES
from tests.database import as_administrator
from tests.factories.cases import asked, dismissed, proposed, released, signed
from tests.factories.complaints import filed, progress_of
from tests.factories.referrals import platform

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)
RELEASES = sorted({*Block.ReleaseReason.values} - SILENT_RELEASES)


@pytest.fixture(autouse=True)
def _home(telkomsel):
    """The numbers here belong to operator A."""


def page(receipt, *, at):
    found = progress_of(receipt.ticket, receipt.secret, at=at)
    assert found is not None
    return found


def texts(progress):
    return " ".join(str(step.text) for step in progress.steps)


def contexts(kind):
    """What the letters of this kind hold."""
    table, column = "notifications_outboxmessage", "payload_encrypted"
    return [
        json.loads(vault.decrypt(row.payload_encrypted, aad=vault.aad_for(table, column, row.key)))["context"]
        for row in OutboxMessage.objects.filter(kind=kind)
    ]


def blocked(case, budi, citra, at):
    proposed(case, by=budi, at=at)
    signed(case, by=citra, at=at + dt.timedelta(minutes=5))


def test_a_dismissal_gives_the_reason_that_was_chosen_and_never_the_note(now, budi):
    receipt = filed(now, contact_email="sari@example.id")
    load_reasons()
    note = "Pelapor ini sering mengadu."
    dismissed(Case.objects.get(), by=budi, at=now + HOUR, reason_code="dismiss-private-dispute", note=note)
    send_progress(at=now + HOUR)
    progress = page(receipt, at=now + HOUR)
    [letter] = contexts("case_dismiss")
    for shown in (texts(progress), letter["text"]):
        assert "perselisihan pribadi" in shown
        assert "Bukti yang ada belum cukup" not in shown
        assert note not in shown
    assert note not in json.dumps(letter)
    [step] = [step for step in progress.steps if step.code == "decided"]
    assert [one.code for one in step.next_steps] == ["civil", "block_yourself"]


def test_an_edited_text_is_sent_as_it_was_written_and_stays_so(now, budi):
    receipt = filed(now, contact_email="sari@example.id")
    load_reasons()
    written = NoticeText("Nomor pada gambar terpotong.")
    dismissed(Case.objects.get(), by=budi, at=now, reason_code="dismiss-no-evidence", notice=written)
    CannedReason.objects.update(notice_id="Lain.", notice_en="Other.")
    send_progress(at=now)
    assert contexts("case_dismiss")[0]["text"] == "Nomor pada gambar terpotong."
    with override("en"):  # written in one language only: the same words, not the standard text
        assert "Nomor pada gambar terpotong." in texts(page(receipt, at=now))
    notice = CaseNotice.objects.get()
    assert notice.edited
    for change in ({"text_id": "Lain."}, {"announced_at": now + HOUR}):
        with pytest.raises(InternalError), transaction.atomic(), as_administrator():
            CaseNotice.objects.filter(pk=notice.pk).update(**change)


def test_a_block_is_announced_when_its_list_is_published_and_to_all_at_once(now, budi, citra, telkomsel):
    first = filed(now, contact_email="sari@example.id")
    second = filed(now + HOUR, contact_email="tono@example.id")
    case = Case.objects.get()
    blocked(case, budi, citra, now + 2 * HOUR)
    later = now + 3 * HOUR
    assert send_progress(at=later) == 0
    own = filed(later)  # a complaint about one's own number gives nothing away
    for receipt in (first, second, own):
        progress = page(receipt, at=later)
        assert [step.code for step in progress.steps if step.state == "now"] == ["review"]
        assert not progress.may_say_still_active
    with pytest.raises(WrongState):
        report_still_active(Complaint.objects.get(pk=first.complaint_id), at=later)
    published = dt.datetime(2026, 12, 1, 1, 0, tzinfo=now.tzinfo)
    lists.build_missing(at=published, until=month_of(now))
    lists.resume_stalled(at=published + dt.timedelta(days=1))
    announced = CaseNotice.objects.get().announced_at
    assert announced is not None
    after = announced + HOUR
    assert send_progress(at=after) == 2
    letters = contexts("case_confirm_block")
    assert {letter["text"] for letter in letters} == {CaseNotice.objects.get().text_id}
    for receipt in (first, second, own):
        [step] = [step for step in page(receipt, at=after).steps if step.code == "decided"]
        assert step.at == announced
        assert step.text == CaseNotice.objects.get().text_id
    assert page(first, at=after).may_say_still_active


def test_while_publication_is_stopped_nothing_is_announced(now, budi, citra, lina, telkomsel):
    receipt = filed(now)
    blocked(Case.objects.get(), budi, citra, now)
    lists.stop_publication(by=lina, at=now, reason="Uji coba penghentian")
    published = dt.datetime(2026, 12, 1, 1, 0, tzinfo=now.tzinfo)
    lists.build_missing(at=published, until=month_of(now))
    lists.resume_stalled(at=published + dt.timedelta(days=2))
    assert CaseNotice.objects.get().announced_at is None
    assert "decided" not in [step.code for step in page(receipt, at=published).steps if step.state == "done"]


def test_a_joined_decision_shows_no_time_of_others(now, budi, citra, telkomsel):
    filed(now)
    blocked(Case.objects.get(), budi, citra, now)
    published = dt.datetime(2026, 12, 1, 1, 0, tzinfo=now.tzinfo)
    lists.build_missing(at=published, until=month_of(now))
    lists.resume_stalled(at=published + dt.timedelta(days=1))
    after = published + dt.timedelta(days=3)
    progress = page(filed(after), at=after)
    assert [step.code for step in progress.steps[:3]] == ["received", "review", "decided"]
    times = [step.at for step in progress.steps if step.at]
    assert times == [progress.received_at]


def test_the_promise_is_a_date_of_ones_own_and_says_when_it_was_missed(now):
    filed(now)
    receipt = filed(now + 3 * HOUR)
    [review] = [step for step in page(receipt, at=now + 4 * HOUR).steps if step.code == "review"]
    assert (review.until, review.missed) == (now + 27 * HOUR, False)
    [late] = [step for step in page(receipt, at=now + 28 * HOUR).steps if step.code == "review"]
    assert (late.until, late.missed) == (now + 27 * HOUR, True)
    assert late.next_list == dt.date(2026, 12, 1)


def test_what_a_stranger_completes_moves_no_date_of_mine(now, budi):
    mine = filed(now)
    load_reasons()
    asked(Case.objects.get(), by=budi, at=now + HOUR, reason_code="ask-story")
    filed(now + 7 * HOUR)
    [review] = [step for step in page(mine, at=now + 8 * HOUR).steps if step.code == "review"]
    assert review.until is None
    assert {step.at for step in page(mine, at=now + 8 * HOUR).steps if step.at} == {now, now + HOUR}


def test_a_release_by_mistake_says_so(now, budi, citra, agus):
    receipt = filed(now, contact_email="sari@example.id")
    case = Case.objects.get()
    blocked(case, budi, citra, now)
    released(case, by=agus, at=now + HOUR, reason="Salah ketik di layar.")
    send_progress(at=now + HOUR)
    assert "kesalahan kami" in texts(page(receipt, at=now + HOUR))
    assert "kesalahan kami" in contexts("case_release")[0]["text"]
    assert "Salah ketik" not in json.dumps(contexts("case_release"))


def referred(case, budi, citra, at):
    platform()
    proposed(case, by=budi, at=at, proposal_type=ProposalType.REFER)
    signed(case, by=citra, at=at + dt.timedelta(minutes=5))


def test_a_referral_that_ended_was_no_block(now, budi, citra, agus):
    receipt = filed(now, channel="whatsapp", contact_email="sari@example.id")
    case = Case.objects.get()
    referred(case, budi, citra, now)
    released(case, by=agus, at=now + HOUR)
    send_progress(at=now + HOUR)
    shown = page(receipt, at=now + HOUR)
    assert "Permintaan kami untuk bertindak diakhiri" in [str(step.title) for step in shown.steps]
    (letter,) = contexts("case_release")
    assert letter["referred"] is True
    assert letter["text"].startswith("Keputusan itu kesalahan kami")
    assert "blokir" not in letter["text"].lower()


@pytest.mark.parametrize("reason", ["stopped", "reopened"])
def test_a_decision_that_was_taken_back_is_no_letter(now, budi, citra, reason):
    filed(now, channel="whatsapp", contact_email="sari@example.id")
    case = Case.objects.get()
    if reason == "stopped":
        proposed(case, by=budi, at=now, urgent=True)
        signed(case, by=citra, at=now)
        stop_urgent(case, by=citra, at=now, delay=HOUR, reason="Keliru")
    else:
        referred(case, budi, citra, now)
        reopen(case, by=budi, at=now + HOUR, reason="Bukti baru")
    send_progress(at=now + HOUR)
    assert [block.release_reason for block in Block.objects.filter(case=case)] in ([reason], [])
    assert contexts("case_release") == []


def test_every_act_and_reason_has_a_text_in_both_languages():
    for action in NOTIFIED:
        codes = RELEASES if action == CaseAction.RELEASE else [""]
        for code in codes:
            text = standard_text(action, code)
            assert text.id
            assert text.en
            assert text.id != text.en
            if code:
                assert text != standard_text(action), code
                assert standard_text(action, code, referred=True) != text, code
    for reason in reference():
        assert reason.notice_id, reason.code
        assert reason.notice_en, reason.code
        assert set(reason.next_steps) <= set(NEXT_STEPS), reason.code
    closing = [one.notice_id for one in reference() if one.action in ("dismiss", "declare_not_ours")]
    assert len(closing) == len(set(closing))


@pytest.mark.parametrize(
    ("code", "proposal_type"),
    [("propose-spoofed", "block"), ("propose-spoofed", "refer"), ("propose-platform", "block")],
)
def test_no_reason_of_another_measure_can_be_chosen(code, proposal_type, now, budi):
    filed(now)
    load_reasons()
    with pytest.raises(Invalid) as refused:
        proposed(Case.objects.get(), by=budi, at=now, proposal_type=proposal_type, reason_code=code)
    assert refused.value.code == "reason_of_other_measure"


def test_of_one_complaint_no_letter_says_that_several_people_complained(now, budi):
    filed(now)
    load_reasons()
    with pytest.raises(Invalid) as refused:
        proposed(Case.objects.get(), by=budi, at=now, reason_code="propose-several-victims")
    assert refused.value.code == "reason_without_grounds"


def test_beside_a_number_shown_falsely_no_reason_says_that_its_holder_called():
    proposals = [reason for reason in reference() if reason.action == CaseAction.PROPOSE]
    for reason in (one for one in proposals if is_true_beside(one.code, ProposalType.SPOOFED)):
        assert "nomor ini" not in reason.notice_id, reason.code
        assert "this number" not in reason.notice_en, reason.code
