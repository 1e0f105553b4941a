"""The customer, the accounts the proposal is about, and the changes that an account take-over leaves behind."""

from __future__ import annotations

from policy.factbook.spec import LONG_AGO_D, FactSpec, count, enum, hours, money, yes_no

CUSTOMER: tuple[FactSpec, ...] = (
    yes_no("customer_deceased", "The bank has recorded the death of the customer whose account it is."),
    yes_no("account_owned", "The asking customer owns the account (all of them, if several), or holds a mandate."),
    enum("account_status", "Status of the account; of several the worst.", "active dormant closed deceased"),
    yes_no("account_frozen", "A freeze or lien stands on the account."),
    enum("account_freeze_kind", "Kind of the gravest freeze.", "none court police kyc fraud own dormant lien"),
    enum("account_type", "Kind of account.", "savings bsbd current overdraft credit_card wallet loan deposit"),
    enum(
        "ownership_mode",
        "How the account is operated, or poa when a power of attorney asks.",
        "sole either_survivor jointly anyone minor_guardian poa",
    ),
    yes_no("minor_guardian", "The owner is a minor; a guardian asks."),
    enum("liability_class", "Class of account for the caps of row B-04.", "bsbd standard higher unknown"),
    FactSpec("home_branch", "str", "bank", "Home branch: whose calendar counts. Read by the shell, not by rules."),
    money("lien_minor", "Sum of the liens on the account."),
    money("dues_minor", "What the customer owes on the account or card: outstanding dues, fees, overdrawn balance."),
    count("active_mandates", "Standing debits that are active on the account."),
    yes_no("closure_requested", "A request to close the account is on record."),
    FactSpec(
        "risk_bp",
        "int",
        "bank",
        "Risk that this request is not genuine (take-over, abuse of claims); not how suspicious the disputed payment is.",
        high=10_000,
        max_age_s=None,
    ),
    count("risk_age_s", "Seconds since that score was made.", 10**9),
    hours("sim_changed_h", "the SIM"),
    hours("device_changed_h", "the registered device"),
    hours("mobile_changed_h", "the mobile number"),
    hours("email_changed_h", "the e-mail address"),
    hours("pin_changed_h", "the PIN or password"),
    count("address_changed_d", f"Whole days since the postal address last changed; {LONG_AGO_D} = longer, or never.", LONG_AGO_D),
)
