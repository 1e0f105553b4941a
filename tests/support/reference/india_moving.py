"""India: transfers and standing debits (section K with D-03 to D-08, D-12)."""

from __future__ import annotations

from datetime import datetime

from tests.support.reference.answer import Answer, Facts, number, words
from tests.support.reference.days import Branch
from tests.support.reference.everywhere import (
    ACTS,
    COOLING,
    RISK,
    cooling,
    customer_and_account,
    frozen,
    held,
    learn,
    money_out_risk,
    need_level,
    somebody_elses_hand,
)
from tests.support.reference.india_access import RTGS_LEAST
from tests.support.reference.india_credit import ACCOUNT, STATE

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


def no_way_out(answer: Answer, f: Facts) -> None:
    """A freeze stops what leaves; a lien leaves the rest of the balance usable, how much a person sees (G-10)."""
    if f["account_freeze_kind"] == "lien":
        answer.human("G-10")
    elif held(f):
        answer.deny("K transfer, freeze")
    if f["account_status"] == "closed":
        answer.deny("K transfer, closed")


def transfer(answer: Answer, f: Facts, now: datetime, branch: Branch) -> None:
    payee = words("payee_kind payee_age_h payee_name_match payee_24h_minor merchant_verified merchant_category")
    sums = words("amount_minor currency transfer_rail transfers_24h_minor rail_24h_minor coercion_signs")
    if not learn(answer, f, (*ACTS, "auth_level", *ACCOUNT, *payee, *sums, *COOLING), RISK):
        return
    amount = number(f, "amount_minor")
    so_far = number(f, "transfers_24h_minor") + amount
    customer_and_account(answer, f)
    somebody_elses_hand(answer, f)
    if f["ownership_mode"] == "jointly":
        answer.human("J jointly operated")
    no_way_out(answer, f)
    if f["origin"] == "text":
        answer.deny("K transfer")
    if f["currency"] != "INR":
        answer.deny("K in rupees")
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
    if f["payee_name_match"] == "mismatch" or (f["payee_name_match"] == "unavailable" and f["payee_kind"] != "own"):
        answer.human("D-08")
    money_out_risk(answer, f, 4)
    need_level(answer, f, 4, "K transfer")
    if f["coercion_signs"]:
        answer.human("K transfer, coercion")


def change_mandate(answer: Answer, f: Facts, now: datetime, branch: Branch) -> None:
    if not learn(
        answer, f, (*ACTS, "auth_level", *ACCOUNT, "mandate_operation", "mandate_owned", "mandate_status", *COOLING), RISK
    ):
        return
    operation = f["mandate_operation"]
    customer_and_account(answer, f)
    somebody_elses_hand(answer, f)
    answer.approve("D-03")
    if operation == "skip_next":
        need_level(answer, f, 2, "D-03 opt-out of one debit")
    else:  # AFA for this very change
        need_level(answer, f, 4, "D-03")
    if operation != "register" and f["mandate_status"] != "active":
        answer.deny("D-03 nothing to change")
    if operation == "register" and f["mandate_status"] != "none":
        answer.deny("A-05 exists")
    if frozen(f):
        answer.human("G, no freeze is lifted")
    if not f["mandate_owned"]:
        answer.deny("A-02 ownership")
    if operation in ("register", "modify"):
        if f["ownership_mode"] == "jointly" or cooling(f):
            answer.human("G, J, P-COOL")
        money_out_risk(answer, f, 4)


def debit_mandate(answer: Answer, f: Facts, now: datetime, branch: Branch) -> None:
    mandate = words("mandate_owned mandate_status mandate_category mandate_max_minor mandate_first_debit pre_debit_notice_h")
    if not learn(answer, f, (*ACTS, "auth_level", "proposer", *STATE, "amount_minor", "currency", *mandate)):
        return
    amount = number(f, "amount_minor")
    if f["account_owned"] is False:
        answer.deny("A-02 ownership")
    if f["customer_deceased"] or f["account_status"] == "deceased":
        answer.human("G-08")
    no_way_out(answer, f)
    answer.approve("D-03")
    if f["proposer"] not in ("job", "sop"):
        answer.deny("D-03, a job of the bank")
    if not f["mandate_owned"] or f["mandate_status"] != "active" or amount > number(f, "mandate_max_minor"):
        answer.deny("D-03 as registered")
    if f["currency"] != "INR":
        answer.deny("D-03 in rupees")
    if f["mandate_category"] != "fastag" and number(f, "pre_debit_notice_h") < 24:
        answer.deny("D-03 notice")
    free = LAKH if f["mandate_category"] in ("insurance", "mutual_fund", "credit_card_bill") else 15_000 * RS
    if (f["mandate_first_debit"] or amount > free) and number(f, "auth_level") < 4:
        answer.step_up(4, "D-03 AFA")
