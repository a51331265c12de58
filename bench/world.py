"""A country of numbers under block, made by SQL in one statement a table: one real row copied N times.

The triggers that refuse a block without two people are passed over while loading (the rows satisfy them); all
constraints and indexes stay.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Model

from aduan.accounts.models import User
from aduan.cases.models import Block, Case, Proposal
from aduan.numbers.models import PhoneNumber, Routing
from aduan.operators.models import NumberRange, Operator
from bench.database import scratch

AT = dt.datetime(2026, 11, 18, 2, tzinfo=dt.UTC)
LATER = dt.timedelta(hours=5)
# Share of the numbers and the prefixes of five operators, about as the market is.
OPERATORS = {
    "alpha": (45, (811, 812, 813, 821, 822, 823, 852, 853)),
    "beta": (25, (814, 815, 816, 855, 856, 857, 858)),
    "gamma": (17, (817, 818, 819, 859, 877, 878)),
    "delta": (9, (881, 882, 883, 887, 888)),
    "epsilon": (4, (895, 896, 897)),
}


@contextmanager
def country(size: int, *, only: str = "") -> Iterator[None]:
    """A database with `size` numbers under block, all of them at one operator if it is named."""

    def fill() -> None:
        block_numbers(size, only=only)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")  # as autovacuum would have done by the end of the month

    with scratch(f"country_{only}{size}", fill):
        yield


def operators() -> list[Operator]:
    made = []
    for code, (_share, prefixes) in OPERATORS.items():
        operator, new = Operator.objects.get_or_create(
            code=code,
            defaults={
                "name": code,
                "legal_name": f"PT {code}",
                "kind": Operator.Kind.MOBILE,
                "obligation": Operator.Obligation.MANDATORY,
                "active": DateRange(dt.date(2000, 1, 1), None),
                "source": "bench",
            },
        )
        for prefix in prefixes if new else ():
            NumberRange.objects.create(
                prefix=f"62{prefix}",
                operator=operator,
                status=NumberRange.Status.ACTIVE,
                valid=DateRange(dt.date(2000, 1, 1), None),
                source="bench",
            )
        made.append(operator)
    return made


def people() -> tuple[User, User]:
    """Two list managers who also review."""
    roles = ["reviewer", "approver", "list_manager"]
    return tuple(
        User.objects.get_or_create(
            email=f"{name}@aduan.example",
            defaults={
                "name": name,
                "staff_number": name,
                "roles": roles,
                "roles_granted_at": AT - dt.timedelta(days=30),
            },
        )[0]
        for name in ("one", "two")
    )  # type: ignore[return-value]


@transaction.atomic
def block_numbers(size: int, *, only: str = "") -> None:
    """Creates `size` numbers, each with a case, a confirmed proposal and a block in force.

    They belong to the operator `only`, or to all by their shares.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica; SET LOCAL work_mem = '128MB'")
        seeds = _seed_rows()
        start = 0
        for operator in operators():
            share, prefixes = OPERATORS[operator.code]
            count = size * share // 100 if operator.code != "epsilon" else size - start
            if only:
                count = size if operator.code == only else 0
            _copies(cursor, seeds, operator, prefixes, start, count)
            start += count
        for model in (Block, Proposal, Case, PhoneNumber):
            cursor.execute(f"DELETE FROM {model._meta.db_table} WHERE id = -1")  # noqa: S608
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


def _seed_rows() -> dict[type[Model], Any]:
    """One row a table with id -1, which the copies are made from and which is then removed."""
    one, two = people()
    number = PhoneNumber.objects.create(
        pk=-1, canonical="+0", kind="mobile", digits=None, routing=Routing.BY_RANGE, first_seen_at=AT
    )
    case = Case.objects.create(
        pk=-1, number=number, number_text="+0", number_kind="mobile", status="confirmed", opened_at=AT
    )
    proposal = Proposal.objects.create(
        pk=-1, case=case, proposal_type="block", state="confirmed", reason_code="x", seen_digest="0" * 64,
        proposed_by=one, proposed_at=AT, second_by=two, second_at=AT, second_agrees=True,
        second_digest="0" * 64,
    )  # fmt: skip
    day = AT.date()
    block = Block.objects.create(
        pk=-1, case=case, proposal=proposal, number=number, operator=operators()[0], digits=1,
        requested_action="block", category="HADIAH", confirmed_at=AT,
        valid_from=day, valid_until=day + dt.timedelta(days=365),
    )  # fmt: skip
    return {PhoneNumber: number, Case: case, Proposal: proposal, Block: block}


def _copies(
    cursor: Any,
    seeds: dict[type[Model], Any],
    operator: Operator,
    prefixes: tuple[int, ...],
    start: int,
    count: int,
) -> None:
    # Every number once: an odd multiplier walks through all 10^8 subscriber numbers of a prefix.
    digits = (
        f"(ARRAY[{','.join(f'62{prefix}' for prefix in prefixes)}])[1 + g % {len(prefixes)}]::bigint"
        f" * 100000000 + (g / {len(prefixes)} * 77777777 + 12345) % 100000000"
    )
    key = f"{start} + g"
    first_day = "DATE '2026-11-18' - (g % 300)::int"
    same = {"id": key}
    changes: dict[type[Model], dict[str, str]] = {
        PhoneNumber: {"canonical": f"'+' || ({digits})", "digits": digits, "operator_id": str(operator.pk)},
        Case: {"number_id": key, "number_text": f"'+' || ({digits})", "operator_id": str(operator.pk)},
        Proposal: {"case_id": key},
        Block: {
            "case_id": key, "proposal_id": key, "number_id": key, "digits": digits,
            "operator_id": str(operator.pk), "valid_from": first_day, "valid_until": f"{first_day} + 365",
            "category": "(ARRAY['HADIAH','INVESTASI','BELANJA','LOKER'])[1 + g % 4]",
        },
    }  # fmt: skip
    for model in seeds:
        table, own = model._meta.db_table, same | changes[model]
        columns = [field.column for field in model._meta.concrete_fields if not field.generated]
        values = ", ".join(own.get(str(column), f't."{column}"') for column in columns)
        names = ", ".join(f'"{column}"' for column in columns)
        cursor.execute(
            f"INSERT INTO {table} ({names}) SELECT {values}"  # noqa: S608  # names of our own models
            f" FROM {table} t, generate_series(1::bigint, {count}) g WHERE t.id = -1"
        )
