"""Tables around the ledger: tenants and their clocks, people and their things, cases, identity, messages, audit and events."""

from __future__ import annotations

import sqlalchemy as sa

from bank import case_tables, service_tables
from bank.columns import count, flag, instant, key, metadata, money, number, one_of, refers, table, text
from bank.ledger import tables as ledger

__all__ = ["case_tables", "ledger", "metadata", "service_tables"]

#: One bank among others. `offset_us` is business time minus wall time and only grows once set (a trigger keeps that).
#: `dropping` lets a sandbox tenant's append-only rows go with it.
tenants = table(
    "tenants",
    instant("offset_us"),
    text("bank"),
    text("helpline"),
    text("zone"),
    flag("dropping"),
)

#: A branch with its calendar: closed Saturdays and weekly days off as JSON lists, holidays as {day: name}.
branches = table(
    "branches", key("id"), text("name"), text("city"), text("closed_saturdays"), text("weekly_off"), text("holidays")
)

#: `kind` is who the customer is to the law; without it an individual. `lock_id` names the lock that stands.
customers = table(
    "customers",
    key("id"),
    text("name"),
    text("about", null=True),
    text("language"),
    text("segment"),
    text("home_branch"),
    text("date_of_birth", null=True),
    text("deceased_on", null=True),
    text("kyc_risk"),
    text("kyc_due", null=True),
    count("kyc_notices"),
    text("mobile", null=True),
    text("email", null=True),
    instant("mobile_changed_us", null=True),
    instant("email_changed_us", null=True),
    instant("sim_changed_us", null=True),
    instant("password_changed_us", null=True),
    instant("pin_changed_us", null=True),
    text("lock_kind", null=True),
    instant("lock_since_us", null=True),
    instant("lock_until_us", null=True),
    text("kind", null=True),
    text("address", null=True),
    instant("address_changed_us", null=True),
    text("lock_id", null=True),
    one_of("language", "en", "hi"),
)

devices = table(
    "devices",
    key("customer"),
    key("id"),
    text("name"),
    instant("registered_us"),
    instant("last_seen_us", null=True),
    text("location", null=True),
    flag("has_key"),
    text("app_version", null=True),
    refers("customers", "customer"),
)

logins = table(
    "logins",
    key("id"),
    text("customer"),
    instant("at_us"),
    text("result"),
    text("device", null=True),
    text("location", null=True),
    refers("customers", "customer"),
    sa.Index("ix_logins_tenant_customer_at_us", "tenant", "customer", "at_us"),
)

rail_limits = table(
    "rail_limits",
    key("customer"),
    key("rail"),
    money("per_transaction_minor", null=True),
    money("per_day_minor"),
    text("currency"),
    refers("customers", "customer"),
)

#: `block_id` names the block that stands, so that each is lifted once; `replacement_us` is when a new card was ordered.
cards = table(
    "cards",
    key("id"),
    text("account"),
    text("customer"),
    text("last4"),
    text("kind"),
    text("network"),
    text("status"),
    text("block_reason", null=True),
    instant("blocked_us", null=True),
    text("expires"),
    text("block_id", null=True),
    instant("replacement_us", null=True),
    one_of("status", "active", "blocked_own", "blocked_bank", "hotlisted", "expired"),
    refers("accounts", "account"),
    refers("customers", "customer"),
    sa.Index("ix_cards_tenant_customer", "tenant", "customer"),
)

#: What a payment rail knows about a transfer: where it is, whether a reversal waits, what the other bank raised (`tcc_ret`), whose
#: doing a failure was, and at whose end it was late (`delay_at`).
rail_states = table(
    "rail_states",
    key("transaction"),
    text("state"),
    flag("beneficiary_credited", null=True),
    text("settlement"),
    instant("updated_us"),
    text("reversal_due", null=True),
    text("response_code", null=True),
    text("reversal", null=True),
    text("tcc_ret", null=True),
    text("failure_cause", null=True),
    text("delay_at", null=True),
    one_of("state", "settled", "pending", "failed", "deemed", "returned"),
    refers("transactions", "transaction"),
)

