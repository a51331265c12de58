"""A machine's key: shown once, stored hashed, bound to scopes, addresses and days."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, transaction

from aduan.accounts.models import User
from aduan.accounts.roles import Permission
from aduan.accounts.step_up import application_mac
from aduan.core.audit_actions import AuditAction
from aduan.core.errors import Forbidden, Invalid, WrongState
from aduan.core.models import AuditLogEntry
from aduan.notifications.models import OutboxMessage
from aduan.operators import access_keys as key_services
from aduan.operators import actors, row_security
from aduan.operators.key_lookup import key_with_prefix
from aduan.operators.models import AccessKey, Operator, OperatorMember
from tests.factories.accounts import past_triggers

HERE = "203.0.113.7"
BOTH = ["list:read", "report:write"]


def made(by: User, at: dt.datetime, **changes):
    actor = actors.actor_for(by)
    options: dict[str, Any] = {"name": "billing gateway", "scopes": BOTH, "at": at} | changes
    return key_services.create_key(actor.operator, by=actor, **options)


def test_a_key_authenticates_and_is_stored_only_as_its_hash(dewi: User, now: dt.datetime):
    key, text = made(dewi, now)
    actor = actors.actor_with_key(text, address=HERE, at=now)
    assert actor.operator.code == "telkomsel"
    assert actor.access_key == key
    row = AccessKey.objects.values().get(pk=key.pk)
    assert text not in str(row)
    assert text.split("_", 2)[2] not in str(row)
    assert text not in repr(key)


def test_the_statement_put_together_once_reads_what_the_models_say(dewi: User, now: dt.datetime):
    key, _text = made(dewi, now, networks=["203.0.113.0/24"])
    found = key_with_prefix(key.prefix)
    wanted = AccessKey.objects.select_related("operator").get(pk=key.pk)
    assert found is not None
    for ours, theirs in ((found, wanted), (found.operator, wanted.operator)):
        names = [field.attname for field in theirs._meta.concrete_fields]
        assert {name: getattr(ours, name) for name in names} == {
            name: getattr(theirs, name) for name in names
        }
        assert (ours._state.adding, ours._state.db) == (False, theirs._state.db)
    assert key_with_prefix("nothing") is None


def test_a_key_has_256_random_bits(dewi: User, now: dt.datetime):
    texts = {made(dewi, now, name=f"machine {i}")[1] for i in range(20)}
    assert len({text.split("_", 2)[2] for text in texts}) == 20
    assert all(len(text.split("_", 2)[2]) == 43 for text in texts)


@pytest.mark.parametrize("wrong", ["", "an_12345678", "an_deadbeef_" + "A" * 43, "an_" + "x" * 60, "\x00"])
def test_what_is_no_key_is_refused_as_unknown(dewi: User, now: dt.datetime, wrong: str):
    made(dewi, now)
    with pytest.raises(actors.KeyRefused) as refusal:
        actors.actor_with_key(wrong, address=HERE, at=now)
    assert (refusal.value.code, refusal.value.status) == ("key_invalid", 401)


def test_the_right_name_with_another_secret_is_refused(dewi: User, now: dt.datetime):
    _key, text = made(dewi, now)
    other = text[:-1] + ("A" if text[-1] != "A" else "B")
    with pytest.raises(actors.KeyRefused, match="key_invalid"):
        actors.actor_with_key(other, address=HERE, at=now)


def test_a_key_ends_after_ninety_days_unless_reported_otherwise(dewi: User, now: dt.datetime):
    _key, text = made(dewi, now)
    actors.actor_with_key(text, address=HERE, at=now + dt.timedelta(days=89, hours=23))
    with pytest.raises(actors.KeyRefused, match="key_expired"):
        actors.actor_with_key(text, address=HERE, at=now + dt.timedelta(days=90))


def test_no_key_lives_longer_than_a_year(dewi: User, now: dt.datetime):
    with pytest.raises(Invalid, match="life_unusual"):
        made(dewi, now, life=dt.timedelta(days=366))
    key, _text = made(dewi, now)
    with pytest.raises(IntegrityError), transaction.atomic():
        AccessKey.objects.filter(pk=key.pk).update(expires_at=now + dt.timedelta(days=400))


def test_a_scope_allows_its_own_act_only(dewi: User, now: dt.datetime):
    _key, text = made(dewi, now, scopes=["list:read"])
    actor = actors.actor_with_key(text, address=HERE, at=now)
    actor.require(Permission.FETCH_LISTS)
    with pytest.raises(Forbidden, match="scope_missing"):
        actor.require(Permission.REPORT_OUTCOMES)
    with pytest.raises(Forbidden, match="not_manager"):
        actor.must_manage()
    with pytest.raises(Invalid, match="scope_unknown"):
        made(dewi, now, name="other", scopes=["everything"])


def test_old_and_new_are_both_good_for_a_week_and_never_three(dewi: User, now: dt.datetime):
    key, old = made(dewi, now)
    by = actors.actor_for(dewi)
    second, new = key_services.rotate_key(key, by=by, at=now)
    late = now + dt.timedelta(days=6, hours=23)
    for text in (old, new):
        actors.actor_with_key(text, address=HERE, at=late)
    with pytest.raises(WrongState, match="two_keys_live"):
        key_services.rotate_key(second, by=by, at=late)
    over = now + dt.timedelta(days=7)
    with pytest.raises(actors.KeyRefused, match="key_expired"):
        actors.actor_with_key(old, address=HERE, at=over)
    actors.actor_with_key(new, address=HERE, at=over)
    key_services.rotate_key(second, by=by, at=over)  # the first has ended: package for the next


def test_an_overlap_of_more_than_a_week_is_refused_by_service_and_database(dewi: User, now: dt.datetime):
    key, _text = made(dewi, now)
    with pytest.raises(Invalid, match="overlap_too_long"):
        key_services.rotate_key(key, by=actors.actor_for(dewi), overlap=dt.timedelta(days=8), at=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        AccessKey.objects.filter(pk=key.pk).update(rotated_at=now)


def test_a_name_has_one_current_key(dewi: User, now: dt.datetime):
    key, _text = made(dewi, now)
    with pytest.raises(WrongState, match="name_taken"):
        made(dewi, now)
    key_services.revoke_key(key, by=actors.actor_for(dewi), at=now)
    made(dewi, now)


def test_a_revoked_key_is_refused_from_the_commit_on(dewi: User, now: dt.datetime):
    key, text = made(dewi, now)
    key_services.revoke_key(key, by=actors.actor_for(dewi), at=now)
    with pytest.raises(actors.KeyRefused, match="key_invalid"):
        actors.actor_with_key(text, address=HERE, at=now)


def test_a_foreign_address_is_refused_with_one_alarm_an_hour(dewi: User, now: dt.datetime):
    key, text = made(dewi, now, networks=["203.0.113.0/24", "2001:db8::/32"])
    actors.actor_with_key(text, address=HERE, at=now)
    actors.actor_with_key(text, address="2001:db8::5", at=now)
    actors.actor_with_key(text, address="::ffff:203.0.113.9", at=now)
    for _again in range(3):
        with pytest.raises(actors.KeyRefused) as refusal:
            actors.actor_with_key(text, address="198.51.100.1", at=now)
        assert (refusal.value.code, refusal.value.status) == ("address_not_allowed", 403)
    assert OutboxMessage.objects.filter(kind="operator_key_foreign_address").count() == 1
    assert AuditLogEntry.objects.filter(action=AuditAction.ACCESS_KEY_FOREIGN_ADDRESS).count() == 1
    key.refresh_from_db()
    assert (key.misuse, key.misused_at) == ("foreign_address", now)


def test_an_unreadable_address_never_matches_a_list(dewi: User, now: dt.datetime):
    _key, text = made(dewi, now, networks=["203.0.113.0/24"])
    with pytest.raises(actors.KeyRefused, match="address_not_allowed"):
        actors.actor_with_key(text, address="", at=now)
    with pytest.raises(Invalid, match="network_unreadable"):
        made(dewi, now, name="other", networks=["everywhere"])


def test_a_key_in_an_address_raises_an_alarm_only_when_it_is_real(dewi: User, now: dt.datetime):
    _key, text = made(dewi, now)
    actors.note_key_in_address(["an_deadbeef_" + "A" * 43], at=now)
    assert not OutboxMessage.objects.exists()
    actors.note_key_in_address([text], at=now)
    assert OutboxMessage.objects.get().kind == "operator_key_in_url"


def test_only_managers_of_the_same_operator_make_and_end_keys(dewi: User, eko: User, now: dt.datetime):
    key, _text = made(dewi, now)
    outsider = actors.actor_for(eko)
    for act in (
        lambda: key_services.create_key(key.operator, by=outsider, name="x", scopes=BOTH, at=now),
        lambda: key_services.rotate_key(key, by=outsider, at=now),
        lambda: key_services.revoke_key(key, by=outsider, at=now),
    ):
        with pytest.raises(Forbidden, match="not_own"):
            act()
    with past_triggers():
        OperatorMember.objects.filter(user=dewi).update(manages_keys=False)
    with pytest.raises(Forbidden, match="not_manager"):
        made(dewi, now, name="other")


def test_ministry_staff_and_the_deactivated_act_for_no_operator(budi: User, dewi: User):
    with pytest.raises(Forbidden, match="not_operator"):
        actors.actor_for(budi)
    User.objects.filter(pk=dewi.pk).update(is_active=False)
    dewi.refresh_from_db()
    with pytest.raises(Forbidden, match="not_operator"):
        actors.actor_for(dewi)


def test_each_life_event_of_a_key_is_in_the_audit_log(dewi: User, now: dt.datetime):
    key, _text = made(dewi, now)
    by = actors.actor_for(dewi)
    second, _new = key_services.rotate_key(key, by=by, at=now)
    key_services.revoke_key(second, by=by, at=now)
    key_services.revoke_key(second, by=by, at=now)
    actions = list(AuditLogEntry.objects.values_list("action", flat=True))
    assert actions == ["access_key.create", "access_key.rotate", "access_key.revoke"]


def test_the_database_itself_hides_the_rows_of_others(
    dewi: User, eko: User, indosat: Operator, now: dt.datetime
):
    made(dewi, now)
    made(eko, now)
    assert AccessKey.objects.count() == 2
    with row_security.operator_scope(indosat):
        assert [key.operator for key in AccessKey.objects.all()] == [indosat]
        assert OperatorMember.objects.get().user == eko
    assert AccessKey.objects.count() == 2


def test_inside_the_wall_a_foreign_row_cannot_be_written_either(
    dewi: User, eko: User, indosat: Operator, now: dt.datetime
):
    key, _text = made(dewi, now)
    with row_security.operator_scope(indosat):
        assert AccessKey.objects.filter(pk=key.pk).update(revoked_at=now) == 0
    row = AccessKey(
        operator=key.operator, name="smuggled", prefix="x", created_by=dewi, created_at=now, expires_at=now,
        mac=application_mac("access_key", "x", "", key.operator_id, "", "", now),
    )  # fmt: skip
    with pytest.raises(ProgrammingError, match="row-level security"), row_security.operator_scope(indosat):
        row.save()
    assert AccessKey.objects.count() == 1
