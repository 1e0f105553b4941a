"""Cards, logins, fees, limits, payees and mandates: what the core knows of the thing that is asked for."""

from __future__ import annotations

from policy.factbook.spec import FactSpec, count, enum, money, yes_no

SERVICE: tuple[FactSpec, ...] = (
    # Cards.
    yes_no("card_owned", "The card is the asking customer's."),
    enum("card_status", "Status of the card.", "active blocked_own blocked_bank hotlisted expired"),
    enum("card_block_reason", "Why it is blocked.", "none own bank fraud legal"),
    # Logins.
    yes_no("login_locked", "The lock named is on the asking customer's login and stands."),
    enum("lock_reason", "Why the login is locked.", "none wrong_password fraud legal deceased"),
    count("unlocks_7d", "Times this login was unlocked in the last 7 days."),
    yes_no("contact_on_file", "The chosen contact is on file and is the customer's own."),
    count("contact_changed_h", "Whole hours since the chosen contact last changed; 9999 = longer, or never.", 9999),
    count("reset_links_24h", "Reset links sent to this customer in the last 24 hours."),
    # Fees.
    yes_no("fee_found", "The fee exists and was charged to an account of the asking customer."),
    enum(
        "fee_kind",
        "What the fee was for.",
        "min_balance reactivation sms_alert atm late_payment annual transfer card_replacement other",
    ),
    money("fee_amount_minor", "What was charged, GST included."),
    yes_no("fee_error_proven", "Held against the tariff, the fee was not due: an error of the bank."),
    yes_no("fee_is_tax", "The line is a tax by itself, not a fee of the bank."),
    yes_no("fee_refunded", "Something of this fee was given back before."),
    count("goodwill_refunds_12m", "Refunds to this customer without a proven error in the last 12 months."),
    money("refunds_90d_minor", "Sum of fees given back to this customer without a person in the last 90 days."),
    # Limits.
    money("limit_old_minor", "The limit as it stands; 0 = switched off."),
    money("limit_bank_cap_minor", "The most that the bank allows for this limit on this account."),
    # Transfers.
    enum("payee_kind", "own = another account of the same customer; known = on file; new = not on file.", "own known new"),
    count("payee_age_h", "Whole hours since the payee was added; 9999 = longer, or the customer's own account.", 9999),
    enum("payee_name_match", "Name look-up at the payee's bank (D-08).", "match close mismatch unavailable"),
    money("transfers_24h_minor", "Sum of this customer's transfers through this service in the last 24 hours."),
    money("rail_24h_minor", "Sum of this customer's payments over this rail, to this category where one counts, in 24 hours."),
    money("payee_24h_minor", "Sum sent to this payee since it was added, counting its first 24 hours only."),
    yes_no("merchant_verified", "The payee is a verified merchant (D-05)."),
    enum(
        "merchant_category",
        "Category of a merchant for the table of row D-05; person = not a merchant.",
        "person capital_market insurance gem_emd travel collections credit_card_bill jewellery business fx_retail term_deposit "
        "account_opening ipo hospital education tax other",
    ),
    # Mandates (D-03).
    yes_no("mandate_owned", "The mandate is the asking customer's."),
    enum("mandate_status", "Status of the mandate.", "none active withdrawn expired"),
    enum("mandate_category", "What the mandate pays.", "general insurance mutual_fund credit_card_bill fastag"),
    money("mandate_max_minor", "The most that one debit of it may take, as registered."),
    yes_no("mandate_first_debit", "No debit of it was taken yet."),
    count("pre_debit_notice_h", "Whole hours since the notice of this debit was sent; 0 = none was.", 9999),
)  # fmt: skip
