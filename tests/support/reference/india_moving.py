"""India: transfers and standing debits (section K with D-03 to D-08, D-12)."""

from __future__ import annotations

from datetime import datetime

from tests.support.reference.answer import Answer, Facts, number
from tests.support.reference.days import Branch
from tests.support.reference.everywhere import (
    ACTS,
    COOLING,
    RISK,
    cooling,
    customer_and_account,
    learn,
    money_out_risk,
    sim_cooling,
    somebody_elses_hand,
)
from tests.support.reference.india_access import LEGAL_FREEZE, RTGS_LEAST
from tests.support.reference.india_credit import ACCOUNT

RS = 100
LAKH = 100_000 * RS
#: D-05: verified merchants over UPI, one payment and 24 hours; None = no figure.
MERCHANT = {
    "capital_market": (5 * LAKH, 10 * LAKH),
    "insurance": (5 * LAKH, 10 * LAKH),
    "gem_emd": (5 * LAKH, 10 * LAKH),
    "travel": (5 * LAKH, 10 * LAKH),
    "collections": (5 * LAKH, 10 * LAKH),
    "credit_card_bill": (5 * LAKH, 6 * LAKH),
    "jewellery": (2 * LAKH, 6 * LAKH),
    "business": (5 * LAKH, None),
    "fx_retail": (5 * LAKH, 5 * LAKH),
    "term_deposit": (5 * LAKH, 5 * LAKH),
    "account_opening": (2 * LAKH, 2 * LAKH),
    "ipo": (5 * LAKH, None),
    "hospital": (5 * LAKH, 10 * LAKH),
    "education": (5 * LAKH, 10 * LAKH),
    "tax": (5 * LAKH, None),
}


def rail_cap(answer: Answer, f: Facts, amount: int) -> None:
    """D-04, D-05, D-07."""
    if f["transfer_rail"] == "upi":
        one, day = MERCHANT.get(str(f["merchant_category"]), (LAKH, LAKH)) if f["merchant_verified"] else (LAKH, LAKH)
        if amount > one or (day is not None and number(f, "rail_24h_minor") + amount > day):
            answer.deny("D-04, D-05")
        if cooling(f) and number(f, "rail_24h_minor") + amount > 5_000 * RS:
            answer.deny("D-12")
    if f["transfer_rail"] == "imps" and amount > 5 * LAKH:
        answer.deny("D-07")
    if f["transfer_rail"] == "rtgs" and amount < RTGS_LEAST:
        answer.deny("D-07")


def transfer(answer: Answer, f: Facts, now: datetime, branch: Branch) -> None:
    payee = ("payee_kind", "payee_age_h", "payee_name_match", "payee_24h_minor", "merchant_verified", "merchant_category")
    sums = ("amount_minor", "currency", "transfer_rail", "transfers_24h_minor", "rail_24h_minor", "coercion_signs")
    if not learn(answer, f, (*ACTS, "auth_level", *ACCOUNT, *payee, *sums, *COOLING), RISK):
        return
    amount = number(f, "amount_minor")
    so_far = number(f, "transfers_24h_minor") + amount
    customer_and_account(answer, f)
    somebody_elses_hand(answer, f)
    if f["ownership_mode"] == "jointly":
        answer.human("J jointly operated")
    if f["account_frozen"] or f["currency"] != "INR" or f["origin"] == "text":
        answer.deny("K transfer")
    rail_cap(answer, f, amount)
    if f["payee_kind"] == "own":
        answer.approve("K transfer, own")
        if so_far > 50_000 * RS:
            answer.human("K transfer, caps")
    elif f["payee_kind"] == "known" and number(f, "payee_age_h") >= 24:
        answer.approve("K transfer, known")
        if so_far > 10_000 * RS:
            answer.human("K transfer, caps")
    else:
        answer.deny("K transfer, in the app")
    if f["payee_kind"] != "own" and f["payee_name_match"] in ("mismatch", "unavailable"):
        answer.human("D-08")
    money_out_risk(answer, f, 4)
    if number(f, "auth_level") < 4:
        answer.step_up(4, "K transfer")
    if f["coercion_signs"]:
        answer.human("K transfer, coercion")
    if sim_cooling(f) or (cooling(f) and f["transfer_rail"] != "upi"):
        answer.human("G-03, P-COOL")


def change_mandate(answer: Answer, f: Facts, now: datetime, branch: Branch) -> None:
    if not learn(
        answer, f, (*ACTS, "auth_level", *ACCOUNT, "mandate_operation", "mandate_owned", "mandate_status", *COOLING), RISK
    ):
        return
    operation = f["mandate_operation"]
    customer_and_account(answer, f)
    somebody_elses_hand(answer, f)
    answer.approve("D-03")
    if operation != "skip_next" and number(f, "auth_level") < 4:  # AFA for this very change
        answer.step_up(4, "D-03")
    if operation == "skip_next" and number(f, "auth_level") < 2:
        answer.step_up(2, "D-03 opt-out of one debit")
    if operation != "register" and f["mandate_status"] != "active":
        answer.deny("D-03 nothing to change")
    if not f["mandate_owned"]:
        answer.deny("A-02 ownership")
    if operation in ("register", "modify"):
        if f["account_freeze_kind"] in LEGAL_FREEZE:
            answer.deny("G legal freeze")
        if f["account_frozen"] or f["ownership_mode"] == "jointly" or cooling(f):
            answer.human("G, J, P-COOL")
        money_out_risk(answer, f, 4)
    elif sim_cooling(f):
        answer.human("G-03")


def debit_mandate(answer: Answer, f: Facts, now: datetime, branch: Branch) -> None:
    mandate = (
        "mandate_owned",
        "mandate_status",
        "mandate_category",
        "mandate_max_minor",
        "mandate_first_debit",
        "pre_debit_notice_h",
    )
    if not learn(answer, f, (*ACTS, "auth_level", "proposer", *ACCOUNT, "amount_minor", "currency", *mandate)):
        return
    amount = number(f, "amount_minor")
    customer_and_account(answer, f)
    answer.approve("D-03")
    if f["proposer"] != "job":
        answer.deny("D-03, a job of the bank")
    if f["account_frozen"]:
        answer.deny("G freeze")
    if not f["mandate_owned"] or f["mandate_status"] != "active" or amount > number(f, "mandate_max_minor"):
        answer.deny("D-03 as registered")
    if f["currency"] != "INR":
        answer.deny("D-03 rupees")
    if f["mandate_category"] != "fastag" and number(f, "pre_debit_notice_h") < 24:
        answer.deny("D-03 notice")
    free = LAKH if f["mandate_category"] in ("insurance", "mutual_fund", "credit_card_bill") else 15_000 * RS
    if (f["mandate_first_debit"] or amount > free) and number(f, "auth_level") < 4:
        answer.step_up(4, "D-03 AFA")
