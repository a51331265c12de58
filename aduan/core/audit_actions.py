"""Every audited act: one code of the form `noun.verb`, with its label.

Append only: entries of the audit log hold these codes and are never rewritten. An act of a workflow is
`case.<action>` of `aduan.cases.workflow.CaseAction`.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class AuditAction(models.TextChoices):
    CASE_CLAIM = "case.claim", _("case claimed")
    CASE_UNASSIGN = "case.unassign", _("case given back")
    CASE_FILE = "case.file", _("complaint added to a case")
    CASE_ASK = "case.ask", _("more asked of the complainants")
    CASE_COMPLETE = "case.complete", _("complaint of a case completed")
    CASE_PROPOSE = "case.propose", _("decision proposed")
    CASE_AGREE = "case.agree", _("proposal agreed to")
    CASE_DISAGREE = "case.disagree", _("proposal disagreed with")
    CASE_REJECT = "case.reject", _("decision proposal rejected")
    CASE_RETRACT = "case.retract", _("decision proposal withdrawn")
    CASE_CONFIRM_BLOCK = "case.confirm_block", _("block of a number confirmed")
    CASE_CONFIRM_SPOOFED = "case.confirm_spoofed", _("number declared spoofed")
    CASE_CONFIRM_REFERRAL = "case.confirm_referral", _("referral to a platform confirmed")
    CASE_DISMISS = "case.dismiss", _("case closed without action")
    CASE_DECLARE_NOT_OURS = "case.declare_not_ours", _("case declared outside the ministry's remit")
    CASE_REOPEN = "case.reopen", _("case reopened")
    CASE_RELEASE = "case.release", _("block of a number released")
    CASE_OBJECT = "case.object", _("objection to a block received")
    CASE_SETTLE = "case.settle", _("objection to a block answered")
    CASE_ANSWER = "case.answer", _("operator's answer on a case received")
    CASE_ROUTE = "case.route", _("case sent to another operator")
    CASE_QUALITY_REVIEW = "case.quality_review", _("decision reviewed for quality")
    CASE_ANSWER_TRACE = "case.answer_trace", _("trace request answered")
    CANNED_REASON_SAVE = "canned_reason.save", _("canned reason saved")
    ALARM_ACKNOWLEDGE = "alarm.acknowledge", _("alarm acknowledged")
    COMPLAINT_REVEAL = "complaint.reveal", _("complainant's contact revealed")
    COMPLAINT_ERASE = "complaint.erase", _("complainant's data erased")
    COMPLAINT_DISCLOSE = "complaint.disclose", _("complainant's data given to the complainant")
    EVIDENCE_STORE_ADOPT = "evidence_store.adopt", _("evidence store adopted")
    EVIDENCE_DECLARE_LOST = "evidence.declare_lost", _("evidence file declared lost")
    OBJECTION_CONFIRM_POSSESSION = (
        "objection.confirm_possession",
        _("possession of a number confirmed by staff"),
    )
    USER_INVITE = "user.invite", _("user invited")
    USER_SET_ROLES = "user.set_roles", _("user's roles changed")
    USER_SET_PHONE = "user.set_phone", _("user's own number changed")
    USER_DEACTIVATE = "user.deactivate", _("user deactivated")
    USER_REACTIVATE = "user.reactivate", _("user reactivated")
    USER_PROPOSE_CHANGE = "user.propose_change", _("change of an account proposed")
    USER_CONFIRM_CHANGE = "user.confirm_change", _("change of an account confirmed")
    USER_REFUSE_CHANGE = "user.refuse_change", _("change of an account refused or taken back")
    USER_LOG_IN = "user.log_in", _("user logged in")
    USER_CHANGE_CREDENTIALS = "user.change_credentials", _("password or second factor changed")
    OPERATOR_MEMBER_INVITE = "operator_member.invite", _("operator's member invited")
    OPERATOR_MEMBER_DEACTIVATE = "operator_member.deactivate", _("operator's member deactivated")
    OPERATOR_MEMBER_REACTIVATE = "operator_member.reactivate", _("operator's member reactivated")
    OPERATOR_SWITCH_INBOUND = (
        "operator.switch_inbound",
        _("operator's list of foreign numbers switched on or off"),
    )
    ACCESS_KEY_CREATE = "access_key.create", _("access key created")
    ACCESS_KEY_ROTATE = "access_key.rotate", _("access key rotated")
    ACCESS_KEY_REVOKE = "access_key.revoke", _("access key revoked")
    ACCESS_KEY_FOREIGN_ADDRESS = "access_key.foreign_address", _("access key used from a foreign address")
    ACCESS_KEY_IN_URL = "access_key.in_url", _("access key sent in a URL")
    WEBHOOK_REGISTER = "webhook.register", _("webhook registered")
    WEBHOOK_CLOSE = "webhook.close", _("webhook closed")
    WEBHOOK_REPLAY = "webhook.replay", _("webhook event sent again")
    WEBHOOK_ROTATE = "webhook.rotate", _("webhook secret replaced")
    WEBHOOK_STOP = "webhook.stop", _("webhook paused")
    WEBHOOK_RESUME = "webhook.resume", _("webhook resumed")
    WEBHOOK_REOPEN = "webhook.reopen", _("webhook opened again")
    WEBHOOK_TEST = "webhook.test", _("webhook test sent")
    NUMBER_RANGE_ADD = "number_range.add", _("number range added")
    NUMBER_RANGE_END = "number_range.end", _("number range ended")
    NUMBER_PROTECT = "number.protect", _("number protected")
    NUMBER_UNPROTECT = "number.unprotect", _("protection of a number ended")
    NUMBER_OVERRIDE_HOLDER = "number.override_holder", _("operator of a number set by hand")
    NUMBER_END_OVERRIDE = "number.end_override", _("operator set by hand taken back")
    NUMBER_CONFIRM_HOLDER = "number.confirm_holder", _("operator of a number confirmed")
    NUMBER_SET_IN_USE_SINCE = "number.set_in_use_since", _("start of a number's use reported")
    BLOCK_LIST_PUBLISH = "block_list.publish", _("list published")
    BLOCK_LIST_SUPERSEDE = "block_list.supersede", _("list superseded by a newer one")
    BLOCK_LIST_RESUME = "block_list.resume", _("stopped list resumed")
    BLOCK_LIST_REJECT = "block_list.reject", _("list rejected")
    LIST_RULES_PROPOSE = "list_rules.propose", _("list rules proposed")
    LIST_RULES_AGREE = "list_rules.agree", _("list rules agreed to")
    CANARY_ADD = "canary.add", _("canary number added")
    CANARY_END = "canary.end", _("canary number ended")
    PUBLICATION_STOP = "publication.stop", _("publication stopped")
    PUBLICATION_RESUME = "publication.resume", _("publication resumed")
    OPERATOR_REFUSAL_SETTLE = "operator_refusal.settle", _("operator's refusal settled")
    JOB_RETRY = "job.retry", _("failed job retried")
    MESSAGE_RESEND = "message.resend", _("message sent again")
    TABLE_EXPORT = "table.export", _("table exported")
