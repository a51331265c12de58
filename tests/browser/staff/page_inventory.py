"""A desk with something on every page, and the list of its pages with who opens them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.utils import timezone
from playwright.sync_api import Page

from aduan.accounts.models import User
from aduan.accounts.roles import Role
from aduan.accounts.services import propose_roles
from aduan.blocklists.models import ListType
from aduan.blocklists.services import build_list, request_inbound, stop_publication
from aduan.cases import services
from aduan.cases.models import Alarm, CannedReason, Case
from aduan.complaints.models import Complaint
from aduan.complaints.services import reveal_contact
from aduan.core.periods import last_ended
from aduan.numbers.services import protect
from aduan.operators.models import NumberRange, Operator
from tests.browser.staff import scenario
from tests.factories import cases as factory
from tests.factories import holds as factory_holds
from tests.factories.accounts import person, step_up
from tests.factories.blocklists import a_block, published

EYES = (Role.REVIEWER, Role.APPROVER, Role.LEAD, Role.AUDITOR)
HANDS = (Role.LIST_MANAGER, Role.ADMINISTRATOR)
Act = Callable[[Page], None]


@dataclass(frozen=True, slots=True)
class InventoryPage:
    """One page: where, who sits there (no one for None), what is done before it is looked at."""

    name: str
    address: str
    who: User | None
    act: Act | None = None


@dataclass(frozen=True, slots=True)
class PageInventory:
    """`words` stand wherever strangers and colleagues can write."""

    budi: User
    citra: User
    telkomsel: Operator
    indosat: Operator
    words: str = "Bukti jelas dan nomor terbaca"

    def build(self) -> list[InventoryPage]:
        now = timezone.now()
        eyes = person("nadia@aduan.example", "Nadia Putri", *EYES)
        hands = person("lina@aduan.example", f"Lina {self.words}"[:110], *HANDS)
        scenario.reasons()
        cases = self._cases(now)
        lists = self._lists(now, hands)
        return [
            *self._work(cases, eyes),
            *self._oversight(now, eyes),
            *self._register(now, hands, lists),
            *_account(hands),
        ]

    def _cases(self, now: dt.datetime) -> dict[str, Case]:
        first = scenario.case("0812-3456-7890", at=now, complaints_filed=3, pictures=2)
        alike = [scenario.case(f"0815-2000-100{n}", at=now, pictures=0, complaints_filed=1) for n in range(2)]
        scenario.campaign([first, *alike], at=now)
        for days in range(5, 0, -1):
            at = now - dt.timedelta(days=days)
            factory.confirmed(self.telkomsel, first=self.budi, second=self.citra, at=at, category="HADIAH")
        spoofed = factory.make_case(
            self.indosat, at=now - dt.timedelta(days=2), suspected_spoofing=True, category="PEJABAT"
        )
        proposed = factory.make_case(self.telkomsel, at=now)
        factory.proposed(proposed, by=self.budi, at=now, reason=self.words)
        quarrel = factory.make_case(self.telkomsel, at=now)
        factory.proposed(quarrel, by=self.budi, at=now, reason=self.words)
        factory.signed(quarrel, by=self.citra, at=now, agrees=False, reason=self.words)
        blocked = factory.confirmed(self.telkomsel, first=self.budi, second=self.citra, at=now)
        services.record_objection(blocked, at=now)
        asked = factory.make_case(self.telkomsel, at=now)
        factory.asked(asked, by=self.budi, at=now, reason_code="kurang-bukti", note=self.words)
        unrouted = factory.make_case(None, at=now, channel="whatsapp")
        factory_holds.hold_rules()
        candidate = factory_holds.candidate(self.telkomsel, at=now)
        waiting = factory_holds.candidate(self.telkomsel, at=now)
        factory_holds.proposed_hold(waiting, by=self.budi, at=now, reason=self.words)
        held = factory_holds.held(self.telkomsel, first=self.budi, second=self.citra, at=now)
        return {
            "-candidate": candidate, "-hold-waits": waiting, "-held": held.case,
            "": first, "-spoofed": spoofed, "-blind": proposed, "-third": quarrel, "-objection": blocked,
            "-asked": asked, "-unrouted": unrouted,
        }  # fmt: skip

    def _lists(self, now: dt.datetime, hands: User) -> dict[str, int]:
        """One list that went out, one that is held because an owner objects."""
        a_block(self.indosat, by=(self.budi, self.citra), at=now, digits=6281500000001)
        out = published(self.indosat, at=now, period=last_ended(now))
        held = build_list(self.telkomsel, period=last_ended(now), kind=ListType.MONTHLY, at=now)
        assert held is not None
        assert held.state == "stopped"
        stop_publication(by=hands, at=now, reason=self.words)
        return {"list": out.pk, "list-held": held.pk}

    def _work(self, cases: dict[str, Case], eyes: User) -> list[InventoryPage]:
        one = f"/kelola/perkara/{cases[''].pk}/"
        reported = Complaint.objects.filter(case=cases[""]).first()
        assert reported is not None
        reveal_contact(reported, by=self.budi, reason=self.words, at=timezone.now())
        campaign = cases[""].campaign_link.campaign_id
        return [
            InventoryPage("queue", "/kelola/antrean/", eyes),
            InventoryPage("search", "/kelola/antrean/?q=undian", eyes),
            InventoryPage("nothing-found", "/kelola/antrean/?q=zzzzzz", eyes),
            InventoryPage("bulk", "/kelola/antrean/", eyes, _mark_two),
            *(
                InventoryPage(f"case{name}", f"/kelola/perkara/{case.pk}/", eyes)
                for name, case in cases.items()
            ),
            InventoryPage("case-propose", one, eyes, _open("p")),
            InventoryPage("case-stale", one, eyes, _send_stale),
            InventoryPage("case-viewer", one, eyes, _open("e")),
            InventoryPage("case-help", one, eyes, _open("?")),
            InventoryPage("reveal", f"{one}aduan/{reported.pk}/kontak/", eyes),
            InventoryPage("case-note", one, eyes, _open("m")),
            InventoryPage("hand-over", f"{one}serahkan/", eyes),
            InventoryPage("ranking", "/kelola/antrean/urutan/", eyes),
            InventoryPage("shadow ranker", "/kelola/antrean/urutan/bayangan/", eyes),
            InventoryPage("shared-contents", f"{one}berbagi/", eyes),
            InventoryPage("number-change", f"{one}nomor-lain/", eyes),
            InventoryPage("people-figures", "/kelola/dasbor/petugas/", eyes),
            InventoryPage("person-figures", f"/kelola/dasbor/petugas/{self.budi.pk}/", eyes),
            InventoryPage("own-decisions", "/kelola/putusan-saya/", eyes),
            InventoryPage("inbox", "/kelola/kotak/", eyes),
            InventoryPage("team", "/kelola/tim/", eyes),
            InventoryPage("campaigns", "/kelola/kampanye/", eyes),
            InventoryPage("campaign", f"/kelola/kampanye/{campaign}/", eyes),
            InventoryPage("holds", "/kelola/tahan/", eyes),
            InventoryPage("new-holders", "/kelola/pemegang-baru/", eyes),
            InventoryPage("warnings", "/kelola/peringatan/", eyes),
            InventoryPage("objections", "/kelola/keberatan/", eyes),
            InventoryPage("change-requests", "/kelola/orang-kedua/", eyes),
            InventoryPage("operator_refusals", "/kelola/penolakan/", eyes),
            InventoryPage("shortcuts", "/kelola/tombol/", eyes),
        ]

    def _oversight(self, now: dt.datetime, eyes: User) -> list[InventoryPage]:
        services.raise_alarm(Alarm.Kind.RUBBER_STAMP, person=self.budi, at=now, detail={"signatures": 10})
        reason = CannedReason.objects.first()
        assert reason is not None
        return [
            InventoryPage("dashboard", "/kelola/dasbor/", eyes),
            InventoryPage("figure-cases", "/kelola/dasbor/perkara/decided/", eyes),
            InventoryPage("desk-targets", "/kelola/dasbor/target/", eyes),
            InventoryPage("case-views", "/kelola/dibaca/", eyes),
            InventoryPage("calibration", "/kelola/kalibrasi/", eyes),
            InventoryPage("contact_access", "/kelola/kontak/", eyes),
            InventoryPage("audit", "/kelola/audit/", eyes),
            InventoryPage("reasons", "/kelola/cases/cannedreason/", eyes),
            InventoryPage("reason", f"/kelola/cases/cannedreason/{reason.pk}/change/", eyes),
            InventoryPage("reason-add", "/kelola/cases/cannedreason/add/", eyes),
            InventoryPage("not-found", "/kelola/tidak-ada/", eyes),
            InventoryPage("forbidden", "/kelola/orang/", eyes),
        ]

    def _register(self, now: dt.datetime, hands: User, lists: dict[str, int]) -> list[InventoryPage]:
        row = protect(
            "1500123", owner=self.words[:200], kind="bank", source=self.words[:300], by=hands, at=now,
            reason=self.words[:300],
        )  # fmt: skip
        second = person("wati@aduan.example", "Wati", Role.ADMINISTRATOR)
        propose_roles(
            self.budi, [Role.REVIEWER, Role.LEAD], by=second, at=now, step_up=step_up(second, now),
            reason=self.words[:300],
        )  # fmt: skip
        asked = request_inbound(
            self.telkomsel, on=True, note=self.words[:300], by=hands, at=now, step_up=step_up(hands, now)
        )
        held = NumberRange.objects.filter(operator=self.telkomsel).first()
        assert held is not None
        return [
            InventoryPage("people", "/kelola/orang/", hands),
            InventoryPage("person", f"/kelola/orang/{self.budi.pk}/", hands),
            InventoryPage("account-changes", "/kelola/orang/usulan/", hands),
            InventoryPage("invite", "/kelola/orang/undang/", hands),
            InventoryPage("background", "/kelola/latar/", hands),
            InventoryPage("incidents", "/kelola/gangguan/", hands),
            InventoryPage("lists", "/kelola/daftar/", hands),
            *(InventoryPage(name, f"/kelola/daftar/{key}/", hands) for name, key in lists.items()),
            InventoryPage("compared", "/kelola/daftar/selisih/?operator=indosat", hands),
            InventoryPage("next-lists", "/kelola/daftar/berikutnya/", hands),
            InventoryPage("hold-rules", "/kelola/tahan/aturan/", hands),
            InventoryPage("legal-references", "/kelola/dasar-hukum/", hands),
            InventoryPage("pace-limits", "/kelola/batas/", hands),
            InventoryPage("list-rules", "/kelola/daftar/pengaturan/", hands),
            InventoryPage("approval", f"/kelola/orang-kedua/persetujuan/{asked.pk}/", hands),
            InventoryPage("dry-run", "/kelola/daftar/uji-coba/?operator=telkomsel", hands),
            InventoryPage("register", "/kelola/register/", hands),
            InventoryPage("operator", f"/kelola/register/operator/{self.telkomsel.pk}/", hands),
            InventoryPage("range", f"/kelola/register/rentang/{held.pk}/", hands),
            InventoryPage("range-add", "/kelola/register/rentang/tambah/", hands),
            InventoryPage("import", "/kelola/register/impor/", hands),
            InventoryPage("import-seen", "/kelola/register/impor/", hands, _paste_a_range),
            InventoryPage("routing", "/kelola/register/tugas/", hands),
            InventoryPage("protected", "/kelola/register/dilindungi/", hands),
            InventoryPage("protected-one", f"/kelola/register/dilindungi/{row.pk}/", hands),
        ]


def _account(hands: User) -> list[InventoryPage]:
    return [
        InventoryPage("second-factor", "/akun/2fa/", hands),
        InventoryPage("app", "/akun/2fa/totp/activate/", hands),
        InventoryPage("passkeys", "/akun/2fa/webauthn/", hands),
        InventoryPage("passkey-add", "/akun/2fa/webauthn/add/", hands),
        InventoryPage("password", "/akun/password/change/", hands),
        InventoryPage("sessions", "/akun/sesi/", hands),
        InventoryPage("step-up", "/akun/reauthenticate/", hands),
        InventoryPage("log-out", "/akun/logout/", hands),
        InventoryPage("log-in", "/akun/login/", None),
        InventoryPage("forgotten", "/akun/password/reset/", None),
    ]


def _open(key: str) -> Act:
    def act(page: Page) -> None:
        page.wait_for_selector("html[data-keys]", state="attached")
        page.keyboard.press(key)

    return act


def _mark_two(page: Page) -> None:
    for box in page.locator(".queue-line input[type=checkbox]").all()[:2]:
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
