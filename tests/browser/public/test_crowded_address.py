"""One address is many people: 150 uploads lock no one out. Five numbers are one receipt."""

from __future__ import annotations

import random
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import FilePayload, Playwright, expect

from aduan.cases.models import CampaignLink
from aduan.complaints import tickets
from aduan.complaints.models import Complaint
from aduan.complaints.services import reindex_cases
from aduan.core import jobs
from portal.public import rate_limits
from sample import pictures
from tests.browser.public.test_screenshot_first import worker  # noqa: F401 - a fixture
from tests.browser.public.test_unreliable_network import fill
from tests.factories.files import jpeg

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LIMITS = {name: value for name, value in vars(rate_limits).items() if isinstance(value, rate_limits.Limit)}
OTHERS = 150
FIVE = [f"+62 812-3456-78{turn}0" for turn in range(1, 6)]


def test_the_151st_upload_from_one_address_is_taken_and_its_complaint_filed(
    visit: Any, chat: Path, playwright: Playwright, portal: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the limits of production. Each of the others is a phone of its own behind the same carrier."""
    for name, limit in LIMITS.items():
        monkeypatch.setattr(rate_limits, name, limit)
    picture: FilePayload = {"name": "bukti.jpg", "mimeType": "image/jpeg", "buffer": jpeg()}
    for _turn in range(OTHERS):
        phone = playwright.request.new_context(base_url=portal, extra_http_headers={"Origin": portal})
        answer = phone.post("/lapor/berkas/", multipart={"file": picture})
        assert answer.status == 201, answer.text()
        phone.dispose()
    visitor = visit()
    page = visitor.page
    visitor.go("/lapor/")
    fill(page, until="contact")
    page.locator("#id_evidence").set_input_files(chat)
    expect(page.locator("#files [name=staged]")).to_be_attached()
    page.locator("#part-contact [data-step='1']").click()
    page.locator("#summary button[value=send]").click()
    page.wait_for_url(re.compile("/tanda-terima/$"))
    assert Complaint.objects.get().evidence.count() == 1


def test_a_picture_with_five_numbers_becomes_one_receipt(
    visit: Any,
    tmp_path: Path,
    worker: None,  # noqa: F811
) -> None:
    shot = tmp_path / "chat.jpg"
    text = "Admin hadiah kami: " + ", ".join(f"0{one[4:]}" for one in FIVE[1:]) + ". Hubungi hari ini."
    shot.write_bytes(pictures.chat(f"0{FIVE[0][4:]}", text, random.Random(5), status="online"))
    visitor = visit()
    page = visitor.page
    visitor.go("/lapor/")
    page.locator("#id_evidence").set_input_files(shot)
    for number in FIVE:
        card = page.locator(f"#offers .find:has([value='number:{number}'])")
        card.wait_for()
        card.click()
    expect(page.locator("#id_number")).to_have_value(FIVE[0])
    expect(page.locator("#id_other_numbers")).to_have_value("\n".join(FIVE[1:]))
    page.locator("#evidence-continue button").click()
    page.locator("#id_category").select_option("HADIAH")
    for part in ("what", "story", "contact"):
        if page.locator(f"#part-{part}").is_visible():
            page.locator(f"#part-{part} .btn[data-step='1']").click()
    for number in FIVE:
        expect(page.locator("#summary")).to_contain_text(number)
    page.locator("#summary button[value=send]").click()
    page.wait_for_url(re.compile("/tanda-terima/$"))
    filed = list(Complaint.objects.order_by("pk"))
    assert len({one.case_id for one in filed}) == len(FIVE)
    for one in filed:
        expect(page.locator("main")).to_contain_text(tickets.show(one.ticket))
    reindex_cases(at=jobs.now())
    assert CampaignLink.objects.count() == len(FIVE)
    assert len(set(CampaignLink.objects.values_list("campaign_id", flat=True))) == 1
