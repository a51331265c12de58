"""Loads the shipped facts. May run at every start: it adds what is missing and overwrites nothing."""

from __future__ import annotations

import datetime as dt

import pghistory
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from aduan.operators import reference
from aduan.operators.models import Brand, LegalReference, NumberRange, Operator


@transaction.atomic
def load_reference() -> dict[str, int]:
    """How many rows were added, by kind. A row that people changed, ended or moved is never touched again."""
    with pghistory.context(reason="reference data of the project"):
        return {
            "legal_references": _load_legal(),
            "operators": _load_operators(),
            "number_ranges": _load_ranges(),
        }


def _span(since: dt.date | None, until: dt.date | None) -> DateRange:
    return DateRange(since, until)


def _load_legal() -> int:
    known = set(LegalReference.objects.values_list("code", flat=True))
    fresh = [row for row in reference.legal_rows() if row.code not in known]
    LegalReference.objects.bulk_create(
        LegalReference(
            code=row.code,
            title_id=row.title_id,
            title_en=row.title_en,
            url=row.url,
            valid=_span(row.since, row.until),
            source=row.source,
        )
        for row in fresh
    )
    return len(fresh)


def _load_operators() -> int:
    known = set(Operator.objects.values_list("code", flat=True))
    laws = {law.code: law for law in LegalReference.objects.all()}
    fresh = [row for row in reference.operator_rows() if row.code not in known]
    Operator.objects.bulk_create(
        Operator(
            code=row.code,
            name=row.name,
            legal_name=row.legal_name,
            kind=row.kind,
            obligation=row.obligation,
            legal_reference=laws.get(row.legal_reference),
            active=_span(row.since, row.until),
            source=row.source,
        )
        for row in fresh
    )
    return len(fresh)


def _load_ranges() -> int:
    known = set(NumberRange.objects.values_list("prefix", flat=True))
    fresh = [row for row in reference.range_rows() if row.prefix not in known]
    Brand.objects.bulk_create(
        [Brand(name=name) for name in sorted({row.brand for row in fresh} - {""})], ignore_conflicts=True
    )
    brands = {brand.name: brand for brand in Brand.objects.all()}
    operators = {operator.code: operator for operator in Operator.objects.all()}
    NumberRange.objects.bulk_create(
        NumberRange(
            prefix=row.prefix,
            operator=operators.get(row.operator),
            brand=brands.get(row.brand),
            status=row.status,
            valid=_span(row.since, row.until),
            source=row.source,
            note=row.note,
        )
        for row in fresh
    )
    return len(fresh)
