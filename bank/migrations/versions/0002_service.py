"""What every action of the gate needs of the bank: fees, limits, payees, mandates, complaints, chargebacks, compensations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "tariff",
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("waived_for", sa.String(), nullable=False),
        sa.Column("once_per", sa.String(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('min_balance', 'reactivation', 'sms_alert', 'atm', 'late_payment', 'annual', 'transfer', 'card_replacement', 'other')",
            name=op.f("ck_tariff_kind"),
        ),
        sa.CheckConstraint("once_per IN ('event', 'month', 'quarter', 'year')", name=op.f("ck_tariff_once_per")),
        sa.CheckConstraint("amount_minor >= 0", name=op.f("ck_tariff_amount")),
        sa.PrimaryKeyConstraint("tenant", "kind", name=op.f("pk_tariff")),
    )
    op.create_table(
        "closures",
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("customer", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("checklist", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("requested_us", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("status IN ('requested', 'done', 'withdrawn')", name=op.f("ck_closures_status")),
        sa.ForeignKeyConstraint(
            ["tenant", "account"], ["accounts.tenant", "accounts.id"], name=op.f("fk_closures_tenant_account_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["tenant", "customer"], ["customers.tenant", "customers.id"], name=op.f("fk_closures_tenant_customer_customers")
        ),
        sa.PrimaryKeyConstraint("tenant", "reference", name=op.f("pk_closures")),
    )
    op.create_index("ix_closures_tenant_account", "closures", ["tenant", "account"], unique=False)
    op.create_table(
        "complaints",
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("customer", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("opened_us", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("status IN ('open', 'closed')", name=op.f("ck_complaints_status")),
        sa.ForeignKeyConstraint(
            ["tenant", "customer"], ["customers.tenant", "customers.id"], name=op.f("fk_complaints_tenant_customer_customers")
        ),
        sa.PrimaryKeyConstraint("tenant", "reference", name=op.f("pk_complaints")),
    )
    op.create_index("ix_complaints_tenant_customer", "complaints", ["tenant", "customer"], unique=False)
    op.create_table(
        "fraud_reports",
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("customer", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("reported_us", sa.BigInteger(), nullable=False),
        sa.Column("ncrp_us", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant", "customer"], ["customers.tenant", "customers.id"], name=op.f("fk_fraud_reports_tenant_customer_customers")
        ),
        sa.PrimaryKeyConstraint("tenant", "reference", name=op.f("pk_fraud_reports")),
    )
    op.create_index("ix_fraud_reports_tenant_customer", "fraud_reports", ["tenant", "customer"], unique=False)
    op.create_table(
        "login_unlocks",
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("lock", sa.String(), nullable=False),
        sa.Column("customer", sa.String(), nullable=False),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "customer"], ["customers.tenant", "customers.id"], name=op.f("fk_login_unlocks_tenant_customer_customers")
        ),
        sa.PrimaryKeyConstraint("tenant", "lock", name=op.f("pk_login_unlocks")),
    )
    op.create_index("ix_login_unlocks_tenant_customer_at_us", "login_unlocks", ["tenant", "customer", "at_us"], unique=False)
    op.create_table(
        "mandates",
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("creditor", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("max_minor", sa.BigInteger(), nullable=False),
        sa.Column("proposed_max_minor", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("registered_us", sa.BigInteger(), nullable=True),
        sa.Column("next_debit", sa.String(), nullable=True),
        sa.Column("notice_us", sa.BigInteger(), nullable=True),
        sa.Column("skip_next", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "category IN ('general', 'insurance', 'mutual_fund', 'credit_card_bill', 'fastag')", name=op.f("ck_mandates_category")
        ),
        sa.CheckConstraint("status IN ('pending', 'active', 'withdrawn', 'expired')", name=op.f("ck_mandates_status")),
        sa.CheckConstraint("max_minor > 0", name=op.f("ck_mandates_max")),
        sa.ForeignKeyConstraint(
            ["tenant", "account"], ["accounts.tenant", "accounts.id"], name=op.f("fk_mandates_tenant_account_accounts")
        ),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_mandates")),
    )
    op.create_index("ix_mandates_tenant_account", "mandates", ["tenant", "account"], unique=False)
    op.create_table(
        "payees",
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("customer", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("handle", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=True),
        sa.Column("added_us", sa.BigInteger(), nullable=False),
        sa.Column("name_match", sa.String(), nullable=False),
        sa.Column("merchant_category", sa.String(), nullable=True),
        sa.Column("merchant_verified", sa.Boolean(), nullable=False),
        sa.CheckConstraint("name_match IN ('match', 'close', 'mismatch', 'unavailable')", name=op.f("ck_payees_name_match")),
        sa.ForeignKeyConstraint(
            ["tenant", "account"], ["accounts.tenant", "accounts.id"], name=op.f("fk_payees_tenant_account_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["tenant", "customer"], ["customers.tenant", "customers.id"], name=op.f("fk_payees_tenant_customer_customers")
        ),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_payees")),
    )
    op.create_index("ix_payees_tenant_customer", "payees", ["tenant", "customer"], unique=False)
    op.create_table(
        "reset_links",
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("customer", sa.String(), nullable=False),
        sa.Column("contact", sa.String(), nullable=False),
        sa.Column("secret_hash", sa.String(), nullable=False),
        sa.Column("sent_us", sa.BigInteger(), nullable=False),
        sa.Column("expires_us", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("contact IN ('mobile', 'email')", name=op.f("ck_reset_links_contact")),
        sa.ForeignKeyConstraint(
            ["tenant", "customer"], ["customers.tenant", "customers.id"], name=op.f("fk_reset_links_tenant_customer_customers")
        ),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_reset_links")),
    )
    op.create_index("ix_reset_links_tenant_customer_sent_us", "reset_links", ["tenant", "customer", "sent_us"], unique=False)
    op.create_table(
        "use_limits",
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("card", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("value_minor", sa.BigInteger(), nullable=False),
        sa.Column("cap_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('upi', 'imps', 'neft', 'rtgs', 'atm', 'card_pos', 'card_online', 'card_international', 'card_contactless')",
            name=op.f("ck_use_limits_kind"),
        ),
        sa.CheckConstraint("value_minor >= 0 AND value_minor <= cap_minor", name=op.f("ck_use_limits_value")),
        sa.ForeignKeyConstraint(
            ["tenant", "account"], ["accounts.tenant", "accounts.id"], name=op.f("fk_use_limits_tenant_account_accounts")
        ),
        sa.PrimaryKeyConstraint("tenant", "account", "card", "kind", name=op.f("pk_use_limits")),
    )
    op.create_table(
        "chargebacks",
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("customer", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("transaction", sa.String(), nullable=False),
        sa.Column("dispute", sa.String(), nullable=False),
        sa.Column("network", sa.String(), nullable=False),
        sa.Column("payee", sa.String(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("raised_us", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("network IN ('upi', 'visa', 'mastercard', 'rupay', 'other')", name=op.f("ck_chargebacks_network")),
        sa.CheckConstraint("status IN ('raised', 'accepted', 'declined')", name=op.f("ck_chargebacks_status")),
        sa.ForeignKeyConstraint(
            ["tenant", "customer"], ["customers.tenant", "customers.id"], name=op.f("fk_chargebacks_tenant_customer_customers")
        ),
        sa.ForeignKeyConstraint(
            ["tenant", "transaction"],
            ["transactions.tenant", "transactions.id"],
            name=op.f("fk_chargebacks_tenant_transaction_transactions"),
        ),
        sa.PrimaryKeyConstraint("tenant", "reference", name=op.f("pk_chargebacks")),
        sa.UniqueConstraint("tenant", "transaction", name=op.f("uq_chargebacks_tenant_transaction")),
    )
    op.create_index("ix_chargebacks_tenant_account_raised_us", "chargebacks", ["tenant", "account", "raised_us"], unique=False)
    op.create_table(
        "compensations",
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("transaction", sa.String(), nullable=False),
        sa.Column("customer", sa.String(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("kind IN ('tat', 'fraud')", name=op.f("ck_compensations_kind")),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_compensations_amount")),
        sa.ForeignKeyConstraint(
            ["tenant", "customer"], ["customers.tenant", "customers.id"], name=op.f("fk_compensations_tenant_customer_customers")
        ),
        sa.ForeignKeyConstraint(
            ["tenant", "transaction"],
            ["transactions.tenant", "transactions.id"],
            name=op.f("fk_compensations_tenant_transaction_transactions"),
        ),
        sa.PrimaryKeyConstraint("tenant", "kind", "transaction", name=op.f("pk_compensations")),
    )
    op.create_index("ix_compensations_tenant_customer_kind", "compensations", ["tenant", "customer", "kind"], unique=False)
    op.create_table(
        "fees",
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("transaction", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("charged_us", sa.BigInteger(), nullable=False),
        sa.Column("is_tax", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('min_balance', 'reactivation', 'sms_alert', 'atm', 'late_payment', 'annual', 'transfer', 'card_replacement', 'other')",
            name=op.f("ck_fees_kind"),
        ),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_fees_amount")),
        sa.ForeignKeyConstraint(
            ["tenant", "account"], ["accounts.tenant", "accounts.id"], name=op.f("fk_fees_tenant_account_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["tenant", "transaction"],
            ["transactions.tenant", "transactions.id"],
            name=op.f("fk_fees_tenant_transaction_transactions"),
        ),
        sa.PrimaryKeyConstraint("tenant", "id", name=op.f("pk_fees")),
    )
    op.create_index("ix_fees_tenant_account_kind", "fees", ["tenant", "account", "kind"], unique=False)
    op.create_table(
        "fee_refunds",
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("fee", sa.String(), nullable=False),
        sa.Column("customer", sa.String(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("error", sa.Boolean(), nullable=False),
        sa.Column("by_person", sa.Boolean(), nullable=False),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_fee_refunds_amount")),
        sa.ForeignKeyConstraint(
            ["tenant", "customer"], ["customers.tenant", "customers.id"], name=op.f("fk_fee_refunds_tenant_customer_customers")
        ),
        sa.ForeignKeyConstraint(["tenant", "fee"], ["fees.tenant", "fees.id"], name=op.f("fk_fee_refunds_tenant_fee_fees")),
        sa.PrimaryKeyConstraint("tenant", "fee", name=op.f("pk_fee_refunds")),
    )
    op.create_index("ix_fee_refunds_tenant_customer_at_us", "fee_refunds", ["tenant", "customer", "at_us"], unique=False)
    op.add_column("accounts", sa.Column("dues_minor", sa.BigInteger(), nullable=True))
    op.add_column("accounts", sa.Column("us_regulation", sa.String(), nullable=True))
    op.add_column("accounts", sa.Column("cycle_day", sa.BigInteger(), nullable=True))
    op.add_column("cards", sa.Column("block_id", sa.String(), nullable=True))
    op.add_column("cards", sa.Column("replacement_us", sa.BigInteger(), nullable=True))
    op.add_column("customers", sa.Column("kind", sa.String(), nullable=True))
    op.add_column("customers", sa.Column("address", sa.String(), nullable=True))
    op.add_column("customers", sa.Column("address_changed_us", sa.BigInteger(), nullable=True))
    op.add_column("customers", sa.Column("lock_id", sa.String(), nullable=True))
    op.add_column("fraud_assessments", sa.Column("recovered_minor", sa.BigInteger(), nullable=True))
    op.add_column("rail_states", sa.Column("reversal", sa.String(), nullable=True))
    op.add_column("rail_states", sa.Column("tcc_ret", sa.String(), nullable=True))
    op.add_column("rail_states", sa.Column("failure_cause", sa.String(), nullable=True))
    op.add_column("rail_states", sa.Column("delay_at", sa.String(), nullable=True))
    op.add_column("transactions", sa.Column("payee_ref", sa.String(), nullable=True))
    op.add_column("transactions", sa.Column("mandate", sa.String(), nullable=True))
    op.add_column("transactions", sa.Column("cross_border", sa.Boolean(), nullable=True))
    op.add_column("transactions", sa.Column("expected_delivery", sa.String(), nullable=True))
    op.add_column("transactions", sa.Column("findings", sa.String(), nullable=True))
    # Blocks and locks that stand get the names that worlds give them too.
    op.execute(sa.text("UPDATE cards SET block_id = 'BLK-' || id WHERE status IN ('blocked_own', 'blocked_bank')"))
    op.execute(sa.text("UPDATE customers SET lock_id = 'LOCK-' || id WHERE lock_kind IS NOT NULL"))
