"""The database, and who logs in to it. Part of aduan.settings; imported by no one else."""

from typing import Any
from urllib.parse import unquote

from django.core.exceptions import ImproperlyConfigured

from aduan import environment
from aduan.environment import env

# PostgreSQL. Web processes have shorter limits (deploy/gunicorn.py); worker and console build long lists.
DATABASE_URL = environment.required("DATABASE_URL", env.str("DATABASE_URL", default=""))
DATABASES: dict[str, Any] = {"default": environment.parsed("DATABASE_URL", DATABASE_URL, env.db_url_config)}
if DATABASES["default"].get("ENGINE") != "django.db.backends.postgresql":
    raise ImproperlyConfigured(
        "DATABASE_URL must name a PostgreSQL database (postgres://…): there is no other."
    )
DATABASES["default"]["HOST"] = unquote(DATABASES["default"]["HOST"])  # a socket's folder: %2Ftmp%2F…
DATABASES["default"].setdefault("OPTIONS", {})["options"] = " ".join(
    [
        f"-c statement_timeout={env.int('ADUAN_DB_STATEMENT_TIMEOUT_MS', default=0)}",
        f"-c lock_timeout={env.int('ADUAN_DB_LOCK_TIMEOUT_MS', default=10_000)}",
        "-c idle_in_transaction_session_timeout=600000",
        "-c synchronous_commit=on",
    ]
)
DATABASES["default"]["OPTIONS"] |= {
    "connect_timeout": env.int("ADUAN_DB_CONNECT_TIMEOUT_S", default=10),
    # A server whose machine is gone says nothing; by itself the kernel waits for hours.
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
DATABASES["default"] |= {
    "ENGINE": "aduan.core.postgresql",
    "ATOMIC_REQUESTS": True,
    "CONN_MAX_AGE": env.int("ADUAN_DB_CONN_MAX_AGE", default=60),
    "CONN_HEALTH_CHECKS": True,
}
# Other roles of the same database: one owns its tables (only `manage.py migrate` logs in so),
# one may replicate (only the part `backup`).
MIGRATE_DATABASE = environment.parsed(
    "ADUAN_MIGRATE_DATABASE_URL",
    env.str("ADUAN_MIGRATE_DATABASE_URL", default="") or DATABASE_URL,
    env.db_url_config,
)
BACKUP_DATABASE = environment.parsed(
    "ADUAN_BACKUP_DATABASE_URL",
    env.str("ADUAN_BACKUP_DATABASE_URL", default=DATABASE_URL),
    env.db_url_config,
)
DATABASE_MUST_BE_DURABLE = True  # portal/common/checks.py refuses one that can lose what it has confirmed
