"""A desk with something on every page, and the list of its pages with who opens them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.utils import timezone
from playwright.sync_api import Page

from aduan.accounts.models import User
from aduan.accounts.roles import Role
from aduan.blocklists.models import Kind
from aduan.blocklists.services import build_list, stop_publication
from aduan.cases import services
from aduan.cases.models import CannedReason, Case
from aduan.complaints.models import Complaint
from aduan.complaints.services import reveal_contact
from aduan.core.periods import last_ended
from aduan.numbers.services import protect
from aduan.operators.models import NumberRange, Operator
from tests.browser.staff import scene
from tests.factories import cases as factory
from tests.factories.accounts import person
from tests.factories.blocklists import a_block, published

EYES = (Role.REVIEWER, Role.APPROVER, Role.LEAD, Role.AUDITOR)
HANDS = (Role.LIST_MANAGER, Role.ADMINISTRATOR)
Act = Callable[[Page], None]


@dataclass(frozen=True, slots=True)
class Stop:
    """One page: where, who sits there (nobody for None), what is done before it is looked at."""

    name: str
    address: str
    who: User | None
    act: Act | None = None


@dataclass(frozen=True, slots=True)
class House:
    """`words` stand wherever strangers and colleagues can write."""

    budi: User
    citra: User
    telkomsel: Operator
    indosat: Operator
    words: str = "Bukti jelas dan nomor terbaca"

    def furnish(self) -> list[Stop]:
        now = timezone.now()
        eyes = person("nadia@aduan.example", "Nadia Putri", *EYES)
        hands = person("lina@aduan.example", f"Lina {self.words}"[:110], *HANDS)
        scene.reasons()
        cases = self._cases(now)
        lists = self._lists(now, hands)
        return [
            *self._work(cases, eyes),
            *self._oversight(now, eyes),
            *self._register(now, hands, lists),
            *_account(hands),
        ]

    def _cases(self, now: dt.datetime) -> dict[str, Case]:
        first = scene.case("0812-3456-7890", at=now, complaints_filed=3, pictures=2)
        alike = [scene.case(f"0815-2000-100{n}", at=now, pictures=0, complaints_filed=1) for n in range(2)]
        scene.campaign([first, *alike], at=now)
        for days in range(5, 0, -1):
            at = now - dt.timedelta(days=days)
            factory.confirmed(self.telkomsel, first=self.budi, second=self.citra, at=at, category="HADIAH")
        spoofed = factory.a_case(
            self.indosat, at=now - dt.timedelta(days=2), suspected_spoofing=True, category="PEJABAT"
        )
        proposed = factory.a_case(self.telkomsel, at=now)
        factory.proposed(proposed, by=self.budi, at=now, reason=self.words)
        quarrel = factory.a_case(self.telkomsel, at=now)
        factory.proposed(quarrel, by=self.budi, at=now, reason=self.words)
        factory.signed(quarrel, by=self.citra, at=now, agrees=False, reason=self.words)
        blocked = factory.confirmed(self.telkomsel, first=self.budi, second=self.citra, at=now)
        services.note_objection(blocked, at=now)
        asked = factory.a_case(self.telkomsel, at=now)
        services.ask_for_more(asked, by=self.budi, at=now, reason_code="kurang-bukti", note=self.words)
        unrouted = factory.a_case(None, at=now, channel="whatsapp")
        return {
            "": first, "-spoofed": spoofed, "-blind": proposed, "-third": quarrel, "-objection": blocked,
            "-asked": asked, "-unrouted": unrouted,
        }  # fmt: skip

    def _lists(self, now: dt.datetime, hands: User) -> dict[str, int]:
        """One list that went out, one that is held because an owner objects."""
        a_block(self.indosat, by=(self.budi, self.citra), at=now, digits=6281500000001)
        out = published(self.indosat, at=now, period=last_ended(now))
        held = build_list(self.telkomsel, period=last_ended(now), kind=Kind.MONTHLY, at=now)
        assert held is not None
        assert held.state == "held"
        stop_publication(by=hands, at=now, reason=self.words)
        return {"list": out.pk, "list-held": held.pk}

    def _work(self, cases: dict[str, Case], eyes: User) -> list[Stop]:
        one = f"/kelola/perkara/{cases[''].pk}/"
        told = Complaint.objects.filter(case=cases[""]).first()
        assert told is not None
        reveal_contact(told, by=self.budi, reason=self.words, at=timezone.now())
        campaign = cases[""].campaign_link.campaign_id
        return [
            Stop("queue", "/kelola/antrean/", eyes),
            Stop("search", "/kelola/antrean/?q=undian", eyes),
            Stop("nothing-found", "/kelola/antrean/?q=zzzzzz", eyes),
            Stop("bulk", "/kelola/antrean/", eyes, _mark_two),
            *(Stop(f"case{name}", f"/kelola/perkara/{case.pk}/", eyes) for name, case in cases.items()),
            Stop("case-propose", one, eyes, _open("p")),
            Stop("case-stale", one, eyes, _send_stale),
            Stop("case-viewer", one, eyes, _open("e")),
            Stop("case-help", one, eyes, _open("?")),
            Stop("reveal", f"{one}aduan/{told.pk}/kontak/", eyes),
            Stop("campaigns", "/kelola/kampanye/", eyes),
            Stop("campaign", f"/kelola/kampanye/{campaign}/", eyes),
            Stop("objections", "/kelola/keberatan/", eyes),
            Stop("refusals", "/kelola/penolakan/", eyes),
            Stop("keys", "/kelola/tombol/", eyes),
        ]

    def _oversight(self, now: dt.datetime, eyes: User) -> list[Stop]:
        services.raise_alarm("rubber_stamp", person=self.budi, at=now, detail={"signatures": 10})
        reason = CannedReason.objects.first()
        assert reason is not None
        return [
            Stop("dashboard", "/kelola/dasbor/", eyes),
            Stop("calibration", "/kelola/kalibrasi/", eyes),
            Stop("looks", "/kelola/kontak/", eyes),
            Stop("audit", "/kelola/audit/", eyes),
            Stop("reasons", "/kelola/cases/cannedreason/", eyes),
            Stop("reason", f"/kelola/cases/cannedreason/{reason.pk}/change/", eyes),
            Stop("reason-add", "/kelola/cases/cannedreason/add/", eyes),
            Stop("not-found", "/kelola/tidak-ada/", eyes),
            Stop("forbidden", "/kelola/orang/", eyes),
        ]

    def _register(self, now: dt.datetime, hands: User, lists: dict[str, int]) -> list[Stop]:
        row = protect(
            "1500123", owner=self.words[:200], kind="bank", source=self.words[:300], by=hands, at=now,
            reason=self.words[:300],
        )  # fmt: skip
        held = NumberRange.objects.filter(operator=self.telkomsel).first()
        assert held is not None
        return [
            Stop("people", "/kelola/orang/", hands),
            Stop("person", f"/kelola/orang/{self.budi.pk}/", hands),
            Stop("invite", "/kelola/orang/undang/", hands),
            Stop("background", "/kelola/latar/", hands),
            Stop("lists", "/kelola/daftar/", hands),
            *(Stop(name, f"/kelola/daftar/{key}/", hands) for name, key in lists.items()),
            Stop("compared", "/kelola/daftar/selisih/?operator=indosat", hands),
            Stop("list-rules", "/kelola/daftar/pengaturan/", hands),
            Stop("dry-run", "/kelola/daftar/uji-coba/?operator=telkomsel", hands),
            Stop("register", "/kelola/register/", hands),
            Stop("operator", f"/kelola/register/operator/{self.telkomsel.pk}/", hands),
            Stop("range", f"/kelola/register/rentang/{held.pk}/", hands),
            Stop("range-add", "/kelola/register/rentang/tambah/", hands),
            Stop("import", "/kelola/register/impor/", hands),
            Stop("import-seen", "/kelola/register/impor/", hands, _paste_a_range),
            Stop("routing", "/kelola/register/tugas/", hands),
            Stop("protected", "/kelola/register/dilindungi/", hands),
            Stop("protected-one", f"/kelola/register/dilindungi/{row.pk}/", hands),
        ]


def _account(hands: User) -> list[Stop]:
    return [
        Stop("second-factor", "/akun/2fa/", hands),
        Stop("app", "/akun/2fa/totp/activate/", hands),
        Stop("passkeys", "/akun/2fa/webauthn/", hands),
        Stop("passkey-add", "/akun/2fa/webauthn/add/", hands),
        Stop("password", "/akun/password/change/", hands),
        Stop("step-up", "/akun/reauthenticate/", hands),
        Stop("log-out", "/akun/logout/", hands),
        Stop("log-in", "/akun/login/", None),
        Stop("forgotten", "/akun/password/reset/", None),
    ]


def _open(key: str) -> Act:
    def act(page: Page) -> None:
        page.wait_for_selector("html[data-keys]", state="attached")
        page.keyboard.press(key)

    return act


def _mark_two(page: Page) -> None:
    for box in page.locator(".queue-row input[type=checkbox]").all()[:2]:
        box.check()
    page.locator("button[name=step][value=ask]").click()
    page.locator("button[name=confirmed]").wait_for()


def _send_stale(page: Page) -> None:
    """What the page of half an hour ago would send."""
    page.locator("details[data-key=p] > summary").click()
    page.locator("details[data-key=p] input[type=radio]").first.check()
    page.evaluate("document.querySelector('details[data-key=p] [name=seen]').value = 'old'")
    page.locator("details[data-key=p] form button[type=submit]").click()
    page.locator("a[data-key=o]").wait_for()


def _paste_a_range(page: Page) -> None:
    page.locator("#id_table").fill(
        "prefix,operator,brand,status,since,until,source,note\n"
        "62819,telkomsel,,active,2026-01-01,,surat uji coba,"
    )
    page.locator("#id_reason").fill("Uji coba impor rentang")
    page.locator("main form button[type=submit]").click()
    page.locator("input[name=confirmed]").wait_for(state="attached")
