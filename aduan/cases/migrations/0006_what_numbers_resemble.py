"""Cases whose number resembles a protected one are found without reading all of them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0005_three_people_agree"),
        ("numbers", "0004_what_is_known_of_a_number"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                models.F("id"), condition=models.Q(("resembles_protected", True)), name="case_lookalike"
            ),
        ),
    ]
