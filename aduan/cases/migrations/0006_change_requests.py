"""What takes two people beside a block: asked for by one, confirmed by another."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_grants_by_two_people"),
        ("cases", "0005_staff_changes"),
        ("numbers", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="cannedreason",
            name="action",
            field=models.CharField(
                choices=[
                    ("file", "complaint received"),
                    ("ask", "asked for more"),
                    ("complete", "complaint completed"),
                    ("propose", "proposed"),
                    ("agree", "second person agreed"),
                    ("disagree", "second person disagreed"),
                    ("reject", "proposal rejected"),
                    ("retract", "proposal withdrawn"),
                    ("confirm_block", "block confirmed"),
                    ("confirm_spoofed", "spoofing confirmed"),
                    ("confirm_referral", "referral confirmed"),
                    ("dismiss", "closed without action"),
                    ("declare_not_ours", "declared not our matter"),
                    ("reopen", "reopened"),
                    ("release", "block released"),
                    ("object", "objection received"),
                    ("settle", "objection answered"),
                    ("answer", "operator answered"),
                    ("route", "sent to another operator"),
                    ("request_change", "release or answer proposed"),
                    ("decline_change", "release or answer not confirmed"),
                ],
                max_length=20,
                verbose_name="step",
            ),
        ),
        migrations.AlterField(
            model_name="caseevent",
            name="action",
            field=models.CharField(
                choices=[
                    ("file", "complaint received"),
                    ("ask", "asked for more"),
                    ("complete", "complaint completed"),
                    ("propose", "proposed"),
                    ("agree", "second person agreed"),
                    ("disagree", "second person disagreed"),
                    ("reject", "proposal rejected"),
                    ("retract", "proposal withdrawn"),
                    ("confirm_block", "block confirmed"),
                    ("confirm_spoofed", "spoofing confirmed"),
                    ("confirm_referral", "referral confirmed"),
                    ("dismiss", "closed without action"),
                    ("declare_not_ours", "declared not our matter"),
                    ("reopen", "reopened"),
                    ("release", "block released"),
                    ("object", "objection received"),
                    ("settle", "objection answered"),
                    ("answer", "operator answered"),
                    ("route", "sent to another operator"),
                    ("request_change", "release or answer proposed"),
                    ("decline_change", "release or answer not confirmed"),
                ],
                max_length=20,
            ),
        ),
        migrations.CreateModel(
            name="ChangeRequest",
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
                            ("release", "release of a block"),
                            ("objection", "answer to an objection"),
                            ("protect", "protection of a number"),
                            ("unprotect", "end of a protection"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "waiting for the second person"),
                            ("confirmed", "confirmed"),
                            ("declined", "not confirmed"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="pending",
                        max_length=10,
                    ),
                ),
                ("pattern", models.CharField(blank=True, max_length=40)),
                ("upheld", models.BooleanField(null=True)),
                ("owner", models.CharField(blank=True, max_length=200)),
                ("owner_kind", models.CharField(blank=True, max_length=30)),
                ("source", models.TextField(blank=True)),
                ("reason", models.TextField()),
                ("notice_id", models.TextField(blank=True)),
                ("notice_en", models.TextField(blank=True)),
                ("block_count", models.PositiveIntegerField(default=0)),
                ("seen_digest", models.CharField(max_length=64)),
                ("requested_at", models.DateTimeField()),
                ("settled_at", models.DateTimeField(null=True)),
                ("settled_digest", models.CharField(blank=True, max_length=64)),
                ("settled_reason", models.TextField(blank=True)),
                (
                    "case",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="change_requests",
                        to="cases.case",
                    ),
                ),
                (
                    "protected",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="numbers.protectednumber",
                    ),
                ),
                (
                    "requested_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "requested_evidence",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.stepupevidence",
                    ),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "settled_evidence",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.stepupevidence",
                    ),
                ),
            ],
            options={
                "verbose_name": "change request",
                "verbose_name_plural": "change requests",
            },
        ),
        migrations.AddField(
            model_name="block",
            name="released_under",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="cases.changerequest",
            ),
        ),
        migrations.AddIndex(
            model_name="changerequest",
            index=models.Index(
                condition=models.Q(("state", "pending")), fields=["requested_at", "id"], name="change_waiting"
            ),
        ),
        migrations.AddIndex(
            model_name="changerequest",
            index=models.Index(
                condition=models.Q(("case__isnull", False)), fields=["case", "-id"], name="change_of_case"
            ),
        ),
        migrations.AddConstraint(
            model_name="changerequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "confirmed"), _negated=True),
                    models.Q(
                        ("settled_at__isnull", False),
                        ("settled_by__isnull", False),
                        ("settled_evidence__isnull", False),
                        models.Q(("settled_digest", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="change_confirmed_by_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="changerequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("settled_by", models.F("requested_by")),
                    ("state__in", ["confirmed", "declined"]),
                    _negated=True,
                ),
                name="change_settled_by_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="changerequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("settled_at__isnull", True), ("settled_by__isnull", True), ("state", "pending")
                    ),
                    models.Q(
                        models.Q(("state", "pending"), _negated=True),
                        ("settled_at__isnull", False),
                        ("settled_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="change_settled_at_some_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="changerequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("case__isnull", False),
                        ("kind", "release"),
                        ("pattern", ""),
                        ("upheld__isnull", True),
                    ),
                    models.Q(
                        ("case__isnull", False),
                        ("kind", "objection"),
                        ("pattern", ""),
                        ("upheld__isnull", False),
                    ),
                    models.Q(
                        ("case__isnull", True),
                        ("kind", "protect"),
                        ("upheld__isnull", True),
                        models.Q(("pattern", ""), _negated=True),
                        models.Q(("owner", ""), _negated=True),
                    ),
                    models.Q(
                        ("case__isnull", True),
                        ("kind", "unprotect"),
                        ("protected__isnull", False),
                        ("upheld__isnull", True),
                        models.Q(("pattern", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="change_says_of_what",
            ),
        ),
        migrations.AddConstraint(
            model_name="changerequest",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "pending")), fields=("case",), name="one_open_change_per_case"
            ),
        ),
        migrations.AddConstraint(
            model_name="changerequest",
            constraint=models.UniqueConstraint(
                condition=models.Q(("case__isnull", True), ("state", "pending")),
                fields=("pattern",),
                name="one_open_change_per_pattern",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="changerequest",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="90715cc5af55795c55fe4e4a3fdcd2c309f6cc58",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_09264",
                    table="cases_changerequest",
                    when="BEFORE",
                ),
            ),
        ),
    ]
