"""Every build of a list asks for blocks behind which no two people stand. The index holds only proposals that
two people (or three, where three must) did not confirm, so the answer costs the same among ten million
decisions as among ten.

Plain SQL, because the condition must treat an unknown signature as a missing one (coalesce). The question is in
aduan.blocklists.services.stop_checks_sql and has to be asked in these words for the index to answer it.
"""

from django.db import migrations

INDEX = """
CREATE INDEX proposal_unsigned ON cases_proposal (id) WHERE NOT coalesce(
    state = 'confirmed'
    AND ((second_agrees AND second_by_id <> proposed_by_id) OR (third_agrees AND third_by_id <> proposed_by_id))
    AND (NOT needs_third OR second_agrees AND third_agrees), FALSE)
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_row_security")]

    operations = [migrations.RunSQL(INDEX, "DROP INDEX proposal_unsigned")]
