"""Counts over time as charts: the newest months and weeks of a figure."""

from __future__ import annotations

from typing import Final

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from portal.public.charts import Chart, bar_chart
from portal.public.statistics_words import Published, month_name

MONTHS_SHOWN: Final = 12
WEEKS_SHOWN: Final = 12


def months_chart(published: Published, before: str, title: str) -> Chart:
    return bar_chart(
        title,
        [
            (month_name(month), month_name(month, "M")[:3], published.number(f"{before}.{month}.total"))
            for month in published.months[-MONTHS_SHOWN:]
        ],
    )


def weeks_chart(published: Published, before: str, title: str) -> Chart:
    return bar_chart(
        title,
        [
            (
                _("Week %(week)d, from %(day)s")
                % {"week": monday.isocalendar().week, "day": date_format(monday, "j F Y")},
                str(monday.isocalendar().week),
                published.number(f"{before}.{monday:%G-W%V}.total"),
            )
            for monday in published.weeks(before)[-WEEKS_SHOWN:]
        ],
    )
