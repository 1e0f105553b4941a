"""Tables of what can be served: fees and the tariff they are held against, limits, payees, mandates, unlocked logins, reset links."""

from __future__ import annotations

import sqlalchemy as sa

from bank.columns import count, flag, instant, key, money, one_of, refers, table, text

FEE_KINDS = ("min_balance", "reactivation", "sms_alert", "atm", "late_payment", "annual", "transfer", "card_replacement", "other")
LIMIT_KINDS = ("upi", "imps", "neft", "rtgs", "atm", "card_pos", "card_online", "card_international", "card_contactless")

#: What a fee of a kind may be, GST included, and for whom it is not due at all. `waived_for` is a JSON list of account types,
#: segments and account statuses; `once_per` is the period in which one such fee may be charged to an account.
tariff = table(
    "tariff",
    key("kind"),
    money("amount_minor"),
    text("currency"),
    text("waived_for"),
    text("once_per"),
    one_of("kind", *FEE_KINDS),
    one_of("once_per", "event", "month", "quarter", "year"),
    sa.CheckConstraint("amount_minor >= 0", name="amount"),
)

#: What was charged. `transaction` is the line on the statement.
fees = table(
    "fees",
    key("id"),
    text("account"),
    text("transaction"),
    text("kind"),
    money("amount_minor"),
    text("currency"),
    instant("charged_us"),
    flag("is_tax"),
    one_of("kind", *FEE_KINDS),
    sa.CheckConstraint("amount_minor > 0", name="amount"),
    refers("accounts", "account"),
    refers("transactions", "transaction"),
    sa.Index("ix_fees_tenant_account_kind", "tenant", "account", "kind"),
)

#: What was given back of a fee, once. `error` says whether it was not due; `by_person`, whether somebody of the bank decided it.
fee_refunds = table(
    "fee_refunds",
    key("fee"),
    text("customer"),
    money("amount_minor"),
    text("currency"),
    flag("error"),
    flag("by_person"),
    instant("at_us"),
    sa.CheckConstraint("amount_minor > 0", name="amount"),
    refers("fees", "fee"),
    refers("customers", "customer"),
    sa.Index("ix_fee_refunds_tenant_customer_at_us", "tenant", "customer", "at_us"),
)

#: How much of a kind of use an account or card allows; 0 = switched off. `card` is empty where it is the account's.
use_limits = table(
    "use_limits",
    key("account"),
    key("card"),
    key("kind"),
    money("value_minor"),
    money("cap_minor"),
    text("currency"),
    count("version"),
    one_of("kind", *LIMIT_KINDS),
    sa.CheckConstraint("value_minor >= 0 AND value_minor <= cap_minor", name="value"),
    refers("accounts", "account"),
)

#: Whom a customer may pay. `account` is one of this bank's, where the payee has one here.
payees = table(
    "payees",
    key("id"),
    text("customer"),
    text("name"),
    text("handle"),
    text("account", null=True),
    instant("added_us"),
    text("name_match"),
    text("merchant_category", null=True),
    flag("merchant_verified"),
    one_of("name_match", "match", "close", "mismatch", "unavailable"),
    refers("customers", "customer"),
    refers("accounts", "account"),
    sa.Index("ix_payees_tenant_customer", "tenant", "customer"),
)

#: Standing debits. `pending` waits for the customer's word; `proposed_max_minor` is a change that waits for it.
mandates = table(
    "mandates",
    key("id"),
    text("account"),
    text("creditor"),
    text("category"),
    money("max_minor"),
    money("proposed_max_minor", null=True),
    text("currency"),
    text("status"),
    instant("registered_us", null=True),
    text("next_debit", null=True),
    instant("notice_us", null=True),
    flag("skip_next"),
    one_of("status", "pending", "active", "withdrawn", "expired"),
    one_of("category", "general", "insurance", "mutual_fund", "credit_card_bill", "fastag"),
    sa.CheckConstraint("max_minor > 0", name="max"),
    refers("accounts", "account"),
    sa.Index("ix_mandates_tenant_account", "tenant", "account"),
)

#: Locks that were opened, each once.
login_unlocks = table(
    "login_unlocks",
    key("lock"),
    text("customer"),
    instant("at_us"),
    refers("customers", "customer"),
    sa.Index("ix_login_unlocks_tenant_customer_at_us", "tenant", "customer", "at_us"),
)

#: Links for a new password that went out. Of the link itself the bank keeps a hash.
reset_links = table(
    "reset_links",
    key("id"),
    text("customer"),
    text("contact"),
    text("secret_hash"),
    instant("sent_us"),
    instant("expires_us"),
    one_of("contact", "mobile", "email"),
    refers("customers", "customer"),
    sa.Index("ix_reset_links_tenant_customer_sent_us", "tenant", "customer", "sent_us"),
)
