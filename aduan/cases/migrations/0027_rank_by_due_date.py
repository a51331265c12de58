"""Waiting cases get their places by due date and points; points of the clock are no more.

In batches of their own transactions: an old process that counts one anew meanwhile is corrected by the job
that renews ranks, like any case whose newest complaint grows older.
"""

from django.db import migrations

BATCH = 20_000
PLACE = """
    UPDATE cases_case SET score_parts = score_parts - 'clock', score =
        (extract(epoch FROM timestamptz '2100-01-01 00:00Z'
            - coalesce(due_at, opened_at + interval '1 day')) / 60)::int
        + 180 * coalesce((SELECT sum(value::int) FROM jsonb_each_text(score_parts - 'clock')), 0)::int
    WHERE id > %s AND id <= %s AND score < 1000000
        AND status IN ('open', 'needs_info', 'proposed', 'disputed')
"""


def place(_apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM cases_case")
        [last] = cursor.fetchone()
        for first in range(0, last, BATCH):
            cursor.execute(PLACE, [first, first + BATCH])


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("cases", "0026_ranking_policy")]

    operations = [migrations.RunPython(place, migrations.RunPython.noop)]
