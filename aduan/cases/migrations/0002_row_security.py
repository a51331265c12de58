"""An operator sees the trace requests put to that operator: see operators/0002_row_security."""

from django.db import migrations

OWN_ROWS = """
ALTER TABLE cases_tracerequest ENABLE ROW LEVEL SECURITY;
ALTER TABLE cases_tracerequest FORCE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON cases_tracerequest USING (aduan_sees(operator_id));
"""
ALL_ROWS = """
DROP POLICY own_rows ON cases_tracerequest;
ALTER TABLE cases_tracerequest NO FORCE ROW LEVEL SECURITY;
ALTER TABLE cases_tracerequest DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial"), ("operators", "0002_row_security")]

    operations = [migrations.RunSQL(OWN_ROWS, ALL_ROWS)]
