"""Tables of the ledger: accounts, postings with their entries, holds, and what makes a call happen once."""

from __future__ import annotations

import sqlalchemy as sa

from bank.columns import count, flag, instant, key, money, number, one_of, refers, table, text

#: Customer accounts and the bank's own (`internal`) ones. `dues_minor` is owed besides what the ledger says. `ledger_minor` is what the entries of the account sum to.
#: A customer account cannot go below its credit limit, whatever the code says.
accounts = table(
    "accounts",
    key("id"),
    text("kind"),
    text("number"),
    text("type"),
    text("product"),
    text("currency"),
    text("status"),
    text("ownership"),
    text("home_branch", null=True),
    instant("opened_us"),
    instant("dormant_since_us", null=True),
    money("credit_limit_minor"),
    money("average_balance_minor", null=True),
    money("ledger_minor"),
    count("version"),
    money("dues_minor", null=True),
    text("us_regulation", null=True),
    count("cycle_day", null=True),
    one_of("kind", "customer", "internal"),
    one_of("status", "active", "dormant", "closed"),
    one_of("ownership", "sole", "either_survivor", "jointly", "anyone", "minor_guardian", "bank"),
    sa.CheckConstraint("kind = 'internal' OR ledger_minor >= -credit_limit_minor", name="not_overdrawn"),
    sa.CheckConstraint("credit_limit_minor >= 0", name="credit_limit"),
    sa.CheckConstraint("version >= 0", name="version"),
)

#: Who may see and use an account.
holders = table(
    "holders",
    key("account"),
    key("customer"),
    text("role"),
    one_of("role", "holder", "guardian", "mandate"),
    refers("accounts", "account"),
    sa.Index("ix_holders_tenant_customer", "tenant", "customer"),
)

#: Stops on a whole account (`full`) or on a part of its balance (`lien`). Only the bank's own people lift them.
freezes = table(
    "freezes",
    key("id"),
    text("account"),
    text("scope"),
    text("kind"),
    money("amount_minor", null=True),
    text("authority", null=True),
    text("reference", null=True),
    text("cause", null=True),
    instant("since_us"),
    instant("lifted_us", null=True),
    one_of("scope", "full", "lien"),
    sa.CheckConstraint("scope = 'full' OR amount_minor > 0", name="lien_amount"),
    refers("accounts", "account"),
    sa.Index("ix_freezes_tenant_account", "tenant", "account"),
)

#: One movement of money, never changed. A correction is another posting whose `reversal_of` names this one, at most once.
postings = table(
    "postings",
    key("id"),
    text("kind"),
    instant("at_us"),
    text("value_date"),
    text("operation", null=True),
    text("reversal_of", null=True),
    sa.UniqueConstraint("tenant", "reversal_of"),
    refers("postings", "reversal_of"),
)

#: The legs of a posting; they sum to zero in each currency. Positive is a credit to the account.
entries = table(
    "entries",
    key("posting"),
    number("n"),
    text("account"),
    money("amount_minor"),
    text("currency"),
    money("balance_minor"),
    sa.CheckConstraint("amount_minor <> 0", name="not_nothing"),
    refers("postings", "posting"),
    refers("accounts", "account"),
    sa.Index("ix_entries_tenant_account", "tenant", "account"),
)

#: Authorisations that lower the available balance: pending becomes posted, voided or expired, and stays so.
holds = table(
    "holds",
    key("id"),
    text("account"),
    text("card", null=True),
    money("amount_minor"),
    text("currency"),
    text("reason"),
    text("merchant"),
    instant("placed_us"),
    instant("expires_us"),
    text("state"),
    text("posting", null=True),
    one_of("state", "pending", "posted", "voided", "expired"),
    sa.CheckConstraint("amount_minor > 0", name="amount"),
    sa.CheckConstraint("(state = 'posted') = (posting IS NOT NULL)", name="posted"),
    refers("accounts", "account"),
    refers("postings", "posting"),
    sa.Index("ix_holds_tenant_account_state", "tenant", "account", "state"),
    sa.Index("ix_holds_tenant_state_expires_us", "tenant", "state", "expires_us"),
)

#: What a customer's statement shows. A failed or pending payment has no posting. `findings` is JSON: what an investigation found.
transactions = table(
    "transactions",
    key("id"),
    text("account"),
    text("card", null=True),
    instant("at_us"),
    text("value_date"),
    money("amount_minor"),
    text("currency"),
    text("kind"),
    text("rail"),
    text("counterparty"),
    text("remark", null=True),
    text("merchant_category", null=True),
    flag("merchant_verified", null=True),
    text("status"),
    text("reference"),
    text("device", null=True),
    text("location", null=True),
    text("authenticated_by", null=True),
    text("payee", null=True),
    instant("alert_us", null=True),
    text("posting", null=True),
    text("reversal_of", null=True),
    text("payee_ref", null=True),
    text("mandate", null=True),
    flag("cross_border", null=True),
    text("expected_delivery", null=True),
    text("findings", null=True),
    one_of("status", "posted", "pending", "failed", "reversed"),
    refers("accounts", "account"),
    refers("postings", "posting"),
    sa.UniqueConstraint("tenant", "posting", "account"),
    sa.Index("ix_transactions_tenant_account_at_us", "tenant", "account", "at_us"),
)

#: One row per idempotency key: what was asked (as a digest), what was answered.
operations = table(
    "operations",
    key("key"),
    text("customer"),
    text("action"),
    text("inputs"),
    count("status"),
    text("result"),
    instant("at_us"),
)

#: Effects that hold in the world: one provisional credit per transaction and leg, whoever asks. An undone effect's row goes.
effects = table("effects", key("effect"), text("operation"), instant("at_us"))

#: Approvals that were used; each moves or changes something once.
approval_uses = table("approval_uses", key("jti"), text("operation"), instant("at_us"))
