"""Facts that only the rules of the United States or of the European Union ask for."""

from __future__ import annotations

from policy.factbook.spec import FactSpec, count, day, enum, money, yes_no

UNITED_STATES: tuple[FactSpec, ...] = (
    enum(
        "us_regulation",
        "What governs the account (US-06): deposits and prepaid, credit lines, or neither.",
        "reg_e reg_z business",
    ),
    count("days_since_statement", "Calendar days from the first statement that shows it to the notice; 0 before any statement."),
    yes_no("account_new", "The account was opened at most 30 days before the transaction (US-02)."),
    yes_no("pos_or_foreign", "A point-of-sale debit, or one initiated abroad (US-02)."),
    enum("written_confirmation", "The written confirmation of an oral notice.", "not_required pending received overdue"),
    enum("error_outcome", "What the investigation found (US-03).", "open error no_error"),
    yes_no("access_device_lost", "The card or other access device was lost or stolen (US-04)."),
    count("business_days_to_notice", "Business days from learning of the loss or theft to the notice (US-04)."),
    count("cycle_day", "Day of the month on which the billing cycle ends.", 31, 1),
    money("loss_before_2bd_minor", "Part of the loss within two business days of learning of it (US-04)."),
    money(
        "loss_after_2bd_minor",
        "Part of the loss after these two business days that, as the bank establishes, a notice in time would have prevented (US-04).",
    ),
    day("determined_date", "Day on which the investigation ended (US-03); the day of the question while it is open."),
)
EUROPEAN_UNION: tuple[FactSpec, ...] = (
    yes_no("sca_used", "The payer's provider required strong customer authentication for it (74(2))."),
    enum("payer_conduct", "By the assessment of an officer.", "normal gross_negligence fraud unknown"),
    yes_no("instrument_lost", "The instrument was lost, stolen or misappropriated."),
    yes_no("loss_detectable", "The payer could have noticed the loss before the payment."),
    yes_no("loss_after_notice", "The payment came after the payer had notified the provider (74(3))."),
    yes_no("fraud_reported", "Reasonable suspicion of fraud was told to the authority in writing (73)."),
    yes_no("payee_initiated", "The payee initiated it (76, 77)."),
    day("debit_date", "Day of the debit; starts the 13 months of article 71 and the 8 weeks of article 77."),
    count("days_since_debit", "Calendar days since the debit."),
    yes_no("notified_in_time", "The notice came within thirteen months of the debit, counted by calendar months (71)."),
    money("sca_exempt_total_minor", "Payments without strong authentication since the last one with it, this one not counted."),
    count("sca_exempt_uses", "How many those were."),
    enum("sca_exemption", "Exemption that the payment could fall under (2018/389).", "none contactless remote_low_value"),
)  # fmt: skip
