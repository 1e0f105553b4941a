"""The bank's tables"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

#: As they were at this revision; later ones change them by statements of their own.
SQLITE_TRIGGERS = (
    "CREATE TRIGGER postings_no_update BEFORE UPDATE ON postings BEGIN SELECT RAISE(ABORT, 'postings is append-only'); END",
    "CREATE TRIGGER postings_no_delete BEFORE DELETE ON postings WHEN EXISTS (SELECT 1 FROM tenants WHERE tenant = OLD.tenant AND dropping = 0) BEGIN SELECT RAISE(ABORT, 'postings is append-only'); END",
    "CREATE TRIGGER entries_no_update BEFORE UPDATE ON entries BEGIN SELECT RAISE(ABORT, 'entries is append-only'); END",
    "CREATE TRIGGER entries_no_delete BEFORE DELETE ON entries WHEN EXISTS (SELECT 1 FROM tenants WHERE tenant = OLD.tenant AND dropping = 0) BEGIN SELECT RAISE(ABORT, 'entries is append-only'); END",
    "CREATE TRIGGER audit_entries_no_update BEFORE UPDATE ON audit_entries BEGIN SELECT RAISE(ABORT, 'audit_entries is append-only'); END",
    "CREATE TRIGGER audit_entries_no_delete BEFORE DELETE ON audit_entries WHEN EXISTS (SELECT 1 FROM tenants WHERE tenant = OLD.tenant AND dropping = 0) BEGIN SELECT RAISE(ABORT, 'audit_entries is append-only'); END",
    "CREATE TRIGGER operations_no_update BEFORE UPDATE ON operations BEGIN SELECT RAISE(ABORT, 'operations is append-only'); END",
    "CREATE TRIGGER operations_no_delete BEFORE DELETE ON operations WHEN EXISTS (SELECT 1 FROM tenants WHERE tenant = OLD.tenant AND dropping = 0) BEGIN SELECT RAISE(ABORT, 'operations is append-only'); END",
    "CREATE TRIGGER approval_uses_no_update BEFORE UPDATE ON approval_uses BEGIN SELECT RAISE(ABORT, 'approval_uses is append-only'); END",
    "CREATE TRIGGER approval_uses_no_delete BEFORE DELETE ON approval_uses WHEN EXISTS (SELECT 1 FROM tenants WHERE tenant = OLD.tenant AND dropping = 0) BEGIN SELECT RAISE(ABORT, 'approval_uses is append-only'); END",
    "CREATE TRIGGER events_no_update BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'events is append-only'); END",
    "CREATE TRIGGER events_no_delete BEFORE DELETE ON events WHEN EXISTS (SELECT 1 FROM tenants WHERE tenant = OLD.tenant AND dropping = 0) BEGIN SELECT RAISE(ABORT, 'events is append-only'); END",
    "CREATE TRIGGER tenants_clock BEFORE UPDATE OF offset_us ON tenants WHEN NEW.offset_us < OLD.offset_us BEGIN SELECT RAISE(ABORT, 'a clock moves forward only'); END",
)
POSTGRESQL_TRIGGERS = (
    "CREATE FUNCTION bank_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TG_OP = 'DELETE' AND NOT EXISTS (SELECT 1 FROM tenants WHERE tenant = OLD.tenant AND dropping = false) THEN RETURN OLD; END IF; RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$",
    "CREATE FUNCTION bank_clock_forward() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.offset_us < OLD.offset_us THEN RAISE EXCEPTION 'a clock moves forward only'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER postings_append_only BEFORE UPDATE OR DELETE ON postings FOR EACH ROW EXECUTE FUNCTION bank_append_only()",
    "CREATE TRIGGER entries_append_only BEFORE UPDATE OR DELETE ON entries FOR EACH ROW EXECUTE FUNCTION bank_append_only()",
    "CREATE TRIGGER audit_entries_append_only BEFORE UPDATE OR DELETE ON audit_entries FOR EACH ROW EXECUTE FUNCTION bank_append_only()",
    "CREATE TRIGGER operations_append_only BEFORE UPDATE OR DELETE ON operations FOR EACH ROW EXECUTE FUNCTION bank_append_only()",
    "CREATE TRIGGER approval_uses_append_only BEFORE UPDATE OR DELETE ON approval_uses FOR EACH ROW EXECUTE FUNCTION bank_append_only()",
    "CREATE TRIGGER events_append_only BEFORE UPDATE OR DELETE ON events FOR EACH ROW EXECUTE FUNCTION bank_append_only()",
    "CREATE TRIGGER tenants_clock BEFORE UPDATE ON tenants FOR EACH ROW EXECUTE FUNCTION bank_clock_forward()",
)


def upgrade() -> None:
    op.create_table(
        "accounts",
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("product", sa.String(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("ownership", sa.String(), nullable=False),
        sa.Column("home_branch", sa.String(), nullable=True),
        sa.Column("opened_us", sa.BigInteger(), nullable=False),
        sa.Column("dormant_since_us", sa.BigInteger(), nullable=True),
        sa.Column("credit_limit_minor", sa.BigInteger(), nullable=False),
        sa.Column("average_balance_minor", sa.BigInteger(), nullable=True),
        sa.Column("ledger_minor", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("kind = 'internal' OR ledger_minor >= -credit_limit_minor", name=op.f("ck_accounts_not_overdrawn")),
        sa.CheckConstraint("kind IN ('customer', 'internal')", name=op.f("ck_accounts_kind")),
        sa.CheckConstraint(
            "ownership IN ('sole', 'either_survivor', 'jointly', 'anyone', 'minor_guardian', 'bank')",
            name=op.f("ck_accounts_ownership"),
        ),
        sa.CheckConstraint("status IN ('active', 'dormant', 'closed')", name=op.f("ck_accounts_status")),
        sa.CheckConstraint("credit_limit_minor >= 0", name=op.f("ck_accounts_credit_limit")),
        sa.CheckConstraint("version >= 0", name=op.f("ck_accounts_version")),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_accounts")),
    )
    op.create_table(
        "approval_uses",
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("jti", sa.String(), nullable=False),
        sa.Column("operation", sa.String(), nullable=False),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "jti", name=op.f("pk_approval_uses")),
    )
    op.create_table(
        "audit_entries",
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("n", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("previous", sa.String(), nullable=False),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "n", name=op.f("pk_audit_entries")),
    )
    op.create_table(
        "branches",
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("city", sa.String(), nullable=False),
        sa.Column("closed_saturdays", sa.String(), nullable=False),
        sa.Column("weekly_off", sa.String(), nullable=False),
        sa.Column("holidays", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_branches")),
    )
    op.create_table(
        "customers",
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=True),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("segment", sa.String(), nullable=False),
        sa.Column("home_branch", sa.String(), nullable=False),
        sa.Column("date_of_birth", sa.String(), nullable=True),
        sa.Column("deceased_on", sa.String(), nullable=True),
        sa.Column("kyc_risk", sa.String(), nullable=False),
        sa.Column("kyc_due", sa.String(), nullable=True),
        sa.Column("kyc_notices", sa.BigInteger(), nullable=False),
        sa.Column("mobile", sa.String(), nullable=True),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("mobile_changed_us", sa.BigInteger(), nullable=True),
        sa.Column("email_changed_us", sa.BigInteger(), nullable=True),
        sa.Column("sim_changed_us", sa.BigInteger(), nullable=True),
        sa.Column("password_changed_us", sa.BigInteger(), nullable=True),
        sa.Column("pin_changed_us", sa.BigInteger(), nullable=True),
        sa.Column("lock_kind", sa.String(), nullable=True),
        sa.Column("lock_since_us", sa.BigInteger(), nullable=True),
        sa.Column("lock_until_us", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("language IN ('en', 'hi')", name=op.f("ck_customers_language")),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_customers")),
    )
    op.create_table(
        "due_events",
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("n", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("customer", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("tenant", "n", name=op.f("pk_due_events")),
    )
    op.create_index("ix_due_events_tenant_at_us", "due_events", ["tenant", "at_us"], unique=False)
    op.create_table(
        "effects",
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("effect", sa.String(), nullable=False),
        sa.Column("operation", sa.String(), nullable=False),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "effect", name=op.f("pk_effects")),
    )
    op.create_table(
        "events",
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("cursor", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("customer", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("tenant", "cursor", name=op.f("pk_events")),
    )
    op.create_table(
        "heads",
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("audit_n", sa.BigInteger(), nullable=False),
        sa.Column("audit_hash", sa.String(), nullable=False),
        sa.Column("event_cursor", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", name=op.f("pk_heads")),
    )
    op.create_table(
        "operations",
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("customer", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("inputs", sa.String(), nullable=False),
        sa.Column("status", sa.BigInteger(), nullable=False),
        sa.Column("result", sa.String(), nullable=False),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "key", name=op.f("pk_operations")),
    )
    op.create_table(
        "postings",
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.Column("value_date", sa.String(), nullable=False),
        sa.Column("operation", sa.String(), nullable=True),
        sa.Column("reversal_of", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant", "reversal_of"], ["postings.tenant", "postings.id"], name=op.f("fk_postings_tenant_reversal_of_postings")
        ),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_postings")),
        sa.UniqueConstraint("tenant", "reversal_of", name=op.f("uq_postings_tenant_reversal_of")),
    )
    op.create_table(
        "tenants",
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("offset_us", sa.BigInteger(), nullable=False),
        sa.Column("bank", sa.String(), nullable=False),
        sa.Column("helpline", sa.String(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("dropping", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", name=op.f("pk_tenants")),
    )
    op.create_table(
        "cards",
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("customer", sa.String(), nullable=False),
        sa.Column("last4", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("network", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("block_reason", sa.String(), nullable=True),
        sa.Column("blocked_us", sa.BigInteger(), nullable=True),
        sa.Column("expires", sa.String(), nullable=False),
        sa.CheckConstraint(
            "status IN ('active', 'blocked_own', 'blocked_bank', 'hotlisted', 'expired')", name=op.f("ck_cards_status")
        ),
        sa.ForeignKeyConstraint(
            ["tenant", "account"], ["accounts.tenant", "accounts.id"], name=op.f("fk_cards_tenant_account_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["tenant", "customer"], ["customers.tenant", "customers.id"], name=op.f("fk_cards_tenant_customer_customers")
        ),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_cards")),
    )
    op.create_index("ix_cards_tenant_customer", "cards", ["tenant", "customer"], unique=False)
    op.create_table(
        "challenges",
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("customer", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("binding", sa.String(), nullable=False),
        sa.Column("arguments", sa.String(), nullable=True),
        sa.Column("question", sa.String(), nullable=True),
        sa.Column("secret_hmac", sa.String(), nullable=False),
        sa.Column("created_us", sa.BigInteger(), nullable=False),
        sa.Column("expires_us", sa.BigInteger(), nullable=False),
        sa.Column("tries_left", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.CheckConstraint("kind IN ('otp', 'question')", name=op.f("ck_challenges_kind")),
        sa.CheckConstraint("state IN ('open', 'verified', 'locked', 'expired', 'replaced')", name=op.f("ck_challenges_state")),
        sa.CheckConstraint("tries_left >= 0", name=op.f("ck_challenges_tries_left")),
        sa.ForeignKeyConstraint(
            ["tenant", "customer"], ["customers.tenant", "customers.id"], name=op.f("fk_challenges_tenant_customer_customers")
        ),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_challenges")),
    )
    op.create_index(
        "ix_challenges_tenant_customer_kind_created_us", "challenges", ["tenant", "customer", "kind", "created_us"], unique=False
    )
    op.create_table(
        "crm_notes",
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("customer", sa.String(), nullable=False),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("fields", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "customer"], ["customers.tenant", "customers.id"], name=op.f("fk_crm_notes_tenant_customer_customers")
        ),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_crm_notes")),
    )
    op.create_index("ix_crm_notes_tenant_customer", "crm_notes", ["tenant", "customer"], unique=False)
    op.create_table(
        "devices",
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("customer", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("registered_us", sa.BigInteger(), nullable=False),
        sa.Column("last_seen_us", sa.BigInteger(), nullable=True),
        sa.Column("location", sa.String(), nullable=True),
        sa.Column("has_key", sa.Boolean(), nullable=False),
        sa.Column("app_version", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant", "customer"], ["customers.tenant", "customers.id"], name=op.f("fk_devices_tenant_customer_customers")
        ),
        sa.PrimaryKeyConstraint("tenant", "customer", "id", name=op.f("pk_devices")),
    )
    op.create_table(
        "entries",
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("posting", sa.String(), nullable=False),
        sa.Column("n", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("balance_minor", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount_minor <> 0", name=op.f("ck_entries_not_nothing")),
        sa.ForeignKeyConstraint(
            ["tenant", "account"], ["accounts.tenant", "accounts.id"], name=op.f("fk_entries_tenant_account_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["tenant", "posting"], ["postings.tenant", "postings.id"], name=op.f("fk_entries_tenant_posting_postings")
        ),
        sa.PrimaryKeyConstraint("tenant", "posting", "n", name=op.f("pk_entries")),
    )
    op.create_index("ix_entries_tenant_account", "entries", ["tenant", "account"], unique=False)
    op.create_table(
        "freezes",
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=True),
        sa.Column("authority", sa.String(), nullable=True),
        sa.Column("reference", sa.String(), nullable=True),
        sa.Column("cause", sa.String(), nullable=True),
        sa.Column("since_us", sa.BigInteger(), nullable=False),
        sa.Column("lifted_us", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("scope = 'full' OR amount_minor > 0", name=op.f("ck_freezes_lien_amount")),
        sa.CheckConstraint("scope IN ('full', 'lien')", name=op.f("ck_freezes_scope")),
        sa.ForeignKeyConstraint(
            ["tenant", "account"], ["accounts.tenant", "accounts.id"], name=op.f("fk_freezes_tenant_account_accounts")
        ),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_freezes")),
    )
    op.create_index("ix_freezes_tenant_account", "freezes", ["tenant", "account"], unique=False)
    op.create_table(
        "holders",
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("customer", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.CheckConstraint("role IN ('holder', 'guardian', 'mandate')", name=op.f("ck_holders_role")),
        sa.ForeignKeyConstraint(
            ["tenant", "account"], ["accounts.tenant", "accounts.id"], name=op.f("fk_holders_tenant_account_accounts")
        ),
        sa.PrimaryKeyConstraint("tenant", "account", "customer", name=op.f("pk_holders")),
    )
    op.create_index("ix_holders_tenant_customer", "holders", ["tenant", "customer"], unique=False)
    op.create_table(
        "holds",
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("card", sa.String(), nullable=True),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("merchant", sa.String(), nullable=False),
        sa.Column("placed_us", sa.BigInteger(), nullable=False),
        sa.Column("expires_us", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("posting", sa.String(), nullable=True),
        sa.CheckConstraint("(state = 'posted') = (posting IS NOT NULL)", name=op.f("ck_holds_posted")),
        sa.CheckConstraint("state IN ('pending', 'posted', 'voided', 'expired')", name=op.f("ck_holds_state")),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_holds_amount")),
        sa.ForeignKeyConstraint(
            ["tenant", "account"], ["accounts.tenant", "accounts.id"], name=op.f("fk_holds_tenant_account_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["tenant", "posting"], ["postings.tenant", "postings.id"], name=op.f("fk_holds_tenant_posting_postings")
        ),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_holds")),
    )
    op.create_index("ix_holds_tenant_account_state", "holds", ["tenant", "account", "state"], unique=False)
    op.create_index("ix_holds_tenant_state_expires_us", "holds", ["tenant", "state", "expires_us"], unique=False)
    op.create_table(
        "loans",
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("customer", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=True),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("principal_minor", sa.BigInteger(), nullable=False),
        sa.Column("outstanding_minor", sa.BigInteger(), nullable=False),
        sa.Column("emi_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("rate_bp", sa.BigInteger(), nullable=False),
        sa.Column("tenure_months", sa.BigInteger(), nullable=False),
        sa.Column("paid_months", sa.BigInteger(), nullable=False),
        sa.Column("next_due", sa.String(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "customer"], ["customers.tenant", "customers.id"], name=op.f("fk_loans_tenant_customer_customers")
        ),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_loans")),
    )
    op.create_index("ix_loans_tenant_customer", "loans", ["tenant", "customer"], unique=False)
    op.create_table(
        "logins",
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("customer", sa.String(), nullable=False),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.Column("result", sa.String(), nullable=False),
        sa.Column("device", sa.String(), nullable=True),
        sa.Column("location", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant", "customer"], ["customers.tenant", "customers.id"], name=op.f("fk_logins_tenant_customer_customers")
        ),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_logins")),
    )
    op.create_index("ix_logins_tenant_customer_at_us", "logins", ["tenant", "customer", "at_us"], unique=False)
    op.create_table(
        "phone_messages",
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("customer", sa.String(), nullable=False),
        sa.Column("n", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("template", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.CheckConstraint("channel IN ('sms', 'email', 'push')", name=op.f("ck_phone_messages_channel")),
        sa.ForeignKeyConstraint(
            ["tenant", "customer"], ["customers.tenant", "customers.id"], name=op.f("fk_phone_messages_tenant_customer_customers")
        ),
        sa.PrimaryKeyConstraint("tenant", "customer", "n", name=op.f("pk_phone_messages")),
    )
    op.create_table(
        "rail_limits",
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("customer", sa.String(), nullable=False),
        sa.Column("rail", sa.String(), nullable=False),
        sa.Column("per_transaction_minor", sa.BigInteger(), nullable=True),
        sa.Column("per_day_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "customer"], ["customers.tenant", "customers.id"], name=op.f("fk_rail_limits_tenant_customer_customers")
        ),
        sa.PrimaryKeyConstraint("tenant", "customer", "rail", name=op.f("pk_rail_limits")),
    )
    op.create_table(
        "security_answers",
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("customer", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("answer_hmac", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "customer"],
            ["customers.tenant", "customers.id"],
            name=op.f("fk_security_answers_tenant_customer_customers"),
        ),
        sa.PrimaryKeyConstraint("tenant", "customer", "id", name=op.f("pk_security_answers")),
    )
    op.create_table(
        "transactions",
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("card", sa.String(), nullable=True),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.Column("value_date", sa.String(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("rail", sa.String(), nullable=False),
        sa.Column("counterparty", sa.String(), nullable=False),
        sa.Column("remark", sa.String(), nullable=True),
        sa.Column("merchant_category", sa.String(), nullable=True),
        sa.Column("merchant_verified", sa.Boolean(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("device", sa.String(), nullable=True),
        sa.Column("location", sa.String(), nullable=True),
        sa.Column("authenticated_by", sa.String(), nullable=True),
        sa.Column("payee", sa.String(), nullable=True),
        sa.Column("alert_us", sa.BigInteger(), nullable=True),
        sa.Column("posting", sa.String(), nullable=True),
        sa.Column("reversal_of", sa.String(), nullable=True),
        sa.CheckConstraint("status IN ('posted', 'pending', 'failed', 'reversed')", name=op.f("ck_transactions_status")),
        sa.ForeignKeyConstraint(
            ["tenant", "account"], ["accounts.tenant", "accounts.id"], name=op.f("fk_transactions_tenant_account_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["tenant", "posting"], ["postings.tenant", "postings.id"], name=op.f("fk_transactions_tenant_posting_postings")
        ),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_transactions")),
        sa.UniqueConstraint("tenant", "posting", "account", name=op.f("uq_transactions_tenant_posting_account")),
    )
    op.create_index("ix_transactions_tenant_account_at_us", "transactions", ["tenant", "account", "at_us"], unique=False)
    op.create_table(
        "disputes",
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("customer", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("transaction", sa.String(), nullable=False),
        sa.Column("dispute_type", sa.String(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("opened_us", sa.BigInteger(), nullable=False),
        sa.Column("credit", sa.String(), nullable=True),
        sa.CheckConstraint(
            "status IN ('open', 'resolved_customer', 'resolved_bank', 'withdrawn')", name=op.f("ck_disputes_status")
        ),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_disputes_amount")),
        sa.ForeignKeyConstraint(
            ["tenant", "customer"], ["customers.tenant", "customers.id"], name=op.f("fk_disputes_tenant_customer_customers")
        ),
        sa.ForeignKeyConstraint(
            ["tenant", "transaction"],
            ["transactions.tenant", "transactions.id"],
            name=op.f("fk_disputes_tenant_transaction_transactions"),
        ),
        sa.PrimaryKeyConstraint("tenant", "reference", name=op.f("pk_disputes")),
        sa.UniqueConstraint("tenant", "credit", name=op.f("uq_disputes_tenant_credit")),
        sa.UniqueConstraint("tenant", "transaction", name=op.f("uq_disputes_tenant_transaction")),
    )
    op.create_index("ix_disputes_tenant_customer", "disputes", ["tenant", "customer"], unique=False)
    op.create_table(
        "fraud_alerts",
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("customer", sa.String(), nullable=False),
        sa.Column("transaction", sa.String(), nullable=False),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "transaction"],
            ["transactions.tenant", "transactions.id"],
            name=op.f("fk_fraud_alerts_tenant_transaction_transactions"),
        ),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_fraud_alerts")),
    )
    op.create_index("ix_fraud_alerts_tenant_customer", "fraud_alerts", ["tenant", "customer"], unique=False)
    op.create_table(
        "fraud_assessments",
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("transaction", sa.String(), nullable=False),
        sa.Column("fault", sa.String(), nullable=False),
        sa.Column("score_bp", sa.BigInteger(), nullable=True),
        sa.Column("reasons", sa.String(), nullable=False),
        sa.Column("as_of_us", sa.BigInteger(), nullable=True),
        sa.Column("missing", sa.Boolean(), nullable=False),
        sa.CheckConstraint("fault IN ('bank', 'third_party', 'customer', 'unknown')", name=op.f("ck_fraud_assessments_fault")),
        sa.CheckConstraint("score_bp BETWEEN 0 AND 10000", name=op.f("ck_fraud_assessments_score_bp")),
        sa.ForeignKeyConstraint(
            ["tenant", "transaction"],
            ["transactions.tenant", "transactions.id"],
            name=op.f("fk_fraud_assessments_tenant_transaction_transactions"),
        ),
        sa.PrimaryKeyConstraint("tenant", "transaction", name=op.f("pk_fraud_assessments")),
    )
    op.create_table(
        "rail_states",
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("transaction", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("beneficiary_credited", sa.Boolean(), nullable=True),
        sa.Column("settlement", sa.String(), nullable=False),
        sa.Column("updated_us", sa.BigInteger(), nullable=False),
        sa.Column("reversal_due", sa.String(), nullable=True),
        sa.Column("response_code", sa.String(), nullable=True),
        sa.CheckConstraint("state IN ('settled', 'pending', 'failed', 'deemed', 'returned')", name=op.f("ck_rail_states_state")),
        sa.ForeignKeyConstraint(
            ["tenant", "transaction"],
            ["transactions.tenant", "transactions.id"],
            name=op.f("fk_rail_states_tenant_transaction_transactions"),
        ),
        sa.PrimaryKeyConstraint("tenant", "transaction", name=op.f("pk_rail_states")),
    )
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in SQLITE_TRIGGERS if on_sqlite else POSTGRESQL_TRIGGERS:
        op.execute(sa.text(statement))
