"""How long what is kept. The days are a starting point for the ministry to confirm: they are rows, not code."""

from django.db import migrations

RULES = [
    (
        "original",
        90,
        "Originals prove authenticity until a decision can no longer be objected to.",
    ),
    ("contact", 365, "UU 27/2022 art. 16(2)(g): only as long as needed to ask and to answer."),
    ("evidence", 730, "Needed while a block runs (12 months) and for an objection after it."),
    ("narrative", 1825, "Archive schedule for public complaints; without contact data by then."),
]


def add_rules(apps, schema_editor):
    retention = apps.get_model("complaints", "RetentionPolicy")
    for data_class, days, basis in RULES:
        retention.objects.get_or_create(data_class=data_class, defaults={"days": days, "basis": basis})


class Migration(migrations.Migration):
    dependencies = [("complaints", "0001_initial")]

    operations = [migrations.RunPython(add_rules, migrations.RunPython.noop)]
