"""Messages are found without gettext; the finder is tested here, the catalogues by `make check`."""

from pathlib import Path

import polib
from django.utils import dates, translation

from scripts.catalogues import _placeholders, in_python, in_template


def test_python_is_read_through_its_imports() -> None:
    text = """
from django.utils.translation import gettext_lazy as _, ngettext, pgettext
from somewhere import gettext
_("one" " two")
ngettext("a case", "%(n)d cases", n) % {"n": n}
pgettext("month", "May")
gettext("not ours")
_(variable)
"""
    assert set(in_python(text)) == {
        (None, "one two", None),
        (None, "a case", "%(n)d cases"),
        ("month", "May", None),
    }


def test_templates_are_read_with_plurals_contexts_and_filters() -> None:
    text = """{% load i18n %}
{% translate "Hello" %} {% translate 'May' context "month" %} {{ _("Quoted")|upper }}
{% blocktranslate trimmed with a=b %}
  Dear {{ a }}
{% endblocktranslate %}
{% blocktranslate count n=list|length %}{{ n }} case{% plural %}{{ n }} cases{% endblocktranslate %}
{# translate "comment" #}{% include "x.html" with title=_("An (odd) title") %}"""
    assert set(in_template(text)) == {
        (None, "Hello", None),
        ("month", "May", None),
        (None, "Quoted", None),
        (None, "Dear %(a)s", None),
        (None, "%(n)s case", "%(n)s cases"),
        (None, "An (odd) title", None),
    }


def test_a_lost_placeholder_is_caught() -> None:
    assert _placeholders(polib.POEntry(msgid="Dear %(a)s", msgstr="Yth. %(b)s"))
    assert not _placeholders(polib.POEntry(msgid="Dear %(a)s", msgstr="Yth. %(a)s"))


def test_no_label_takes_the_name_of_a_month_or_a_day() -> None:
    """All catalogues are one at run time: "May" as a permission made every fifth month "Boleh 2026"."""
    with translation.override("en"):
        tables = (dates.MONTHS, dates.MONTHS_AP, dates.MONTHS_3, dates.WEEKDAYS, dates.WEEKDAYS_ABBR)
        names = {str(name) for table in tables for name in table.values()}
    assert "May" in names
    catalogues = list((Path(__file__).parents[2] / "portal" / "locale").glob("*/id/LC_MESSAGES/django.po"))
    assert catalogues
    for path in catalogues:
        assert not names & {entry.msgid for entry in polib.pofile(str(path)) if not entry.msgctxt}, path
