"""Tables of what goes on record beside disputes: complaints, fraud reports, chargebacks, compensations, requests to close."""

from __future__ import annotations

import sqlalchemy as sa

from bank.columns import instant, key, money, one_of, refers, table, text

#: `about` is what the complaint names: an account, a payment, or the message it was made in.
complaints = table(
    "complaints",
    key("reference"),
    text("customer"),
    text("category"),
    text("about"),
    text("status"),
    instant("opened_us"),
    one_of("status", "open", "closed"),
    refers("customers", "customer"),
    sa.Index("ix_complaints_tenant_customer", "tenant", "customer"),
)

#: `ncrp_us` is when the customer also reported it to NCRP or 1930.
fraud_reports = table(
    "fraud_reports",
    key("reference"),
    text("customer"),
    text("kind"),
    text("about"),
    instant("reported_us"),
    instant("ncrp_us", null=True),
    refers("customers", "customer"),
    sa.Index("ix_fraud_reports_tenant_customer", "tenant", "customer"),
)

#: Claims on another bank through the rail's own procedure, one a payment. `payee` is whom the rail knows as the other side.
chargebacks = table(
    "chargebacks",
    key("reference"),
    text("customer"),
    text("account"),
    text("transaction"),
    text("dispute"),
    text("network"),
    text("payee"),
    money("amount_minor"),
    text("currency"),
    text("status"),
    instant("raised_us"),
    one_of("network", "upi", "visa", "mastercard", "rupay", "other"),
    one_of("status", "raised", "accepted", "declined"),
    refers("customers", "customer"),
    refers("transactions", "transaction"),
    sa.UniqueConstraint("tenant", "transaction"),
    sa.Index("ix_chargebacks_tenant_account_raised_us", "tenant", "account", "raised_us"),
)

#: What was paid for a payment that failed (`tat`) or was a fraud (`fraud`), once a payment and kind.
compensations = table(
    "compensations",
    key("kind"),
    key("transaction"),
    text("customer"),
    money("amount_minor"),
    text("currency"),
    instant("at_us"),
    one_of("kind", "tat", "fraud"),
    sa.CheckConstraint("amount_minor > 0", name="amount"),
    refers("customers", "customer"),
    refers("transactions", "transaction"),
    sa.Index("ix_compensations_tenant_customer_kind", "tenant", "customer", "kind"),
)

#: Requests to close an account; people carry them out. `checklist` is a JSON list of what stands in the way.
closures = table(
    "closures",
    key("reference"),
    text("customer"),
    text("account"),
    text("reason"),
    text("checklist"),
    text("status"),
    instant("requested_us"),
    one_of("status", "requested", "done", "withdrawn"),
    refers("customers", "customer"),
    refers("accounts", "account"),
    sa.Index("ix_closures_tenant_account", "tenant", "account"),
)
