"""India: provisional credit under both regimes, and the small-value compensation for fraud (section B)."""

from __future__ import annotations

from datetime import date, datetime

from tests.support.reference.answer import Answer, Facts, number, words
from tests.support.reference.caps import INDIA, Caps
from tests.support.reference.days import Branch, calendar_days
from tests.support.reference.everywhere import (
    ACTS,
    COOLING,
    RISK,
    cooling,
    customer_and_account,
    frozen,
    learn,
    money_out_risk,
    need_level,
    somebody_elses_hand,
)
from tests.support.reference.india_cases import REGIME_2027, liability_deadlines

RS = 100
#: B-04. Where the class is not known, none can be told.
CAP = {"bsbd": 5_000 * RS, "standard": 10_000 * RS, "higher": 25_000 * RS}
ACCOUNT = words("account_owned account_status customer_deceased ownership_mode minor_guardian account_frozen account_freeze_kind")
PAYMENT = words("txn_found txn_owned txn_amount_minor txn_currency txn_date txn_status txn_disputed amount_minor currency")
STATE = words("account_owned account_status customer_deceased account_frozen account_freeze_kind")
FOUND = words("txn_found txn_owned txn_date txn_disputed amount_minor")
#: The same where no rule goes by the day of the payment.
SUMS = tuple(name for name in PAYMENT if name not in ("txn_date", "txn_disputed"))


def the_payment(answer: Answer, f: Facts, caps: Caps = INDIA) -> None:
    """The payment exists, is the customer's and is a debit of at least what is to be given back, in the same currency."""
    if not f["txn_found"] or not f["txn_owned"]:
        answer.deny("A-02 ownership")
    if number(f, "amount_minor") > -number(f, "txn_amount_minor") or f["currency"] != f["txn_currency"]:
        answer.deny("A-01 amount")
    if f["txn_currency"] != caps.currency:  # the sums are in the pack's own (head of K)
        answer.human("K caps in another currency")


def what_is_owed(answer: Answer, f: Facts, old: bool, branch: Branch) -> None:
    """The deadline runs regardless of who may credit (K)."""
    if not f.get("txn_owned") or "txn_date" not in f or f.get("dispute_type") != "unauthorised":
        return
    if f.get("txn_disputed") and "reported_date" in f:
        liability_deadlines(answer, f, date.fromisoformat(str(f["reported_date"])), branch)
    late, value = int(f.get("days_since_alert_working", 0)), int(f.get("txn_amount_minor", 0))
    cap = CAP.get(str(f.get("liability_class")))
    if old and f.get("fault") == "third_party" and 4 <= late <= 7 and cap and value and f.get("txn_currency") == "INR":  # B-04
        answer.owe("customer_liability", None, min(abs(value), cap), "INR")


def provisional_credit(answer: Answer, f: Facts, now: datetime, branch: Branch) -> None:
    old = "txn_date" not in f or date.fromisoformat(str(f["txn_date"])) < REGIME_2027
    days = "days_since_alert_working" if old else "days_since_alert_calendar"
    asked = ("txn_date", "fault", days, *RISK)
    prior = words("dispute_type prior_credit_same_ref open_provisional_credits credits_12m_minor tcc_ret")
    what_is_owed(answer, f, old, branch)
    if not learn(answer, f, (*ACTS, "auth_level", *ACCOUNT, *SUMS, "txn_disputed", *prior, *COOLING), asked):
        return
    amount, late = number(f, "amount_minor"), number(f, days)
    customer_and_account(answer, f)
    the_payment(answer, f)
    if frozen(f):
        answer.human("G, no freeze is lifted")
    if not f["txn_disputed"]:
        answer.deny("K provisional_credit, E-01 dispute first")
    if f["txn_status"] == "reversed":
        answer.deny("A-05 back already")
    if f["dispute_type"] != "unauthorised" or f["txn_status"] != "posted":
        answer.human("K provisional_credit, E-02")
    somebody_elses_hand(answer, f)
    if f["prior_credit_same_ref"]:
        answer.deny("K provisional_credit, A-05")
    if f["tcc_ret"] == "ret":  # the money is on its way back; a confirmation says that it arrived over there
        answer.human("E-08")
    if cooling(f):
        answer.human("G-03, P-COOL")

    in_time = late <= (3 if old else 5)  # B-02, B-21
    if f["fault"] == "bank" or (f["fault"] == "third_party" and in_time):
        answer.approve("B-01, B-02, B-21")
    else:
        answer.human("B-03, B-04, B-05, B-09, B-26")
    level = money_out_risk(answer, f, 3)
    need_level(answer, f, level, "K provisional_credit")
    if (
        amount > INDIA.credit * RS
        or number(f, "credits_12m_minor") + amount > INDIA.credit_year * RS
        or number(f, "open_provisional_credits") >= 1
    ):
        answer.human("K provisional_credit, caps")
    if amount > INDIA.credit_pairs * RS:
        answer.human("K provisional_credit", four_eyes=True)


