import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.text
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from aduan.core.sql_files import InstallSql


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("numbers", "0001_initial"),
        ("operators", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CannedReason",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(max_length=40, unique=True, verbose_name="code")),
                (
                    "action",
                    models.CharField(
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
                ("category", models.CharField(blank=True, max_length=20, verbose_name="category")),
                ("text_id", models.TextField(verbose_name="text in Indonesian")),
                ("text_en", models.TextField(verbose_name="text in English")),
                ("active", models.BooleanField(default=True, verbose_name="offered")),
            ],
            options={
                "verbose_name": "reason",
                "verbose_name_plural": "reasons",
                "ordering": ["action", "code"],
            },
        ),
        migrations.CreateModel(
            name="Case",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number_text", models.CharField(max_length=80, verbose_name="number")),
                ("number_kind", models.CharField(max_length=12)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "waiting for review"),
                            ("needs_info", "waiting for the complainants"),
                            ("proposed", "waiting for the second person"),
                            ("disputed", "waiting for a third person"),
                            ("confirmed", "block confirmed"),
                            ("spoofed", "number was spoofed"),
                            ("referred", "referred to the platform"),
                            ("dismissed", "closed without action"),
                            ("not_ours", "not our matter"),
                            ("released", "block released"),
                        ],
                        default="open",
                        max_length=12,
                        verbose_name="status",
                    ),
                ),
                ("category", models.CharField(blank=True, max_length=20, verbose_name="category")),
                ("region", models.CharField(blank=True, max_length=60, verbose_name="region")),
                ("opened_at", models.DateTimeField(verbose_name="opened")),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("reopened_count", models.PositiveSmallIntegerField(default=0)),
                ("held_until", models.DateTimeField(blank=True, null=True)),
                (
                    "conflicted_user_ids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), blank=True, default=list, size=None
                    ),
                ),
                ("complaint_count", models.PositiveIntegerField(default=0, verbose_name="complaints")),
                (
                    "independent_count",
                    models.PositiveIntegerField(default=0, verbose_name="independent complainants"),
                ),
                (
                    "confirmed_count",
                    models.PositiveIntegerField(default=0, verbose_name="confirmed contacts"),
                ),
                ("evidence_count", models.PositiveIntegerField(default=0, verbose_name="evidence items")),
                (
                    "reported_loss",
                    models.DecimalField(
                        decimal_places=0, default=0, max_digits=16, verbose_name="reported loss"
                    ),
                ),
                ("channels", models.JSONField(default=dict)),
                ("categories", models.JSONField(default=dict)),
                ("first_complaint_at", models.DateTimeField(null=True)),
                ("last_complaint_at", models.DateTimeField(null=True)),
                ("contents_digest", models.CharField(blank=True, max_length=64)),
                ("grounds_weakened_at", models.DateTimeField(blank=True, null=True)),
                ("search_stale", models.BooleanField(default=True)),
                ("score", models.IntegerField(default=0, verbose_name="rank")),
                ("score_parts", models.JSONField(default=dict)),
                ("ready_at", models.DateTimeField(blank=True, null=True, verbose_name="complete since")),
                ("due_at", models.DateTimeField(blank=True, null=True, verbose_name="due")),
                ("paused_at", models.DateTimeField(blank=True, null=True)),
                ("suspected_spoofing", models.BooleanField(default=False)),
                ("protected", models.BooleanField(default=False)),
                ("resembles_protected", models.BooleanField(default=False)),
                ("in_use_since", models.DateField(blank=True, null=True)),
                ("via_ott", models.BooleanField(default=False)),
                ("objection_since", models.DateTimeField(blank=True, null=True)),
                (
                    "held_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "number",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="numbers.phonenumber",
                    ),
                ),
                (
                    "operator",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="operators.operator",
                    ),
                ),
                (
                    "previous",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.case",
                    ),
                ),
            ],
            options={
                "verbose_name": "case",
                "verbose_name_plural": "cases",
                "indexes": [
                    models.Index(
                        models.OrderBy(models.F("score"), descending=True),
                        models.OrderBy(models.F("id"), descending=True),
                        condition=models.Q(("status__in", ("open", "needs_info", "proposed", "disputed"))),
                        name="case_rank",
                    ),
                    models.Index(
                        models.F("operator"),
                        models.OrderBy(models.F("score"), descending=True),
                        models.OrderBy(models.F("id"), descending=True),
                        condition=models.Q(("status__in", ("open", "needs_info", "proposed", "disputed"))),
                        name="case_rank_operator",
                    ),
                    models.Index(
                        models.F("category"),
                        models.OrderBy(models.F("score"), descending=True),
                        models.OrderBy(models.F("id"), descending=True),
                        condition=models.Q(("status__in", ("open", "needs_info", "proposed", "disputed"))),
                        name="case_rank_category",
                    ),
                    models.Index(
                        models.OrderBy(models.F("score"), descending=True),
                        models.OrderBy(models.F("id"), descending=True),
                        condition=models.Q(("status", "open")),
                        name="case_rank_open",
                    ),
                    models.Index(
                        models.OrderBy(models.F("score"), descending=True),
                        models.OrderBy(models.F("id"), descending=True),
                        condition=models.Q(("status__in", ["proposed", "disputed"])),
                        name="case_rank_signature",
                    ),
                    models.Index(
                        models.OrderBy(models.F("score"), descending=True),
                        models.OrderBy(models.F("id"), descending=True),
                        condition=models.Q(("status", "needs_info")),
                        name="case_rank_asked",
                    ),
                    models.Index(
                        models.F("region"),
                        models.OrderBy(models.F("score"), descending=True),
                        models.OrderBy(models.F("id"), descending=True),
                        condition=models.Q(
                            ("region__gt", ""), ("status__in", ("open", "needs_info", "proposed", "disputed"))
                        ),
                        name="case_rank_region",
                    ),
                    models.Index(
                        models.F("due_at"),
                        models.F("id"),
                        condition=models.Q(
                            ("due_at__isnull", False),
                            ("status__in", ("open", "needs_info", "proposed", "disputed")),
                        ),
                        name="case_due",
                    ),
                    models.Index(
                        models.F("held_by"),
                        models.F("id"),
                        condition=models.Q(("held_by__isnull", False)),
                        name="case_held",
                    ),
                    models.Index(
                        models.OrderBy(models.F("score"), descending=True),
                        models.OrderBy(models.F("id"), descending=True),
                        condition=models.Q(
                            ("reopened_count__gt", 0),
                            ("status__in", ("open", "needs_info", "proposed", "disputed")),
                        ),
                        name="case_rank_reopened",
                    ),
                    models.Index(
                        models.OrderBy(models.F("score"), descending=True),
                        models.OrderBy(models.F("id"), descending=True),
                        condition=models.Q(
                            ("status__in", ("open", "needs_info", "proposed", "disputed")),
                            ("suspected_spoofing", True),
                        ),
                        name="case_rank_spoofing",
                    ),
                    models.Index(
                        models.OrderBy(models.F("score"), descending=True),
                        models.OrderBy(models.F("id"), descending=True),
                        condition=models.Q(
                            ("protected", True),
                            ("status__in", ("open", "needs_info", "proposed", "disputed")),
                        ),
                        name="case_rank_protected",
                    ),
                    models.Index(
                        models.OrderBy(models.F("score"), descending=True),
                        models.OrderBy(models.F("id"), descending=True),
                        condition=models.Q(
                            ("operator__isnull", True),
                            ("status__in", ("open", "needs_info", "proposed", "disputed")),
                        ),
                        name="case_rank_unrouted",
                    ),
                    models.Index(
                        models.OrderBy(models.F("score"), descending=True),
                        models.OrderBy(models.F("id"), descending=True),
                        condition=models.Q(
                            ("status__in", ("open", "needs_info", "proposed", "disputed")), ("via_ott", True)
                        ),
                        name="case_rank_ott",
                    ),
                    models.Index(
                        models.OrderBy(models.F("score"), descending=True),
                        models.OrderBy(models.F("id"), descending=True),
                        condition=models.Q(("objection_since__isnull", False)),
                        name="case_rank_objection",
                    ),
                    models.Index(
                        django.contrib.postgres.indexes.OpClass("number_text", "text_pattern_ops"),
                        name="case_number_begin",
                    ),
                    models.Index(
                        django.contrib.postgres.indexes.OpClass(
                            django.db.models.functions.text.Reverse("number_text"), "text_pattern_ops"
                        ),
                        name="case_number_end",
                    ),
                    models.Index(fields=["number", "-id"], name="case_of_number"),
                    models.Index(
                        models.F("id"), condition=models.Q(("search_stale", True)), name="case_search_stale"
                    ),
                    models.Index(
                        models.F("id"),
                        condition=models.Q(("resembles_protected", True)),
                        name="case_lookalike",
                    ),
                    models.Index(models.F("opened_at"), name="case_opened"),
                    models.Index(
                        models.F("decided_at"),
                        condition=models.Q(("decided_at__isnull", False)),
                        name="case_decided",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                ("open", "needs_info", "proposed", "disputed", "confirmed", "referred"),
                            )
                        ),
                        fields=("number",),
                        name="one_live_case_per_number",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                [
                                    "open",
                                    "needs_info",
                                    "proposed",
                                    "disputed",
                                    "confirmed",
                                    "spoofed",
                                    "referred",
                                    "dismissed",
                                    "not_ours",
                                    "released",
                                ],
                            )
                        ),
                        name="case_status_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("protected", True), ("status", "confirmed"), _negated=True),
                        name="protected_never_confirmed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Campaign",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("found_at", models.DateTimeField()),
                ("grown_at", models.DateTimeField()),
                ("size", models.PositiveIntegerField(default=0)),
                (
                    "merged_into",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.campaign",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CampaignLink",
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
                            ("text", "nearly the same text"),
                            ("link", "the same link"),
                            ("account", "the same bank account"),
                            ("picture", "nearly the same picture"),
                        ],
                        max_length=8,
                    ),
                ),
                ("similarity", models.PositiveSmallIntegerField(help_text="0 to 100")),
                ("linked_at", models.DateTimeField()),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="links", to="cases.campaign"
                    ),
                ),
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="campaign_link",
                        to="cases.case",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["campaign", "case"], name="campaign_cases")],
            },
        ),
        migrations.CreateModel(
            name="CaseEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "action",
                    models.CharField(
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
                ("from_status", models.CharField(blank=True, max_length=12)),
                ("to_status", models.CharField(max_length=12)),
                ("created_at", models.DateTimeField()),
                ("reason", models.TextField(blank=True)),
                (
                    "system_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("new_complaint", "a new complaint came in"),
                            ("own_line", "an operator found the calls on the number's own line"),
                        ],
                        max_length=20,
                    ),
                ),
                ("detail", models.JSONField(default=dict)),
                (
                    "actor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="events", to="cases.case"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "indexes": [
                    models.Index(models.F("created_at"), models.F("action"), name="event_when"),
                    models.Index(
                        models.F("actor"),
                        models.F("created_at"),
                        condition=models.Q(("actor__isnull", False)),
                        name="event_actor",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Proposal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "proposal_type",
                    models.CharField(
                        choices=[
                            ("block", "block at the operator"),
                            ("spoofed", "declare the number spoofed"),
                            ("refer", "refer to the platform"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "waiting for signatures"),
                            ("disputed", "disputed: a third person decides"),
                            ("confirmed", "confirmed by the signers"),
                            ("rejected", "rejected by the signers"),
                            ("retracted", "withdrawn by its proposer"),
                        ],
                        default="pending",
                        max_length=10,
                    ),
                ),
                ("reason_code", models.CharField(max_length=40)),
                ("reason", models.TextField(blank=True)),
                (
                    "evidence_ids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
                ("block_until", models.DateField(blank=True, null=True)),
                ("urgent", models.BooleanField(default=False)),
                ("seen_digest", models.CharField(max_length=64)),
                ("seen_counts", models.JSONField(default=dict)),
                ("needs_third", models.BooleanField(default=False)),
                ("third_because", models.CharField(blank=True, max_length=40)),
                ("proposed_at", models.DateTimeField()),
                ("second_at", models.DateTimeField(null=True)),
                ("second_agrees", models.BooleanField(null=True)),
                ("second_reason", models.TextField(blank=True)),
                ("second_digest", models.CharField(blank=True, max_length=64)),
                ("third_at", models.DateTimeField(null=True)),
                ("third_agrees", models.BooleanField(null=True)),
                ("third_reason", models.TextField(blank=True)),
                ("third_digest", models.CharField(blank=True, max_length=64)),
                ("settled_at", models.DateTimeField(null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="proposals", to="cases.case"
                    ),
                ),
                (
                    "platform",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="operators.operator",
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
                (
                    "second_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "third_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(models.F("proposed_by"), models.F("proposed_at"), name="proposal_first"),
                    models.Index(
                        models.F("second_by"),
                        models.F("second_at"),
                        condition=models.Q(("second_by__isnull", False)),
                        name="proposal_second",
                    ),
                    models.Index(
                        models.F("third_by"),
                        models.F("third_at"),
                        condition=models.Q(("third_by", None), _negated=True),
                        name="proposal_third",
                    ),
                    models.Index(
                        models.F("settled_at"),
                        condition=models.Q(("settled_at__isnull", False)),
                        name="proposal_settled",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("second_by", models.F("proposed_by")), _negated=True),
                        name="second_is_not_proposer",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("third_by", models.F("proposed_by")), _negated=True),
                        name="third_is_not_proposer",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("third_by", models.F("second_by")), _negated=True),
                        name="third_is_not_second",
                    ),
                    models.CheckConstraint(
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
                    models.CheckConstraint(
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
                    models.CheckConstraint(
                        condition=models.Q(("needs_third", True), ("state", "disputed"), _negated=True),
                        name="one_disagreement_ends_what_takes_three",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("second_by__isnull", True),
                                models.Q(("second_digest", ""), _negated=True),
                                _connector="OR",
                            ),
                            models.Q(
                                ("third_by__isnull", True),
                                models.Q(("third_digest", ""), _negated=True),
                                _connector="OR",
                            ),
                        ),
                        name="signed_over_what_was_seen",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["pending", "disputed"])),
                        fields=("case",),
                        name="one_open_proposal",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Block",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digits", models.BigIntegerField(null=True)),
                (
                    "requested_action",
                    models.CharField(
                        choices=[
                            ("block", "block at the operator"),
                            ("spoofed", "declare the number spoofed"),
                            ("refer", "refer to the platform"),
                        ],
                        max_length=10,
                    ),
                ),
                ("category", models.CharField(max_length=20)),
                ("valid_from", models.DateField()),
                ("valid_until", models.DateField()),
                ("urgent", models.BooleanField(default=False)),
                ("confirmed_at", models.DateTimeField()),
                ("released_on", models.DateField(blank=True, null=True)),
                ("released_at", models.DateTimeField(blank=True, null=True)),
                (
                    "release_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("error", "The block was a mistake."),
                            ("expired", "Its time was over."),
                            ("recycled", "The operator says that the number has a new owner."),
                            ("protected", "The number is protected."),
                            ("objection", "The owner objected, and was right."),
                            ("reopened", "The case was opened again."),
                            ("rerouted", "The number moved to another operator."),
                        ],
                        max_length=40,
                    ),
                ),
                (
                    "number",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="numbers.phonenumber",
                    ),
                ),
                (
                    "operator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="operators.operator"
                    ),
                ),
                (
                    "released_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="blocks", to="cases.case"
                    ),
                ),
                (
                    "proposal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="blocks",
                        to="cases.proposal",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("released_at__isnull", True)),
                        fields=["operator", "digits"],
                        name="block_in_force",
                    ),
                    models.Index(
                        condition=models.Q(("released_at__isnull", True)),
                        fields=["valid_until"],
                        name="block_expires",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("valid_until__gt", models.F("valid_from"))),
                        name="block_ends_after_it_begins",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("released_at__isnull", True), ("released_on__isnull", True)),
                            models.Q(
                                ("released_at__isnull", False), ("released_on__gte", models.F("valid_from"))
                            ),
                            _connector="OR",
                        ),
                        name="released_after_it_began",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("released_at__isnull", True)),
                        fields=("proposal",),
                        name="one_block_per_proposal",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("requested_action", "block")),
                        expressions=[
                            (
                                models.Func(
                                    models.F("number_id"),
                                    models.F("number_id"),
                                    models.Value("[]"),
                                    function="int8range",
                                ),
                                "&&",
                            ),
                            (
                                models.Func(
                                    models.F("valid_from"),
                                    django.db.models.functions.comparison.Coalesce(
                                        models.F("released_on"), models.F("valid_until")
                                    ),
                                    function="daterange",
                                ),
                                "&&",
                            ),
                        ],
                        name="one_block_per_number_and_day",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="QualityReview",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("deciders", models.JSONField(default=list)),
                ("show_from", models.DateTimeField()),
                ("reviewed_at", models.DateTimeField(null=True)),
                ("agrees", models.BooleanField(null=True)),
                ("reason", models.TextField(blank=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="quality_reviews",
                        to="cases.case",
                    ),
                ),
                (
                    "event",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.caseevent"
                    ),
                ),
                (
                    "reviewed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("reviewed_at__isnull", True)),
                        fields=["show_from", "id"],
                        name="quality_review_waiting",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TraceRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "finding",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("own_line", "the calls came from the number's own line"),
                            ("own_network", "they came from another line in our network"),
                            ("other_network", "they came in from another network"),
                            ("abroad", "they came in from abroad"),
                            ("nothing", "our records show no such calls"),
                        ],
                        max_length=15,
                    ),
                ),
                ("answer", models.TextField(blank=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "answered_with",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="operators.accesskey",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="trace_requests",
                        to="cases.case",
                    ),
                ),
                (
                    "operator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="operators.operator"
                    ),
                ),
                (
                    "proposal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="trace_requests",
                        to="cases.proposal",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("answered_at__isnull", True)),
                        fields=["operator", "id"],
                        name="trace_waiting",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("proposal", "operator"), name="asked_once_per_operator"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("answered_at", None),
                                ("answered_by", None),
                                ("answered_with", None),
                                ("finding", ""),
                            ),
                            models.Q(
                                ("answered_at__isnull", False),
                                (
                                    "finding__in",
                                    ["own_line", "own_network", "other_network", "abroad", "nothing"],
                                ),
                                models.Q(
                                    models.Q(("answered_by__isnull", False), ("answered_with", None)),
                                    models.Q(("answered_by", None), ("answered_with__isnull", False)),
                                    _connector="OR",
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="trace_answered_by_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Alarm",
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
                            ("rubber_stamp", "many signatures within a minute"),
                            ("bulk", "many cases closed or asked at once"),
                            ("contacts_revealed", "many contacts opened within a day"),
                        ],
                        max_length=40,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("detail", models.JSONField(default=dict)),
                ("seen_at", models.DateTimeField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "seen_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("seen_at__isnull", True)), fields=["-at"], name="alarm_unseen"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseSearchIndex",
            fields=[
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="cases.case",
                    ),
                ),
                ("words", django.contrib.postgres.search.SearchVectorField(null=True)),
                (
                    "digit_ngrams",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.IntegerField(), default=list, size=None
                    ),
                ),
                (
                    "minhash_bands",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.IntegerField(), db_default=[], default=list, size=None
                    ),
                ),
                ("indexed_at", models.DateTimeField()),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(fields=["words"], name="search_index_words"),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["digit_ngrams"], name="search_index_digit_ngrams"
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["minhash_bands"], name="search_index_minhash_bands"
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="case",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="49626cfe14fd03b17f97872d3e67e6a9b4d07a6f",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_d7375",
                    table="cases_case",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="caseevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="65b17c5dc231aae95e4a5d286bcd92a634f3ebd3",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_320b9",
                    table="cases_caseevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="proposal",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="69f898d64d7e618d72d6f2541660a573f0bb50a8",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_d9d94",
                    table="cases_proposal",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="block",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="edd5edd713c631982731f9fdb2bbdfc5a4ba668d",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_e78ef",
                    table="cases_block",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="tracerequest",
            trigger=pgtrigger.compiler.Trigger(
                name="answered_once",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."answered_at" IS NOT NULL)',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="a79c39505a9f6c22d00954ce62aa6ed3b1ba913f",
                    operation="UPDATE",
                    pgid="pgtrigger_answered_once_84c70",
                    table="cases_tracerequest",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="tracerequest",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="3006066eb2e67945f8c9069e4bbc4c8165a2ead8",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_bb9c3",
                    table="cases_tracerequest",
                    when="BEFORE",
                ),
            ),
        ),
        InstallSql("cases", "case_decided_by_proposal", version=1),
        InstallSql("cases", "proposal_two_people", version=1),
        InstallSql("cases", "proposal_three_people", version=1),
        InstallSql("cases", "block_two_people", version=1),
        InstallSql("cases", "block_protected_number", version=1),
    ]
