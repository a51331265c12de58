"""What the database allows each role, table by table; `migrate` grants exactly this.

A table without a line here is closed to the application. tests/portal/management/test_db_grants.py
compares every table of the database with its line.
"""

from __future__ import annotations

from typing import Final

from aduan.complaints.types import LINE_FIELDS
from aduan.core.db_grants import Rule

_HISTORY: Final = Rule("ri")
_EVENTS: Final = Rule("ri")  # written by triggers of pghistory, as the role that makes the change

TABLES: Final = {
    "account_emailaddress": Rule("riud"),
    "account_emailconfirmation": Rule("riud", hidden="key"),
    "accounts_accountchange": Rule(
        "riu",
        fixed="id person_id kind roles name email staff_number reason proposed_by_id proposed_at"
        " proposed_step_up_id",
    ),
    "accounts_accountpolicy": Rule("r"),  # softened by the owner of the tables only
    "accounts_approvalrequest": Rule(
        "riu",
        fixed="id kind subject terms reason requested_by_id requested_at requested_step_up_id",
    ),
    "accounts_stepupevidence": _HISTORY,
    "accounts_stepupkey": Rule("", hidden="*"),
    "accounts_user": Rule("riu", hidden="password password_mac"),
    "appeals_answerpolicy": Rule("r"),  # written by the owner of the tables only
    "appeals_objection": Rule("riu", hidden="email_encrypted"),
    "auth_group": Rule("r"),
    "auth_group_permissions": Rule("r"),
    "auth_permission": Rule("r"),
    "blocklists_blocklist": Rule(
        "riu", fixed="id operator_id period kind series version sequence previous_id as_of watermark"
    ),
    "blocklists_blocklistentry": Rule(
        "r"
    ),  # a partition is filled while its list is built: list_partition.sql
    "blocklists_canary": Rule("riu"),
    "blocklists_closedclock": _HISTORY,
    "blocklists_download": Rule(
        "riu", fixed="id block_list_id operator_id file by_id access_key_id digest at"
    ),
    "blocklists_listfile": _HISTORY,
    "blocklists_listrules": Rule("riu"),
    "blocklists_listsubscription": Rule("riu"),
    "blocklists_outcome": Rule(
        "riu",
        fixed="id operator_id block_list_id digits case_id clock_from due_at"
        " first_answer first_acted_at first_reported_at",
    ),
    "blocklists_outcomereport": _HISTORY,
    "blocklists_publicationstop": Rule("riu", fixed="id reason stopped_by_id stopped_at"),
    "blocklists_rejectedoutcomereport": _HISTORY,
    "blocklists_sentreminder": _HISTORY,
    "blocklists_signaturerequest": Rule("riu", fixed="id role version block_list_id created_at"),
    "blocklists_tufmetadata": _HISTORY,
    "cases_alarm": Rule("riu", fixed="id kind person_id at detail"),
    "cases_block": Rule(
        "riu",
        fixed="id case_id proposal_id number_id operator_id digits requested_action category valid_from"
        " valid_until urgent confirmed_at",
    ),
    "cases_campaign": Rule("riu"),
    "cases_campaignlink": Rule("riu"),
    "cases_cannedreason": Rule("riu"),
    "cases_cannedreasonevent": _EVENTS,
    "cases_case": Rule("riu"),
    "cases_caseevent": _HISTORY,
    "cases_casenotice": Rule("riu", fixed="id event_id case_id text_id text_en next_steps edited"),
    "cases_casepresence": Rule("riud"),
    "cases_casesearchindex": Rule("riu", hidden="words digit_ngrams minhash_bands"),
    "cases_changerequest": Rule(
        "riu",
        fixed="id kind case_id pattern ticket upheld owner owner_kind source reason notice_id notice_en"
        " block_count seen_digest requested_by_id requested_at requested_evidence_id",
    ),
    "cases_hold": Rule(
        "riu",
        fixed="id case_id number_id operator_id digits category policy_id grounds qualified_at reason"
        " seen_digest proposed_by_id proposed_at proposed_step_up_id",
    ),
    "cases_holdcandidate": Rule("riud", fixed="case_id"),
    "cases_holdpolicy": Rule(
        "riu",
        fixed="id legal_reference_id hours again_after_days use_years independent_complaints within_hours"
        " confirmed_with_evidence hourly_quota personal_quota list_ceiling attended_minutes",
    ),
    "cases_caseview": Rule("rid"),
    "cases_desktarget": _HISTORY,
    "cases_decisiondraft": Rule("riud", hidden="fields"),
    "cases_pacelimits": _HISTORY,
    "cases_proposal": Rule(
        "riu",
        fixed="id case_id proposal_type proposed_by_id proposed_at seen_digest seen_counts reason_code reason"
        " evidence_ids block_until urgent needs_third third_because platform_id proposed_step_up_id",
    ),
    "cases_qualityreview": Rule("riu"),
    "cases_rankerplace": Rule("rid"),
    "cases_rankerrun": Rule("riu", fixed="id day at state decisions blocks"),
    "cases_rankingpolicy": _HISTORY,
    "cases_recyclednotice": Rule("riu", fixed="id case_id operator_id source received_at detail"),
    "cases_temporarylift": Rule("riu", fixed="id case_id block_id hold_id lifted_at"),
    "cases_tracerequest": Rule("riu", fixed="id case_id proposal_id operator_id asked_at"),
    "complaints_complaint": Rule(
        "riu",
        hidden="secret_digest idempotency_key subject_key email_encrypted phone_encrypted email_index"
        " phone_index narrative number_raw " + " ".join(LINE_FIELDS),
    ),
    "complaints_complaintupdate": Rule("riud", hidden="text"),
    "complaints_contactaccess": Rule("ri", hidden="reason_encrypted"),
    "complaints_evidence": Rule("riu", hidden="subject_key name"),
    "complaints_evidencepart": Rule("riud"),
    "complaints_retentionpolicy": Rule("r"),
    "complaints_sourcefingerprint": Rule("riud", hidden="*"),
    "core_auditlogentry": Rule("ri", inserts="at actor action subject detail"),
    "core_job": Rule("riud", hidden="payload result last_error"),
    "django_admin_log": Rule("r"),
    "django_content_type": Rule("r"),
    "django_migrations": Rule("r"),
    "django_session": Rule("riud", hidden="*"),
    "mfa_authenticator": Rule("riud", hidden="*"),
    "monitoring_incident": Rule("riu"),
    "monitoring_taskrun": Rule("riu"),
    "statistics_correction": _HISTORY,
    "statistics_daycount": _HISTORY,
    "statistics_publicwarning": Rule(
        "riu", fixed="id category case_count text_id text_en written_by_id written_at"
    ),
    "statistics_publishedfile": _HISTORY,
    "statistics_releasedrow": _HISTORY,
    "statistics_remark": _HISTORY,
    "statistics_releasedspan": _HISTORY,
    "statistics_snapshot": _HISTORY,
    "notifications_outboxmessage": Rule("riud", hidden="payload_encrypted"),
    "notifications_unsubscribe": Rule("rid"),
    "notifications_verificationcode": Rule("riud", hidden="*"),
    "numbers_holderoverride": Rule("riu", fixed="id number_id operator_id reason by_id at"),
    "numbers_holderoverrideevent": _EVENTS,
    "numbers_phonenumber": Rule("riu", fixed="id canonical kind digits first_seen_at"),
    "numbers_protectednumber": Rule("riu", fixed="id pattern owner kind source confidence note"),
    "numbers_protectednumberevent": _EVENTS,
    "numbers_routingtask": Rule("riu"),
    "operators_accesskey": Rule(
        "riu",
        fixed="id operator_id name prefix secret_hash scopes allowed_networks created_by_id created_at mac",
        hidden="secret_hash",
    ),
    "operators_brand": Rule("riu"),
    "operators_brandevent": _EVENTS,
    "operators_legalreference": Rule("ri"),
    "operators_numberrange": Rule("riu"),
    "operators_numberrangeevent": _EVENTS,
    "operators_operator": Rule(
        "riu", fixed="id code kind obligation legal_name legal_reference_id active source is_sandbox"
    ),
    "operators_operatorevent": _EVENTS,
    "operators_operatormember": Rule("riu", fixed="id user_id operator_id manages_keys mac"),
    "operators_registerversion": Rule("riu"),
    "operators_webhookattempt": Rule("rid"),
    "operators_webhookdelivery": Rule("riu"),
    "operators_webhookendpoint": Rule("riu", hidden="secret_sealed old_secret_sealed"),
    "recycling_recyclingcheck": Rule("ri"),
    "referrals_agencyreport": _HISTORY,
    "referrals_agencyreportrow": _HISTORY,
    "referrals_escalationletter": Rule(
        "riu", fixed="id platform_id to addressee language figures drafted_at"
    ),
    "referrals_platformcontact": Rule("riu"),
    "referrals_platformcontactevent": _EVENTS,
    "referrals_platformmail": Rule(
        "riu",
        fixed="id referral_id raw_sha256 message_id sender authentication subject text cut attachments"
        " received_at",
        hidden="sender subject text",
    ),
    "referrals_referral": Rule(
        "riu",
        fixed="id uid block_id case_id platform_id account category mail_id ground evidence made_at",
    ),
    "referrals_referralanswer": Rule(
        "riu",
        fixed="id referral_id answer note acted_at way by_id access_key_id mail_id received_at",
    ),
    "referrals_referralreply": _HISTORY,
    "teamwork_absence": Rule("riu", fixed="id person_id since until entered_by_id"),
    "teamwork_casenote": Rule("ri", hidden="text"),
    "teamwork_casewatch": Rule("rid"),
    "teamwork_inboxitem": Rule("riud", fixed="id person_id case_id kind by_id note_id event_id created_at"),
    "teamwork_operatorquestion": Rule(
        "riu", fixed="id case_id operator_id text asked_by_id asked_at", hidden="text answer"
    ),
    "teamwork_queuedisplay": Rule("riu", fixed="person_id"),
    "teamwork_savedview": Rule("riud", fixed="id person_id position"),
    "pghistory_context": Rule("riu"),
}

# Functions that run with the rights of the tables' owner (SECURITY DEFINER), and who may call them: the
# application, or also the role of operators' requests.
FUNCTIONS: Final = {
    "accounts_step_up_mac_holds": "app operators",
    "blocklists_attach_partition": "app",
    "blocklists_delete_old_proofs": "app",
    "blocklists_make_partition": "app",
    "blocklists_seal_partition": "app",
    "teamwork_fill_inbox": "app operators",
}
