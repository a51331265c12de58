"""A block or a hold is lifted once, until the objection of its owner is decided by two others."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from aduan.core.sql_files import InstallSql


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0014_holds_by_two_people"),
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
                    ("stop_urgent", "urgent block stopped before its list"),
                    ("decline_change", "release or answer not confirmed"),
                    ("propose_hold", "hold proposed"),
                    ("confirm_hold", "hold confirmed"),
                    ("decline_hold", "hold not confirmed"),
                    ("end_hold", "hold ended"),
                    ("lift", "lifted until the objection is decided"),
                    ("restore", "in force again after the objection"),
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
                    ("stop_urgent", "urgent block stopped before its list"),
                    ("decline_change", "release or answer not confirmed"),
                    ("propose_hold", "hold proposed"),
                    ("confirm_hold", "hold confirmed"),
                    ("decline_hold", "hold not confirmed"),
                    ("end_hold", "hold ended"),
                    ("lift", "lifted until the objection is decided"),
                    ("restore", "in force again after the objection"),
                ],
                max_length=20,
            ),
        ),
        migrations.CreateModel(
            name="TemporaryLift",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("lifted_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[("restored", "not right: blocked again"), ("freed", "the measure ended")],
                        max_length=8,
                    ),
                ),
                (
                    "block",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lift",
                        to="cases.block",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="lifts", to="cases.case"
                    ),
                ),
                (
                    "hold",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lift",
                        to="cases.hold",
                    ),
                ),
                (
                    "under",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.changerequest",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["lifted_at"], name="lift_begun")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("block__isnull", False), ("hold", None)),
                            models.Q(("block", None), ("hold__isnull", False)),
                            _connector="OR",
                        ),
                        name="lift_of_one_measure",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at", None), ("outcome", "")),
                            models.Q(("ended_at__isnull", False), models.Q(("outcome", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="lift_ends_with_an_outcome",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", "restored"), _negated=True),
                            ("under__isnull", False),
                            _connector="OR",
                        ),
                        name="restored_under_a_decision",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="temporarylift",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="a24a93c042a60e1bbaa719b596ad1e9980f1d3ed",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_30c17",
                    table="cases_temporarylift",
                    when="BEFORE",
                ),
            ),
        ),
        InstallSql("cases", "lift_decided", version=1),
        InstallSql("cases", "change_request_two_people", version=2),
    ]
