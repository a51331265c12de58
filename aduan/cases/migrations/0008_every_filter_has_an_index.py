from django.db import migrations, models
from django.db.models import F, Q

WAITING = ("open", "needs_info", "proposed", "disputed")
BY_RANK = (F("score").desc(), F("id").desc())


class Migration(migrations.Migration):
    dependencies = [("cases", "0007_operators_answer_traces")]

    operations = [
        migrations.AddIndex(
            model_name="case",
            index=models.Index(*BY_RANK, name="case_rank_asked", condition=Q(status="needs_info")),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                F("region"), *BY_RANK, name="case_rank_region", condition=Q(status__in=WAITING, region__gt="")
            ),
        ),
    ]
