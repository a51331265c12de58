"""SQL as the application's role proves no one's possession of a number, and one reviewer frees no number.

On 1d4faade SQL wrote `proof = 'code'` onto the attacker's own objection to any listed number, and the page of
that objection then lifted the block; so did one reviewer who vouched alone for an objection of their own.
"""

from __future__ import annotations

import pytest
from django.db import IntegrityError
from django.utils import timezone

from aduan.appeals import services
from aduan.appeals.models import Objection
from aduan.cases.models import TemporaryLift
from tests.aduan.appeals.test_objections import answered, block, objected, proven
from tests.database import as_administrator
from tests.portal.public.test_objections import listed
from tests.portal.public.test_objections import objected as objected_on_the_page
from tests.portal.staff.login import log_in_staff
from tests.security.injection import run_sql

pytestmark = pytest.mark.django_db
__all__ = ["block", "listed"]
PROVEN = "UPDATE appeals_objection SET state = 'open', proof = '{proof}', proven_at = now(), due_at = now()"
BY_THE_APPLICATION = "the application did not make"


@pytest.mark.parametrize("proof", ["code", "operator", "staff", ""])
@pytest.mark.parametrize("mac", ["NULL", "''", "'\\x00'"])
def test_sql_proves_no_possession(block, now, injected, proof: str, mac: str):
    objected(now)
    with pytest.raises(IntegrityError, match=BY_THE_APPLICATION):
        run_sql(f"{PROVEN.format(proof=proof)}, proof_mac = {mac}")


def test_the_code_of_another_proof_proves_nothing(block, now, injected):
    proven(objected(now), now)
    other = objected(now)
    with pytest.raises(IntegrityError, match=BY_THE_APPLICATION):
        run_sql(
            "UPDATE appeals_objection o SET state = p.state, proof = 'staff', proven_at = p.proven_at,"
            " due_at = p.due_at, proof_mac = p.proof_mac FROM appeals_objection p"
            " WHERE p.proof = 'code' AND o.id = %(other)s",
            other=other.pk,
        )


@pytest.mark.parametrize("change", ["proof = 'code'", "seconded_by_id = %(budi)s", "proven_at = now()"])
def test_sql_makes_no_letter_stronger(block, agus, budi, now, injected, change: str):
    services.confirm_possession(objected(now), by=agus, note="Surat", at=now, by_operator=True)
    with pytest.raises(IntegrityError, match=BY_THE_APPLICATION):
        run_sql(f"UPDATE appeals_objection SET {change}", budi=budi.pk)  # noqa: S608 - texts above


@pytest.mark.parametrize("state", ["open", "unproven"])
def test_an_answered_objection_never_comes_back(block, agus, now, injected, state: str):
    proven(objected(now), now)
    answered(block.case, by=agus, at=now, upheld=False, reason="Dipakai menipu")
    with pytest.raises(IntegrityError, match="ends once"):
        run_sql(f"UPDATE appeals_objection SET state = '{state}'")  # noqa: S608 - texts above


def test_sql_inserts_no_proven_objection(block, now, injected):
    proven(objected(now), now)
    with pytest.raises(IntegrityError, match=BY_THE_APPLICATION):
        run_sql(
            "INSERT INTO appeals_objection (uid, case_id, number_id, state, statement, language, filed_at,"
            " proof, proof_note, proven_at, due_at, answer, proof_mac)"
            " SELECT gen_random_uuid(), case_id, number_id, state, statement, language, filed_at,"
            " 'operator', '', proven_at, due_at, '', proof_mac"
            " FROM appeals_objection"
        )


def test_the_version_before_goes_on_for_a_day_after_the_upgrade(block, now, injected):
    old = "UPDATE django_migrations SET applied = now() - interval '30 days' WHERE name = '0001_initial'"
    with as_administrator() as cursor:
        cursor.execute(old)
    objected(now)
    run_sql(PROVEN.format(proof="code"))
    with as_administrator() as cursor:
        cursor.execute("UPDATE django_migrations SET applied = applied - interval '1 day'")
    with pytest.raises(IntegrityError, match=BY_THE_APPLICATION):
        run_sql("UPDATE appeals_objection SET proven_at = now() - interval '1 hour'")


def test_one_reviewer_frees_no_number(client, listed, agus, budi):
    page = objected_on_the_page(client)["Location"]
    desk = type(client)()
    log_in_staff(desk, agus)
    [address] = {
        part.split('"')[0]
        for part in desk.get("/kelola/keberatan/").text.split('action="')[1:]
        if part.split('"')[0].endswith("/pemilik/")
    }
    desk.post(address, {"note": "Surat operator", "by_operator": "on"})
    assert f"{address}kedua/" not in desk.get("/kelola/keberatan/").text
    desk.post(f"{address}kedua/")
    client.post(page, {"action": "lift"})
    assert not TemporaryLift.objects.exists()
    log_in_staff(desk, budi)
    waiting = desk.get("/kelola/keberatan/").text
    assert f"{address}kedua/" in waiting
    assert "Surat operator" in waiting
    desk.post(f"{address}kedua/")
    client.post(page, {"action": "lift"})
    assert TemporaryLift.objects.exists()


def test_the_page_of_a_letter_offers_the_code(client, listed, agus):
    page = objected_on_the_page(client)["Location"]
    services.confirm_possession(Objection.objects.get(), by=agus, note="Surat", at=timezone.now())
    assert "send_code" in client.get(page).text
    client.post(page, {"action": "send_code"})
    assert "prove" in client.get(page).text
