"""The payment a proposal is about: what the ledger, the rail and the settlement say of it."""

from __future__ import annotations

from policy.factbook.asking import CURRENCIES, RAILS
from policy.factbook.spec import MONEY_LIMIT, FactSpec, count, day, enum, yes_no

PAYMENT: tuple[FactSpec, ...] = (
    yes_no("txn_found", "The bank has the transaction."),
    yes_no("txn_owned", "The transaction is on an account or card of the asking customer."),
    count("txn_amount_minor", "Signed as in the ledger: a debit is negative.", MONEY_LIMIT, -MONEY_LIMIT),
    enum("txn_currency", "Currency of the transaction.", CURRENCIES),
    enum("txn_rail", "How the money moved.", RAILS),
    day("txn_date", "Day of the transaction (T); selects the liability regime."),
    count("txn_age_days", "Calendar days since the transaction."),
    enum("txn_status", "Status in the ledger.", "posted pending failed reversed"),
    yes_no("txn_disputed", "A dispute about it is on record."),
    yes_no("txn_cross_border", "Acquirer or payee is outside India."),
    # A payment taken twice.
    yes_no("original_found", "The other payment of the pair is found and on the same account."),
    yes_no("same_reference", "Both carry the same RRN, UTR or ARN."),
    yes_no("same_amount", "Both are of the same amount and currency."),
    enum("settled_legs", "Which of the two the switch and the settlement show as settled.", "none one both unknown"),
    enum("reversal_state", "Whether a reversal of it exists or waits to be sent.", "none queued done"),
    enum("tcc_ret", "What the other bank has raised about it: transaction credit confirmation, return, or nothing.", "none tcc ret"),
    # A payment that failed (section C).
    enum(
        "tat_incident",
        "The row of section C it falls under, by rail and what failed (C-01 to C-11); none = it did not fail.",
        "none atm card_to_card pos ecom imps upi_transfer upi_merchant aeps apbs nach ppi_onus",
    ),
    enum("failure_cause", "Whose doing the failure is (C-23); a payee mistyped by the customer is no failure.", "system customer unknown"),
    yes_no("money_back", "The money is back on the customer's account."),
    count("days_to_reversal", "Calendar days from T to the day the money was back, or to today while it is not (C-20)."),
    yes_no("compensation_paid", "The daily compensation for it was paid before."),
    enum("compensation_side", "Whether it is ours to pay (C-22).", "ours other unclear"),
    # Claiming it back from the other side.
    enum("chargeback_network", "The network whose procedure applies.", "none upi visa mastercard rupay other"),
    count("chargeback_clock_d", "Calendar days since the transaction, or since the expected delivery where that is later (E-09)."),
    count("chargebacks_30d", "UPI chargebacks of this account in the rolling 30 days."),
    count("chargebacks_pair_30d", "Of these, against this payee."),
    yes_no("chargeback_raised", "A chargeback for it was raised before."),
)  # fmt: skip
