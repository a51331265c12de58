"""A large photo, a cut line, a lost answer, Back: nothing typed is lost, nothing is filed twice."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page, Route, expect

from aduan.complaints.models import Complaint, Evidence
from tests.browser.public.conftest import DESKTOP

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
STORY = "Mengaku dari bank dan meminta kode OTP, lalu saldo saya hilang."


def fill(page: Page, *, until: str = "send") -> None:
    page.locator("#part-evidence .way[data-step]").click()
    page.locator("#id_number").fill("0812-3456-7890")
    page.locator("#part-number [data-step='1']").click()
    page.locator("label.choice", has_text="SMS").click()
    page.locator("#id_category").select_option("PETUGAS_BANK")
    page.locator("#part-what [data-step='1']").click()
    page.locator("#id_narrative").fill(STORY)
    if until == "story":
        return
    page.locator("#part-story [data-step='1']").click()
    if until == "contact":
        return
    page.locator("#part-contact [data-step='1']").click()
    expect(page.locator("#summary button")).to_be_visible()


@pytest.fixture(scope="module")
def photo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A camera's photo of about 25 MB: noise does not compress."""
    noise = Image.effect_noise((5600, 4200), 120).convert("RGB")
    out = io.BytesIO()
    noise.save(out, "JPEG", quality=99, subsampling=0)
    path = tmp_path_factory.mktemp("photo") / "IMG_2031.jpg"
    path.write_bytes(out.getvalue())
    assert path.stat().st_size > 20_000_000
    return path


def test_a_photo_of_25_mb_is_made_smaller_on_the_phone(visit: Any, photo: Path) -> None:
    visitor = visit()
    page = visitor.page
    visitor.go("/lapor/")
    fill(page, until="contact")
    page.locator("#id_evidence").set_input_files(photo)
    expect(page.locator("#files [name=staged]")).to_be_attached(timeout=40_000)
    expect(page.locator("#files li [role=status]")).to_contain_text("diperkecil di perangkat ini")
    page.locator("#part-contact [data-step='1']").click()
    page.locator("#summary button").click()
    page.wait_for_url(re.compile("/tanda-terima/$"))
    assert Evidence.objects.get().size < 5 * 1024 * 1024


def test_without_scripts_a_photo_of_25_mb_is_refused_in_words_and_the_rest_is_kept(
    visit: Any, photo: Path
) -> None:
    visitor = visit(scripts=False)
    page = visitor.page
    visitor.go("/lapor/")
    page.locator("label.choice", has_text="SMS").click()
    page.locator("#id_category").select_option("PETUGAS_BANK")
    page.locator("#id_number").fill("0812-3456-7890")
    page.locator("#id_narrative").fill(STORY)
    page.locator("#id_evidence").set_input_files(photo)
    page.locator("button[value=check]").click()
    expect(page.locator("#id_evidence_error")).to_contain_text("IMG_2031.jpg")
    expect(page.locator("#id_narrative")).to_have_value(STORY)


def test_a_line_cut_while_sending_is_waited_for(visit: Any) -> None:
    visitor = visit()
    page = visitor.page
    visitor.go("/lapor/")
    fill(page)
    visitor.offline = True
    page.context.set_offline(True)
    page.locator("#summary button").click()
    expect(page.locator("#sending .tone-attention")).to_be_visible()
    assert not Complaint.objects.exists()
    page.context.set_offline(False)
    page.wait_for_url(re.compile("/tanda-terima/$"))
    assert Complaint.objects.count() == 1


def test_an_answer_that_was_lost_does_not_file_twice(visit: Any) -> None:
    visitor = visit()
    page = visitor.page
    visitor.go("/lapor/")
    fill(page)
    lost: list[str] = []

    def lose_the_first(route: Route) -> None:
        if "send" in (route.request.post_data or "") and not lost:
            route.fetch()  # it arrives and is stored …
            lost.append("answer")
            route.abort()  # … but no one hears so
        else:
            route.continue_()

    page.route("**/lapor/", lose_the_first)
    visitor.offline = True
    page.locator("#summary button").click()
    page.wait_for_url(re.compile("/tanda-terima/$"), timeout=20_000)
    assert lost
    assert Complaint.objects.count() == 1


def test_who_does_not_wait_for_a_stalled_file_sends_without_it(visit: Any, chat: Path) -> None:
    visitor = visit()
    page = visitor.page
    page.route("**/lapor/berkas/", lambda _route: None)  # it leaves the phone and is never answered
    visitor.go("/lapor/")
    fill(page, until="contact")
    page.locator("#id_evidence").set_input_files(chat)
    page.locator("#part-contact [data-step='1']").click()
    page.locator("#summary button").click()
    page.locator("#sending button", has_text="Kirim tanpa berkas ini").click()
    page.wait_for_url(re.compile("/tanda-terima/$"))
    assert Complaint.objects.count() == 1
    assert not Evidence.objects.exists()


