"""Messages are found without gettext; the finder is tested here, the catalogues by `make check`."""

import polib

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
