"""The database's own word on which numbers are never blocked, for the trigger on blocks and for guards.

`numbers_protection(canonical)` mirrors aduan.numbers.protection; a test compares both.
"""

from django.db import migrations

CREATE = r"""
CREATE FUNCTION numbers_protection(canonical text, OUT protected_id bigint, OUT forged boolean)
RETURNS SETOF record LANGUAGE sql STABLE AS $$
    WITH code AS (
        SELECT substring(
            canonical FROM
            '^(?:\+62|(?:service|short):0?)(?:[2-79][0-9]{1,2})?(1[0-9]{2}|140[0-9]{2}|1500[0-9]{2,3})$'
        ) AS text
    )
    SELECT p.id, p.pattern <> canonical AND p.pattern NOT LIKE '%*'
    FROM numbers_protectednumber p, code
    WHERE p.active
      AND (
        p.pattern = canonical
        OR (p.pattern LIKE '%*' AND starts_with(canonical, left(p.pattern, -1)))
        OR p.pattern IN ('service:' || code.text, 'short:' || code.text)
      )
    ORDER BY p.pattern = canonical DESC, p.pattern LIKE '%*' DESC, p.pattern
    LIMIT 1
$$;

CREATE FUNCTION numbers_is_protected(canonical text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT 1 FROM numbers_protection(canonical))
$$;
"""

DROP = """
DROP FUNCTION numbers_is_protected(text);
DROP FUNCTION numbers_protection(text);
"""


class Migration(migrations.Migration):
    dependencies = [("numbers", "0001_initial")]

    operations = [migrations.RunSQL(CREATE, DROP)]
