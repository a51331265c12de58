import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from aduan.core.sql_files import InstallSql

# Partitioned by list; every partition has its own primary key (digits). Entries carry no foreign key: see
# BlockListEntry.
ENTRY_TABLE = """
CREATE TABLE blocklists_blocklistentry (
    list_id bigint NOT NULL,
    digits bigint NOT NULL CHECK (digits BETWEEN 100 AND 999999999999999),
    since date NOT NULL,
    until date NOT NULL,
    category varchar(20) NOT NULL,
    case_id bigint NOT NULL CHECK (case_id > 0),
    is_new boolean NOT NULL,
    reports integer,
    evidence integer
) PARTITION BY LIST (list_id)
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("operators", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(ENTRY_TABLE, "DROP TABLE blocklists_blocklistentry")],
            state_operations=[
                migrations.CreateModel(
                    name="BlockListEntry",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "list_id",
                                "digits",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("list_id", models.BigIntegerField()),
                        ("digits", models.BigIntegerField()),
                        ("since", models.DateField()),
                        ("until", models.DateField()),
                        ("category", models.CharField(max_length=20)),
                        ("case_id", models.BigIntegerField()),
                        ("is_new", models.BooleanField()),
                        ("reports", models.IntegerField(null=True)),
                        ("evidence", models.IntegerField(null=True)),
                    ],
                ),
            ],
        ),
        migrations.CreateModel(
            name="BlockList",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("period", models.DateField(verbose_name="month")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("monthly", "monthly"),
                            ("interim", "interim"),
                            ("referral", "referral"),
                            ("inbound", "inbound filter"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "series",
                    models.CharField(
                        choices=[
                            ("block", "blocks"),
                            ("referral", "referrals"),
                            ("inbound", "inbound filter"),
                        ],
                        max_length=10,
                    ),
                ),
                ("version", models.PositiveIntegerField(verbose_name="version")),
                ("sequence", models.PositiveIntegerField(verbose_name="sequence")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("building", "being built"),
                            ("stopped", "stopped"),
                            ("awaiting", "awaiting publication"),
                            ("published", "published"),
                            ("rejected", "rejected"),
                        ],
                        default="building",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("as_of", models.DateTimeField(verbose_name="as of")),
                ("watermark", models.CharField(blank=True, max_length=200)),
                ("count", models.PositiveIntegerField(default=0, verbose_name="numbers")),
                ("added_count", models.PositiveIntegerField(default=0, verbose_name="added")),
                ("removed_count", models.PositiveIntegerField(default=0, verbose_name="removed")),
                ("digest", models.CharField(blank=True, max_length=64)),
                ("manifest", models.JSONField(default=dict)),
                ("stop_reasons", models.JSONField(default=list)),
                (
                    "rejected_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("superseded", "Superseded by a newer list"),
                            ("by_manager", "Rejected by a list manager"),
                        ],
                        max_length=20,
                        verbose_name="reason for rejection",
                    ),
                ),
                (
                    "rejected_note",
                    models.CharField(blank=True, max_length=300, verbose_name="note on the rejection"),
                ),
                ("built_at", models.DateTimeField(null=True, verbose_name="built")),
                ("publish_not_before", models.DateTimeField(null=True, verbose_name="not before")),
                ("published_at", models.DateTimeField(null=True, verbose_name="published")),
                (
                    "operator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="operators.operator",
                        verbose_name="operator",
                    ),
                ),
                (
                    "previous",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="blocklists.blocklist",
                    ),
                ),
                (
                    "resumed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "second_resumed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "block list",
                "verbose_name_plural": "block lists",
                "ordering": ["-id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("operator", "period", "kind", "version"), name="list_once_per_version"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "published")),
                        fields=("operator", "series", "sequence"),
                        name="published_sequence_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("kind", "monthly"), models.Q(("state", "rejected"), _negated=True)
                        ),
                        fields=("operator", "period", "kind"),
                        name="one_monthly_list",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("second_resumed_by", models.F("resumed_by")), _negated=True),
                        name="two_people_resume_a_list",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "published"), _negated=True),
                            ("stop_reasons", []),
                            models.Q(("resumed_by__isnull", False), ("second_resumed_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="stopped_list_published_only_by_two",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Canary",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digits", models.BigIntegerField(unique=True, verbose_name="number")),
                ("since", models.DateField(verbose_name="since")),
                ("until", models.DateField(verbose_name="until")),
                ("category", models.CharField(max_length=20, verbose_name="category")),
                ("case_id", models.BigIntegerField(verbose_name="case")),
                ("created_at", models.DateTimeField()),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "operator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="operators.operator",
                        verbose_name="operator",
                    ),
                ),
            ],
            options={
                "verbose_name": "canary number",
                "verbose_name_plural": "canary numbers",
            },
        ),
        migrations.CreateModel(
            name="Download",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("file", models.CharField(max_length=60)),
                ("digest", models.CharField(max_length=64)),
                ("bytes_sent", models.BigIntegerField(null=True)),
                ("complete", models.BooleanField(default=False)),
                ("at", models.DateTimeField()),
                (
                    "access_key",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="operators.accesskey",
                    ),
                ),
                (
                    "block_list",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="downloads",
                        to="blocklists.blocklist",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "operator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="operators.operator"
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "indexes": [models.Index(fields=["block_list", "at"], name="download_of_list")],
            },
        ),
        migrations.CreateModel(
            name="ListFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=40)),
                ("size", models.BigIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("signature", models.BinaryField(null=True)),
                (
                    "block_list",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="files",
                        to="blocklists.blocklist",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("block_list", "name"), name="file_once_per_list"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("name__endswith", ".gz"), ("signature__isnull", False), _connector="OR"
                        ),
                        name="canonical_file_is_signed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ListRules",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "cooling_off_hours",
                    models.PositiveSmallIntegerField(verbose_name="cooling-off time in hours"),
                ),
                ("additions_floor", models.PositiveIntegerField(verbose_name="additions that always pass")),
                (
                    "additions_factor",
                    models.PositiveSmallIntegerField(verbose_name="additions, times the usual"),
                ),
                (
                    "additions_ceiling",
                    models.PositiveIntegerField(verbose_name="most additions that can pass"),
                ),
                ("removals_floor", models.PositiveIntegerField(verbose_name="removals that always pass")),
                (
                    "removals_percent",
                    models.PositiveSmallIntegerField(verbose_name="removals, per cent of the list"),
                ),
                (
                    "prefix_block_limit",
                    models.PositiveIntegerField(verbose_name="additions in one block of 10,000 numbers"),
                ),
                ("reason", models.CharField(max_length=300, verbose_name="reason")),
                ("proposed_at", models.DateTimeField()),
                ("agreed_at", models.DateTimeField(null=True)),
                (
                    "agreed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "rules of publication",
                "verbose_name_plural": "rules of publication",
                "ordering": ["-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("agreed_by", models.F("proposed_by")), _negated=True),
                        name="two_people_set_rules",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("agreed_at__isnull", True), ("agreed_by__isnull", True)),
                            models.Q(("agreed_at__isnull", False), ("agreed_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="rules_agreed_by_somebody_at_some_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("cooling_off_hours__gte", 0), ("cooling_off_hours__lte", 72)),
                        name="rules_cooling_off_hours_within_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("additions_floor__gte", 0), ("additions_floor__lte", 5000)),
                        name="rules_additions_floor_within_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("additions_factor__gte", 1), ("additions_factor__lte", 10)),
                        name="rules_additions_factor_within_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("additions_ceiling__gte", 1), ("additions_ceiling__lte", 100000)),
                        name="rules_additions_ceiling_within_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("removals_floor__gte", 0), ("removals_floor__lte", 1000)),
                        name="rules_removals_floor_within_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("removals_percent__gte", 0), ("removals_percent__lte", 25)),
                        name="rules_removals_percent_within_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("prefix_block_limit__gte", 1), ("prefix_block_limit__lte", 1000)),
                        name="rules_prefix_block_limit_within_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ListSubscription",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "series",
                    models.CharField(
                        choices=[
                            ("block", "blocks"),
                            ("referral", "referrals"),
                            ("inbound", "inbound filter"),
                        ],
                        max_length=10,
                        verbose_name="series",
                    ),
                ),
                ("enabled", models.BooleanField(default=True, verbose_name="enabled")),
                ("note", models.TextField(blank=True, verbose_name="note")),
                (
                    "operator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="operators.operator",
                        verbose_name="operator",
                    ),
                ),
            ],
            options={
                "verbose_name": "list subscription",
                "verbose_name_plural": "list subscriptions",
                "constraints": [
                    models.UniqueConstraint(fields=("operator", "series"), name="lane_once_per_series")
                ],
            },
        ),
        migrations.CreateModel(
            name="OutcomeReport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("list_digest", models.CharField(max_length=64)),
                ("rows_digest", models.CharField(max_length=64)),
                ("row_count", models.PositiveIntegerField()),
                ("changed_count", models.PositiveIntegerField()),
                ("at", models.DateTimeField()),
                (
                    "access_key",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="operators.accesskey",
                    ),
                ),
                (
                    "block_list",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="blocklists.blocklist",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "operator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="operators.operator"
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="Outcome",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digits", models.BigIntegerField()),
                ("case_id", models.BigIntegerField()),
                (
                    "answer",
                    models.CharField(
                        choices=[
                            ("blocked", "blocked"),
                            ("inactive", "already inactive"),
                            ("not_ours", "not our number"),
                            ("recycled", "belongs to a new holder"),
                            ("refused", "refused"),
                            ("unblocked", "block lifted"),
                        ],
                        max_length=10,
                        verbose_name="answer",
                    ),
                ),
                ("acted_at", models.DateTimeField(verbose_name="acted")),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="reason")),
                ("clock_from", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("reported_at", models.DateTimeField(verbose_name="reported")),
                ("effect_at", models.DateTimeField(null=True)),
                ("effect_note", models.CharField(blank=True, max_length=60)),
                ("settled_at", models.DateTimeField(null=True, verbose_name="settled")),
                (
                    "block_list",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="outcomes",
                        to="blocklists.blocklist",
                    ),
                ),
                (
                    "operator",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="operators.operator",
                    ),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="outcomes",
                        to="blocklists.outcomereport",
                    ),
                ),
            ],
            options={
                "verbose_name": "outcome",
                "verbose_name_plural": "outcomes",
                "indexes": [
                    models.Index(fields=["operator", "digits"], name="outcome_of_number"),
                    models.Index(fields=["case_id"], name="outcome_of_case"),
                    models.Index(fields=["operator", "acted_at"], name="outcome_by_time"),
                    models.Index(
                        condition=models.Q(("effect_at__isnull", True)),
                        fields=["id"],
                        name="outcome_effect_due",
                    ),
                    models.Index(
                        condition=models.Q(("answer", "refused"), ("settled_at__isnull", True)),
                        fields=["id"],
                        name="refusals_open",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("block_list", "digits"), name="one_outcome_per_number_and_list"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer", "refused"), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="refusal_has_a_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PublicationStop",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.CharField(max_length=300, verbose_name="reason")),
                ("stopped_at", models.DateTimeField(verbose_name="stopped")),
                ("lifted_at", models.DateTimeField(null=True, verbose_name="lifted")),
                (
                    "lifted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "stopped_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "stop of publication",
                "verbose_name_plural": "stops of publication",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("lifted_at__isnull", True)),
                        fields=("lifted_at",),
                        name="one_stop_at_a_time",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RejectedOutcomeReport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=40)),
                ("list_digest", models.CharField(max_length=64)),
                ("row_codes", models.JSONField(default=dict)),
                ("extra", models.JSONField(default=list)),
                ("at", models.DateTimeField()),
                (
                    "access_key",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="operators.accesskey",
                    ),
                ),
                (
                    "block_list",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="blocklists.blocklist",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "operator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="operators.operator"
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "indexes": [models.Index(fields=["operator", "at"], name="rejected_report_by_time")],
            },
        ),
        migrations.CreateModel(
            name="SentReminder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("list_not_fetched", "List not fetched"),
                            ("list_due", "Outcomes due soon"),
                            ("list_overdue", "Outcomes overdue"),
                            ("list_differs", "Outcomes differ from the list"),
                        ],
                        max_length=20,
                    ),
                ),
                ("open_count", models.PositiveIntegerField()),
                ("at", models.DateTimeField()),
                (
                    "block_list",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="blocklists.blocklist",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("block_list", "kind"), name="reminded_once")],
            },
        ),
        migrations.CreateModel(
            name="SignatureRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("role", models.CharField(max_length=60)),
                ("version", models.PositiveIntegerField()),
                ("body", models.BinaryField()),
                ("created_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "block_list",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="blocklists.blocklist",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("closed_at__isnull", True)),
                        fields=("role",),
                        name="one_open_request_per_role",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TufMetadata",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("role", models.CharField(max_length=60)),
                ("version", models.PositiveIntegerField()),
                ("body", models.BinaryField()),
                ("expires_at", models.DateTimeField()),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("role", "version"), name="trust_version_once")
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="blocklist",
            trigger=pgtrigger.compiler.Trigger(
                name="published_is_final",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.\"state\" = 'published')",
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="65841b8c57bbd8e398a539b1a684fff2876cadbe",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_published_is_final_361d0",
                    table="blocklists_blocklist",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="blocklist",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="71623f8d1bcd89289ed1d89286be14a9335f8922",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_bb7ac",
                    table="blocklists_blocklist",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="blocklist",
            trigger=pgtrigger.compiler.Trigger(
                name="contents_are_final",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.digest <> '' AND (OLD.digest, OLD.manifest, OLD.count, OLD.sequence, OLD.previous_id) IS DISTINCT FROM (NEW.digest, NEW.manifest, NEW.count, NEW.sequence, NEW.previous_id))",
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="6824349b288b6e308df2b7e62c63572b923db7ed",
                    operation="UPDATE",
                    pgid="pgtrigger_contents_are_final_7abb9",
                    table="blocklists_blocklist",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="blocklistentry",
            trigger=pgtrigger.compiler.Trigger(
                name="entries_are_final",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot insert or update or delete rows from % table', TG_TABLE_NAME;",
                    hash="81266ca335fc153e724acd519ff1e71de858d759",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_entries_are_final_e956c",
                    table="blocklists_blocklistentry",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="listfile",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="aeae7770532bbd43bba428aa139e4067416d3e9b",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_9035d",
                    table="blocklists_listfile",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="download",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="287e0fa8d4dead5981a23b4c1529a54e16c23643",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_bc38d",
                    table="blocklists_download",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="download",
            trigger=pgtrigger.compiler.Trigger(
                name="ended_once",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.bytes_sent IS NOT NULL OR NEW.bytes_sent IS NULL OR (OLD.id, OLD.block_list_id, OLD.operator_id, OLD.file, OLD.by_id, OLD.access_key_id, OLD.digest, OLD.at) IS DISTINCT FROM (NEW.id, NEW.block_list_id, NEW.operator_id, NEW.file, NEW.by_id, NEW.access_key_id, NEW.digest, NEW.at))",
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="11fdf0dab6aff58b547f274675e3ef12ca219f64",
                    operation="UPDATE",
                    pgid="pgtrigger_ended_once_28a47",
                    table="blocklists_download",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="outcomereport",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="c581dea15a5dd99ab3c39f2a0d7d41d123d0ed25",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_f2eaa",
                    table="blocklists_outcomereport",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="rejectedoutcomereport",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="1b24084c6354f75088acc626b18b649438b5db88",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_d632b",
                    table="blocklists_rejectedoutcomereport",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="outcome",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="86ff060e74d3fda7eacaae5184b0dd7f59d01694",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_82441",
                    table="blocklists_outcome",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="sentreminder",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="d22b874d6a3c3e452762cd5b3f110ec6c8dc9f15",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_d2148",
                    table="blocklists_sentreminder",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="listrules",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="419cf6fd6648e87ef7b923f4b9bea5fe7ff787c9",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_7ed71",
                    table="blocklists_listrules",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="listrules",
            trigger=pgtrigger.compiler.Trigger(
                name="agreed_is_final",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."agreed_at" IS NOT NULL)',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="399d57e15e43f2f038c415d51045a742e712eac5",
                    operation="UPDATE",
                    pgid="pgtrigger_agreed_is_final_f3bbb",
                    table="blocklists_listrules",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="listrules",
            trigger=pgtrigger.compiler.Trigger(
                name="proposed_is_final",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."additions_ceiling" IS DISTINCT FROM (NEW."additions_ceiling") OR OLD."additions_factor" IS DISTINCT FROM (NEW."additions_factor") OR OLD."additions_floor" IS DISTINCT FROM (NEW."additions_floor") OR OLD."cooling_off_hours" IS DISTINCT FROM (NEW."cooling_off_hours") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."prefix_block_limit" IS DISTINCT FROM (NEW."prefix_block_limit") OR OLD."proposed_at" IS DISTINCT FROM (NEW."proposed_at") OR OLD."proposed_by_id" IS DISTINCT FROM (NEW."proposed_by_id") OR OLD."reason" IS DISTINCT FROM (NEW."reason") OR OLD."removals_floor" IS DISTINCT FROM (NEW."removals_floor") OR OLD."removals_percent" IS DISTINCT FROM (NEW."removals_percent"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="89bb5ceb39f6be1731c6de0ea9a2c5376f92c90b",
                    operation="UPDATE",
                    pgid="pgtrigger_proposed_is_final_cadb2",
                    table="blocklists_listrules",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="publicationstop",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="8a77bca48d5aa950dca6bbc70ba046f0a251e2f0",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_76628",
                    table="blocklists_publicationstop",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="tufmetadata",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="393abf80e45fdc5692aa1f1132f9832f8b4600b6",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_58178",
                    table="blocklists_tufmetadata",
                    when="BEFORE",
                ),
            ),
        ),
        InstallSql("blocklists", "blocklists_refuse_truncate", version=1),
    ]