def pay_fraud_compensation(answer: Answer, f: Facts, now: datetime, branch: Branch) -> None:
    loss_facts = words("net_loss_minor customer_kind compensated_before days_to_bank_report ncrp_reported days_to_ncrp_report")
    b24(answer, f, now, branch)
    if not learn(answer, f, ("kill_switch", "duty_mode", "clock_ok", "currency", *ACCOUNT, *FOUND, *loss_facts)):
        return
    loss = number(f, "net_loss_minor")
    answer.human("B-24", four_eyes=True)  # the bona fide test is a person's, and one pays what another found
    customer_and_account(answer, f)
    somebody_elses_hand(answer, f)
    if not f["txn_found"] or not f["txn_owned"] or not f["txn_disputed"]:
        answer.deny("A-02 ownership, dispute first")
    if not eligible(f) or f["currency"] != "INR":
        answer.deny("B-24")
    if number(f, "amount_minor") != min(percent(85, loss), 25_000 * RS):
        answer.deny("B-24 amount")


def eligible(f: Facts) -> bool:
    """B-24: who, what, when; whether it is bona fide is for a person."""
    if f["compensated_before"] or f["customer_kind"] == "other" or not f["ncrp_reported"]:
        return False
    soon = number(f, "days_to_bank_report") <= 5 and number(f, "days_to_ncrp_report") <= 5
    return soon and date.fromisoformat(str(f["txn_date"])) >= REGIME_2027 and 0 < number(f, "net_loss_minor") <= 50_000 * RS


def b24(answer: Answer, f: Facts, now: datetime, branch: Branch) -> None:
    """B-25: what falls due within five days of the application, and who bears it."""
    facts = (
        "compensated_before",
        "customer_kind",
        "ncrp_reported",
        "days_to_bank_report",
        "days_to_ncrp_report",
        "txn_date",
        "account_owned",
        "txn_owned",
    )
    if all(name in f for name in (*facts, "net_loss_minor")) and eligible(f) and f["account_owned"] and f["txn_owned"]:
        loss = number(f, "net_loss_minor")
        until = branch.closes(calendar_days(branch.today(now), 5))
        answer.owe("fraud_compensation", until, min(percent(85, loss), 25_000 * RS), "INR")
        small = loss < 29_412 * RS
        answer.owe("fraud_share_rbi", None, percent(65, loss) if small else 19_118 * RS, "INR")
        answer.owe("fraud_share_bank", None, percent(10, loss) if small else 2_941 * RS, "INR")
        answer.owe("fraud_share_beneficiary", None, percent(10, loss) if small else 2_941 * RS, "INR")


def percent(share: int, of: int) -> int:
    """Half a paisa is rounded up."""
    whole, rest = divmod(of * share, 100)
    return whole + (1 if rest >= 50 else 0)
