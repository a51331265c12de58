"""Row-level security: what the database shows while one operator is served."""

from __future__ import annotations

import contextlib
import functools
from typing import TYPE_CHECKING, Final

from django.db import connection, transaction

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aduan.operators.models import Operator

OPERATOR_DB_ROLE: Final = "aduan_operator_scope"


@contextlib.contextmanager
def operator_scope(operator: Operator) -> Iterator[None]:
    """A transaction in which the database shows no rows of other operators (row-level security).

    A second line of defence behind the querysets: a query without a filter finds no foreign rows either.
    The policies bind the application's role. The transaction also takes the role `aduan_operator_scope`,
    which reads no partition of a list past the policies; a superuser is bound by nothing else.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        role = (
            f"SET LOCAL ROLE {OPERATOR_DB_ROLE}" if _role_is_usable(connection.settings_dict["NAME"]) else ""
        )
        cursor.execute(f"SELECT set_config('app.operator_id', %s, true); {role}", [str(operator.pk)])
        yield
        cursor.execute("RESET ROLE; SELECT set_config('app.operator_id', '', true)")


@functools.cache
def _role_is_usable(_database: str) -> bool:
    """Whether this account may take the role and the role may read. Asked once per process."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM pg_roles WHERE rolname = %s AND pg_has_role(current_user, oid, 'MEMBER')"
            " AND has_table_privilege(oid, 'operators_accesskey', 'SELECT')",
            [OPERATOR_DB_ROLE],
        )
        return cursor.fetchone() is not None
