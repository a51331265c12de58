"""An objection proved by a code counts beside one that was proved otherwise. Keeps no writer out."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations, models
from django.db.models import Q


def _unique(name: str, condition: Q, where: str) -> migrations.SeparateDatabaseAndState:
    constraint = models.UniqueConstraint(fields=["case"], condition=condition, name=name)
    index = f"CREATE UNIQUE INDEX CONCURRENTLY {name} ON appeals_objection (case_id) WHERE {where}"
    return migrations.SeparateDatabaseAndState(
        [migrations.RunSQL(index, f"DROP INDEX CONCURRENTLY {name}")],
        [migrations.AddConstraint("objection", constraint)],
    )


class Migration(migrations.Migration):
    atomic = False
    contracts = "0.1.0"  # it looks for another open objection itself, under the lock of the case
    dependencies = [("appeals", "0005_possession_by_application")]

    operations = [
        ValidateConstraint("objection", "seconded_by_another"),
        _unique(
            "one_open_objection_by_code_per_case",
            Q(state="open", proof="code"),
            "state = 'open' AND proof = 'code'",
        ),
        _unique(
            "one_other_open_objection_per_case",
            Q(state="open") & ~Q(proof="code"),
            "state = 'open' AND NOT proof = 'code'",
        ),
        migrations.RemoveConstraint("objection", "one_open_objection_per_case"),
    ]
