"""Two log-ins whose addresses reach one mailbox cannot sign together, however the addresses are written."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0008_every_filter_has_an_index"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="proposal",
            name="distinct_people",
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="proposal",
            trigger=pgtrigger.compiler.Trigger(
                name="distinct_people",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE signers bigint[]; fresh bigint[]; humans int; addresses int; unfit int;",
                    func="\n    signers := array_remove(ARRAY[NEW.proposed_by_id, NEW.second_by_id, NEW.third_by_id], NULL);\n    IF TG_OP = 'INSERT' THEN\n        IF NEW.state <> 'pending' OR cardinality(signers) <> 1 THEN\n            RAISE EXCEPTION 'a proposal begins pending and unsigned' USING ERRCODE = 'check_violation';\n        END IF;\n        fresh := signers;\n    ELSE\n        IF OLD.state IN ('confirmed', 'rejected', 'retracted') AND NEW IS DISTINCT FROM OLD THEN\n            RAISE EXCEPTION 'a settled proposal never changes' USING ERRCODE = 'check_violation';\n        END IF;\n        IF (NEW.case_id, NEW.proposal_type, NEW.proposed_by_id, NEW.proposed_at, NEW.seen_digest,\n            NEW.reason_code, NEW.reason, NEW.evidence_ids, NEW.block_until, NEW.needs_third, NEW.platform_id)\n           IS DISTINCT FROM\n           (OLD.case_id, OLD.proposal_type, OLD.proposed_by_id, OLD.proposed_at, OLD.seen_digest,\n            OLD.reason_code, OLD.reason, OLD.evidence_ids, OLD.block_until, OLD.needs_third, OLD.platform_id)\n           OR (OLD.second_by_id IS NOT NULL\n               AND (NEW.second_by_id, NEW.second_agrees, NEW.second_at, NEW.second_digest)\n               IS DISTINCT FROM (OLD.second_by_id, OLD.second_agrees, OLD.second_at, OLD.second_digest)) THEN\n            RAISE EXCEPTION 'what was proposed and signed never changes' USING ERRCODE = 'check_violation';\n        END IF;\n        fresh := CASE\n            WHEN NEW.state = 'confirmed' THEN signers\n            WHEN NEW.third_by_id IS DISTINCT FROM OLD.third_by_id THEN ARRAY[NEW.third_by_id]\n            WHEN NEW.second_by_id IS DISTINCT FROM OLD.second_by_id THEN ARRAY[NEW.second_by_id]\n            ELSE ARRAY[]::bigint[] END;\n    END IF;\n    SELECT count(DISTINCT lower(regexp_replace(u.staff_number, '[^[:alnum:]]', '', 'g'))),\n           count(DISTINCT CASE\n               WHEN mailbox.address ~ '@(gmail|googlemail)[.]com$'\n               THEN replace(split_part(mailbox.address, '@', 1), '.', '') || '@gmail.com'\n               ELSE mailbox.address END),\n           count(*) FILTER (WHERE u.id = ANY (fresh) AND NOT (u.is_active AND u.roles && CASE\n               WHEN u.id = NEW.proposed_by_id THEN ARRAY['reviewer']::varchar[]\n               ELSE ARRAY['reviewer', 'approver']::varchar[] END))\n      INTO humans, addresses, unfit\n      FROM accounts_user u\n      CROSS JOIN LATERAL (\n          SELECT regexp_replace(lower(normalize(u.email, NFKC)), '[+][^@]*@', '@') AS address) mailbox\n      WHERE u.id = ANY (signers);\n    IF humans <> cardinality(signers) OR addresses <> cardinality(signers) THEN\n        RAISE EXCEPTION 'one human cannot sign twice' USING ERRCODE = 'check_violation';\n    END IF;\n    IF unfit > 0 THEN\n        RAISE EXCEPTION 'a signer must be active and allowed to sign' USING ERRCODE = 'check_violation';\n    END IF;\n    IF NEW.state = 'confirmed' AND NEW.proposal_type = 'block'\n       AND EXISTS (SELECT 1 FROM cases_case c WHERE c.id = NEW.case_id AND c.protected) THEN\n        RAISE EXCEPTION 'a protected number is never blocked' USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NEW;\n",
                    hash="eba4209d9b7a403b7f01e7d50a1310756094f0ca",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_distinct_people_4c13f",
                    table="cases_proposal",
                    when="BEFORE",
                ),
            ),
        ),
    ]
