from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="TaskRun",
            fields=[
                (
                    "task",
                    models.CharField(max_length=60, primary_key=True, serialize=False, verbose_name="task"),
                ),
                ("succeeded_at", models.DateTimeField(null=True, verbose_name="last success")),
                ("failed_at", models.DateTimeField(null=True, verbose_name="last failure")),
                ("error", models.CharField(blank=True, max_length=80, verbose_name="last error")),
            ],
        ),
        migrations.CreateModel(
            name="Incident",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("condition", models.CharField(max_length=30, verbose_name="incident")),
                ("amount", models.PositiveIntegerField(verbose_name="how many")),
                ("subjects", models.JSONField(default=list)),
                ("opened_at", models.DateTimeField(verbose_name="since")),
                ("seen_at", models.DateTimeField()),
                ("notified_at", models.DateTimeField(null=True)),
                ("notified_amount", models.PositiveIntegerField(default=0)),
                ("resolved_at", models.DateTimeField(null=True, verbose_name="over since")),
            ],
            options={
                "verbose_name": "incident",
                "verbose_name_plural": "incidents",
                "ordering": ["-opened_at", "-id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("resolved_at__isnull", True)),
                        fields=("condition",),
                        name="one_open_incident",
                    )
                ],
            },
        ),
    ]