#: What the fraud desk says over the computed score; `missing` takes the score away. `recovered_minor` came back of the loss.
fraud_assessments = table(
    "fraud_assessments",
    key("transaction"),
    text("fault"),
    count("score_bp", null=True),
    text("reasons"),
    instant("as_of_us", null=True),
    flag("missing"),
    money("recovered_minor", null=True),
    one_of("fault", "bank", "third_party", "customer", "unknown"),
    sa.CheckConstraint("score_bp BETWEEN 0 AND 10000", name="score_bp"),
    refers("transactions", "transaction"),
)

#: One dispute a transaction. `credit` is the transaction that credited it provisionally.
disputes = table(
    "disputes",
    key("reference"),
    text("customer"),
    text("account"),
    text("transaction"),
    text("dispute_type"),
    money("amount_minor"),
    text("currency"),
    text("status"),
    instant("opened_us"),
    text("credit", null=True),
    one_of("status", "open", "resolved_customer", "resolved_bank", "withdrawn"),
    sa.CheckConstraint("amount_minor > 0", name="amount"),
    refers("customers", "customer"),
    refers("transactions", "transaction"),
    sa.UniqueConstraint("tenant", "transaction"),
    sa.UniqueConstraint("tenant", "credit"),
    sa.Index("ix_disputes_tenant_customer", "tenant", "customer"),
)

loans = table(
    "loans",
    key("id"),
    text("customer"),
    text("account", null=True),
    text("type"),
    money("principal_minor"),
    money("outstanding_minor"),
    money("emi_minor"),
    text("currency"),
    count("rate_bp"),
    count("tenure_months"),
    count("paid_months"),
    text("next_due", null=True),
    text("status"),
    refers("customers", "customer"),
    sa.Index("ix_loans_tenant_customer", "tenant", "customer"),
)

#: The bank keeps an HMAC of each answer; the key is a file outside the database.
security_answers = table(
    "security_answers", key("customer"), key("id"), text("question"), text("answer_hmac"), refers("customers", "customer")
)

#: OTPs and security questions put to a customer. The code is kept as an HMAC; `binding` is the digest it proves.
challenges = table(
    "challenges",
    key("id"),
    text("customer"),
    text("kind"),
    text("purpose"),
    text("binding"),
    text("arguments", null=True),
    text("question", null=True),
    text("secret_hmac"),
    instant("created_us"),
    instant("expires_us"),
    count("tries_left"),
    text("state"),
    one_of("kind", "otp", "question"),
    one_of("state", "open", "verified", "locked", "expired", "replaced"),
    sa.CheckConstraint("tries_left >= 0", name="tries_left"),
    refers("customers", "customer"),
    sa.Index("ix_challenges_tenant_customer_kind_created_us", "tenant", "customer", "kind", "created_us"),
)

crm_notes = table(
    "crm_notes",
    key("id"),
    text("customer"),
    instant("at_us"),
    text("kind"),
    text("fields"),
    refers("customers", "customer"),
    sa.Index("ix_crm_notes_tenant_customer", "tenant", "customer"),
)

fraud_alerts = table(
    "fraud_alerts",
    key("id"),
    text("customer"),
    text("transaction"),
    instant("at_us"),
    text("reason"),
    refers("transactions", "transaction"),
    sa.Index("ix_fraud_alerts_tenant_customer", "tenant", "customer"),
)

#: What the sandbox phone has received. In order of `n`, which counts per customer.
phone_messages = table(
    "phone_messages",
    key("customer"),
    number("n"),
    instant("at_us"),
    text("channel"),
    text("template"),
    text("text"),
    one_of("channel", "sms", "email", "push"),
    refers("customers", "customer"),
)

#: The bank's own audit trail: a hash chain per tenant, append-only.
audit_entries = table("audit_entries", number("n"), text("previous"), instant("at_us"), text("kind"), text("body"), text("hash"))

#: What the bank says by itself, in order of `cursor`.
events = table("events", number("cursor"), instant("at_us"), text("kind"), text("customer"), text("subject", null=True))

#: The ends of both sequences; the row's lock makes their order the order of commits.
heads = table("heads", count("audit_n"), text("audit_hash"), count("event_cursor"))

#: Events of a world that are still to come.
due_events = table(
    "due_events",
    number("n"),
    instant("at_us"),
    text("kind"),
    text("customer"),
    text("subject", null=True),
    sa.Index("ix_due_events_tenant_at_us", "tenant", "at_us"),
)
