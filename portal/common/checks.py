"""What Django checks when it starts, beside its own checks."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as CheckWarning
from django.db import connection, connections

from aduan import environment
from aduan.accounts.models import AccountPolicy
from aduan.complaints.evidence import confinement
from aduan.core import db_grants

# A server with any of these off can lose a complaint whose receipt the citizen already holds.
DURABLE = ("fsync", "full_page_writes", "synchronous_commit")
OLDEST_POSTGRES = 15_00_00


def durability(alias: str) -> list[CheckMessage]:
    """What keeps this database from holding what it confirmed, through a power cut."""
    found: list[CheckMessage] = []
    with connections[alias].cursor() as cursor:
        for name in DURABLE:
            cursor.execute(f"SHOW {name}")
            value = cursor.fetchone()[0]
            if value == "off":
                found.append(
                    Error(
                        f"PostgreSQL runs with {name} = {value}: a power cut can lose complaints.",
                        hint=f"Set {name} = on in postgresql.conf.",
                        id="aduan.E001",
                    )
                )
        version = connections[alias].pg_version  # type: ignore[attr-defined]  # of the PostgreSQL backend
    if version < OLDEST_POSTGRES:
        found.append(Error(f"PostgreSQL {version // 10_000} is too old; 15 is the oldest.", id="aduan.E002"))
    return found


@register(Tags.database)
def databases_are_durable(
    app_configs: Sequence[AppConfig] | None,  # noqa: ARG001 - Django passes it by name
    databases: Sequence[str] | None = None,
    **_kwargs: Any,
) -> list[CheckMessage]:
    """Runs with `migrate`, `check --database default` and when the web server starts."""
    if not settings.DATABASE_MUST_BE_DURABLE:
        return []
    return [message for alias in databases or () for message in durability(alias)]


@register(Tags.database)
def the_database_role_cannot_rewrite_history(
    app_configs: Sequence[AppConfig] | None,  # noqa: ARG001 - Django passes it by name
    databases: Sequence[str] | None = None,
    **_kwargs: Any,
) -> list[CheckMessage]:
    """Production does not start as a superuser or as the owner of the tables; `migrate` is another role."""
    found: list[CheckMessage] = []
    for alias in databases or () if settings.PRODUCTION else ():
        user = connections[alias].settings_dict["USER"]
        if user != settings.DATABASES[alias]["USER"]:
            continue
        with connections[alias].cursor() as cursor:
            powers = db_grants.powers(cursor)
        if powers:
            hint = (
                "deploy/make_roles.py makes aduan_app: name it in DATABASE_URL (docs/operations/install.md)."
            )
            found.append(
                Error(f"DATABASE_URL logs in as {user}, who {', '.join(powers)}.", hint=hint, id="aduan.E004")
            )
    return found


@register(Tags.database)
def no_policy_of_a_demonstration(
    app_configs: Sequence[AppConfig] | None,  # noqa: ARG001 - Django passes it by name
    databases: Sequence[str] | None = None,
    **_kwargs: Any,
) -> list[CheckMessage]:
    """Production does not start with the account policy that the sample sets. Runs as the one above."""
    table = AccountPolicy._meta.db_table
    if not settings.PRODUCTION or not databases or table not in connection.introspection.table_names():
        return []
    if not AccountPolicy.current().demonstration:
        return []
    found = (
        "The account policy is that of a demonstration: grants count too soon, or a password is a step-up."
    )
    hint = (
        "As the owner of the tables: DELETE FROM accounts_accountpolicy; the safe defaults are then in force."
    )
    return [Error(found, hint=hint, id="aduan.E003")]


@register(Tags.security)
def evidence_can_be_confined(
    app_configs: Sequence[AppConfig] | None,  # noqa: ARG001 - Django passes it by name
    **_kwargs: Any,
) -> list[CheckMessage]:
    """Runs at every start of a console command: says why evidence would wait on this machine."""
    locks = confinement.available()
    missing = [name for name in ("landlock", "seccomp") if name not in locks]
    if not missing:
        return []
    found = "Evidence waits: this kernel offers neither Landlock nor seccomp to confine its decoders."
    if locks:
        found = f"Decoders of evidence are confined by {locks[0]} alone: this kernel lacks {missing[0]}."
    hint = "Use Linux 5.13 or newer with CONFIG_SECURITY_LANDLOCK and CONFIG_SECCOMP_FILTER."
    return [CheckWarning(found, hint=hint, id="aduan.W001")]


@register(Tags.security, deploy=True)
def a_part_has_the_keys_of_its_line(
    app_configs: Sequence[AppConfig] | None,  # noqa: ARG001 - Django passes it by name
    **_kwargs: Any,
) -> list[CheckMessage]:
    """What `environment.KEYS_OF_PARTS` does not name, the part must not be given."""
    return [
        CheckWarning(
            f"The part {environment.part()} is given {name}, which it does not need.",
            hint="Take it out of the part's environment: docker-compose.yml and deploy/systemd show how.",
            id="aduan.W006",
        )
        for name in environment.superfluous_keys()
    ]
