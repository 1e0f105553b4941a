"""The report of a disputed payment, whose fault it was, and what was credited for it before."""

from __future__ import annotations

from policy.factbook.spec import FactSpec, count, day, enum, money, yes_no

CASE: tuple[FactSpec, ...] = (
    day("reported_date", "Day on which the customer first reported it; starts the bank's deadlines."),
    count(
        "days_since_alert_working",
        "Working days of the home branch from the day after the bank's alert to the report; 0 if no alert was ever sent.",
    ),
    count(
        "days_since_alert_calendar",
        "Calendar days from the day after the bank's alert to the report; 0 if no alert was ever sent.",
    ),
    enum(
        "fault",
        "Whose fault, by the bank's fraud assessment or an officer; never the customer's or a model's word.",
        "bank third_party customer unknown",
    ),
    yes_no("prior_credit_same_ref", "A provisional credit for this transaction exists already."),
    count("open_provisional_credits", "Provisional credits of this customer not yet settled."),
    FactSpec("credits_12m_minor", "int", "bank", "Sum of this customer's provisional credits in the last 12 months."),
    yes_no("complaint_open_same_ref", "A complaint of this category about this reference is open."),
    # Small-value compensation (B-24).
    money("net_loss_minor", "Loss of the fraudulent payment less what came back."),
    enum("customer_kind", "Who the customer is to the law.", "individual sole_proprietor other"),
    yes_no("compensated_before", "The small-value compensation was paid to this customer before; it is paid once in a lifetime."),
    count("days_to_bank_report", "Calendar days from the loss to the report to the bank."),
    yes_no("ncrp_reported", "It was reported to NCRP or 1930."),
    count("days_to_ncrp_report", "Calendar days from the loss to that report; 0 while there is none."),
)
