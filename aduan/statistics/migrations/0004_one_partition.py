from django.db import migrations

# The keys of these datasets have other dimensions now, or their rows other spans: their days are counted anew.
TABLES = ("statistics_daycount", "statistics_releasedspan", "statistics_releasedrow", "statistics_correction")
DATASETS = "('decisions', 'decision_times', 'listings', 'answers', 'referrals', 'objections', 'wrong_blocks')"


class Migration(migrations.Migration):
    dependencies = [("statistics", "0003_public_warning")]
    operations = [
        migrations.RunSQL(
            [
                statement
                for table in TABLES
                for statement in (
                    f"ALTER TABLE {table} DISABLE TRIGGER USER",
                    f"DELETE FROM {table} WHERE dataset IN {DATASETS}",  # noqa: S608 - constants
                    f"ALTER TABLE {table} ENABLE TRIGGER USER",
                )
            ],
            migrations.RunSQL.noop,
        )
    ]
