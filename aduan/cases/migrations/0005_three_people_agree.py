"""A grave block takes three people who agree. NOT VALID: what was decided before stands as it was decided."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0004_cases_share_bands"),
        ("operators", "0005_register_version"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="proposal",
            name="confirmed_by_two_people",
        ),
        migrations.RemoveConstraint(
            model_name="proposal",
            name="third_person_where_needed",
        ),
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
                ],
                max_length=20,
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="proposal",
            trigger=pgtrigger.compiler.Trigger(
                name="grave_only_by_three",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (NOT NEW."needs_third" AND NEW."proposal_type" = \'block\' AND NEW."state" = \'confirmed\')',
                    func="\n    IF EXISTS (\n        SELECT 1 FROM cases_case c\n        WHERE c.id = NEW.case_id\n          AND (c.resembles_protected OR c.number_kind <> 'mobile'\n               OR c.in_use_since + interval '5 years' < (NEW.settled_at AT TIME ZONE 'Asia/Jakarta')::date\n               OR EXISTS (\n                   SELECT 1 FROM cases_caseevent e JOIN cases_case o ON o.id = e.case_id\n                   WHERE o.number_id = c.number_id AND e.action = 'object'))\n    ) THEN\n        RAISE EXCEPTION 'a block of this number takes three people' USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NEW;\n",
                    hash="9dfb18b1af91d8461d7402ed49123e0bcaf5dfad",
                    operation="UPDATE",
                    pgid="pgtrigger_grave_only_by_three_33eea",
                    table="cases_proposal",
                    when="BEFORE",
                ),
            ),
        ),
        AddConstraintNotValid(
            model_name="proposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "confirmed"), _negated=True),
                    models.Q(
                        ("second_agrees", True),
                        ("second_agrees__isnull", False),
                        ("second_at__isnull", False),
                        ("second_by__isnull", False),
                    ),
                    models.Q(
                        ("third_agrees", True),
                        ("third_agrees__isnull", False),
                        ("third_at__isnull", False),
                        ("third_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="confirmed_by_two_people",
            ),
        ),
        AddConstraintNotValid(
            model_name="proposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("needs_third", True), ("state", "confirmed"), _negated=True),
                    models.Q(
                        ("second_agrees", True),
                        ("second_agrees__isnull", False),
                        ("second_at__isnull", False),
                        ("second_by__isnull", False),
                        ("third_agrees", True),
                        ("third_agrees__isnull", False),
                        ("third_at__isnull", False),
                        ("third_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="three_agree_where_needed",
            ),
        ),
        AddConstraintNotValid(
            model_name="proposal",
            constraint=models.CheckConstraint(
                condition=models.Q(("needs_third", True), ("state", "disputed"), _negated=True),
                name="one_disagreement_ends_what_takes_three",
            ),
        ),
    ]