def test_back_and_a_closed_page_keep_what_was_typed(visit: Any) -> None:
    visitor = visit()
    page = visitor.page
    visitor.go("/lapor/")
    fill(page, until="story")
    page.go_back()
    expect(page.locator("#part-what")).to_be_visible()
    expect(page.locator("#id_number")).to_have_value("0812-3456-7890")
    visitor.go("/bantuan/")
    page.go_back()
    expect(page.locator("#id_narrative")).to_have_value(STORY)
    visitor.go("/lapor/")
    expect(page.locator("#draft-found")).to_be_visible()
    expect(page.locator("#id_narrative")).to_have_value(STORY)
    page.locator("[data-draft-delete]").click()
    expect(page.locator("#id_narrative")).to_have_value("")
    expect(page.locator("#draft-found")).to_be_hidden()


def test_kept_files_come_back_with_the_draft(visit: Any, chat: Path) -> None:
    visitor = visit()
    page = visitor.page
    visitor.go("/lapor/")
    fill(page, until="contact")
    page.locator("#id_evidence").set_input_files(chat)
    expect(page.locator("#files [name=staged]")).to_be_attached()
    page.wait_for_timeout(400)
    page.reload()
    expect(page.locator("#files [name=staged]")).to_be_attached()


def test_a_pasted_message_is_offered_and_only_taps_take_it(visit: Any) -> None:
    visitor = visit()
    page = visitor.page
    visitor.go("/lapor/")
    page.locator("#paste summary").click()
    page.locator("#pasted").fill("Selamat! Hubungi 0812-3456-7890 atau 0813 1111 2222, pajak Rp 500.000")
    expect(page.locator("#offers .find")).to_have_count(4)
    expect(page.locator("#id_number")).to_have_value("")
    page.locator("#offers .find:has([value='number:+62 812-3456-7890'])").click()
    page.locator("#offers .find", has_text="Selamat").click()
    expect(page.locator("#id_number")).to_have_value("+62 812-3456-7890")
    expect(page.locator("#id_narrative")).to_have_value(re.compile("Selamat"))
    page.locator("#offers .find", has_text="Selamat").click()  # given back
    expect(page.locator("#id_narrative")).to_have_value("")


def test_links_and_accounts_of_a_pasted_message_go_into_their_fields(visit: Any) -> None:
    """They were not offered. They stay while the number is chosen."""
    visitor = visit()
    page = visitor.page
    visitor.go("/lapor/")
    page.locator("#paste summary").click()
    page.locator("#pasted").fill(
        "Daftar di https://Hadiah-Fiktif.com/klaim, bayar ke BCA 1234567890 a.n. Fiktif. WA 0812-3456-7890"
    )
    for value in ("link:hadiah-fiktif.com/klaim", "bank_account:BCA 1234567890", "number:+62 812-3456-7890"):
        page.locator(f".find:has([value='{value}'])").click()
    expect(page.locator("#id_link")).to_have_value("hadiah-fiktif.com/klaim")
    expect(page.locator("#id_bank_account")).to_have_value("BCA 1234567890")
    expect(page.locator("#id_number")).to_have_value("+62 812-3456-7890")


def test_a_tap_adds_to_the_number_that_was_typed_before(visit: Any) -> None:
    """It replaced the number that the check page had carried here; on a desk its card was half empty."""
    visitor = visit(size=DESKTOP)
    page = visitor.page
    visitor.go("/lapor/?nomor=0811-2222-3333")
    page.locator("#paste summary").click()
    page.locator("#pasted").fill("Hubungi 0812-3456-7890 atau 0811 2222 3333, segera")
    card = page.locator("#offers .find:has([value='number:+62 812-3456-7890'])")
    card.click()
    page.locator("#offers .find:has([value='number:+62 811-2222-3333'])").click()
    expect(page.locator("#id_number")).to_have_value("0811-2222-3333")
    expect(page.locator("#id_other_numbers")).to_have_value("+62 812-3456-7890")
    outside, inside = card.bounding_box(), card.locator(".find-body").bounding_box()
    assert outside
    assert inside
    assert inside["width"] > 0.95 * outside["width"]


def test_the_numbers_of_a_chat_go_into_one_report(visit: Any) -> None:
    """Each tap adds one, and gives it back; the last step says how many there are."""
    visitor = visit()
    page = visitor.page
    numbers = [f"+62 812-3456-789{turn}" for turn in range(5)]
    visitor.go("/lapor/")
    page.locator("#paste summary").click()
    page.locator("#pasted").fill("Hubungi admin kami. " + " ".join(f"Nomor {one}." for one in numbers))
    for number in numbers:
        page.locator(f"#offers .find:has([value='number:{number}'])").click()
    expect(page.locator("#id_number")).to_have_value(numbers[0])
    expect(page.locator("#id_other_numbers")).to_have_value("\n".join(numbers[1:]))
    page.locator(f"#offers .find:has([value='number:{numbers[1]}'])").click()  # given back
    expect(page.locator("#id_other_numbers")).to_have_value("\n".join(numbers[2:]))
    page.locator("#evidence-continue button").click()
    page.locator("label.choice", has_text="WhatsApp").click()
    page.locator("#id_category").select_option("KURIR")
    for part in ("what", "story", "contact"):
        if page.locator(f"#part-{part}").is_visible():
            page.locator(f"#part-{part} .btn[data-step='1']").click()
    expect(page.locator("#summary")).to_contain_text(numbers[4])
    page.locator("#summary button").click()
    page.wait_for_url(re.compile("/tanda-terima/$"))
    assert Complaint.objects.count() == 4
    expect(page.locator("main")).to_contain_text("Dikirim bersama aduan ini")
