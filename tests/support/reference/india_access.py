"""India: balances, cards, logins and limits (section K with D-04 to D-15 and G)."""

from __future__ import annotations

from datetime import datetime

from tests.support.reference.answer import Answer, Facts, number, words
from tests.support.reference.days import Branch
from tests.support.reference.everywhere import (
    ACTS,
    COOLING,
    RISK,
    SIM,
    cooling,
    frozen,
    learn,
    need_level,
    sim_cooling,
    somebody_elses_hand,
    stale,
    weak_sim,
)

RS = 100
#: D-04, D-07: the most one payment may be on a rail; where a rail has no row there is no cap.
RAIL_CAP = {"upi": 100_000 * RS, "imps": 500_000 * RS}
RTGS_LEAST = 200_000 * RS
LEGAL_FREEZE = ("court", "police", "lien")


def disclose(answer: Answer, f: Facts, now: datetime, branch: Branch) -> None:
    owner = words("account_owned account_status customer_deceased ownership_mode minor_guardian")
    if not learn(answer, f, ("kill_switch", "duty_mode", "human_requested", "auth_level", "channel", *owner, *SIM)):
        return
    answer.approve("K disclose_balance")
    if number(f, "auth_level") <= 1 or not f["account_owned"] or f["channel"] in ("email", "kiosk"):
        answer.deny("K disclose_balance")
    if number(f, "auth_level") == 2:
        answer.step_up(3, "K disclose_balance")
        if sim_cooling(f):
            answer.human("G-03")
    if f["customer_deceased"] or f["account_status"] == "deceased":  # G-08: a claimant
        answer.human("G-08")
    somebody_elses_hand(answer, f)


def block_card(answer: Answer, f: Facts, now: datetime, branch: Branch) -> None:
    answer.approve("K block_card, D-15")  # any level, any mode, a finder too; never denied


def hotlist_card(answer: Answer, f: Facts, now: datetime, branch: Branch) -> None:
    if not learn(answer, f, (*ACTS, "auth_level", "customer_deceased", "card_owned", "card_status", "address_changed_d", *SIM)):
        return
    level = number(f, "auth_level")
    if level >= 2:
        answer.approve("K hotlist_card")
    elif level == 1:
        answer.step_up(2, "K hotlist_card")
    elif f["proposer"] != "staff":
        answer.deny("K hotlist_card, no row for AL0; the temporary block is open to all")
    if not f["card_owned"]:
        answer.deny("K hotlist_card")
    if f["card_status"] == "hotlisted":
        answer.deny("A-05")
    if f["customer_deceased"]:
        answer.human("G-08")
    if number(f, "address_changed_d") < 30:
        answer.human("K hotlist_card")
    if weak_sim(f):
        answer.human("G-03")


def unblock_card(answer: Answer, f: Facts, now: datetime, branch: Branch) -> None:
    card = words("customer_deceased card_owned card_status card_block_reason")
    if not learn(answer, f, (*ACTS, "auth_level", *card, *COOLING), RISK):
        return
    if f["card_status"] == "blocked_own" and f["card_block_reason"] == "own":
        answer.approve("K unblock_card")
    need_level(answer, f, 4, "K unblock_card")
    if f["card_status"] == "blocked_bank" or f["card_block_reason"] in ("bank", "fraud", "none"):
        answer.human("K unblock_card")
    if stale(f) or number(f, "risk_bp") >= 4000 or cooling(f):
        answer.human("K unblock_card")
    if not f["card_owned"] or f["customer_deceased"] or f["card_block_reason"] == "legal":
        answer.deny("K unblock_card")
    if f["card_status"] in ("hotlisted", "active", "expired"):  # reissue; or nothing is blocked
        answer.deny("K unblock_card")


def unlock_login(answer: Answer, f: Facts, now: datetime, branch: Branch) -> None:
    if not learn(
        answer, f, (*ACTS, "auth_level", "customer_deceased", "login_locked", "lock_reason", "unlocks_7d", *COOLING), RISK
    ):
        return
    if f["lock_reason"] == "wrong_password" and f["login_locked"]:
        answer.approve("K unlock_login")
    need_level(answer, f, 3, "K unlock_login")
    if cooling(f) or stale(f) or number(f, "risk_bp") >= 4000 or number(f, "unlocks_7d") >= 1:
        answer.human("K unlock_login")
    if f["lock_reason"] != "wrong_password" or not f["login_locked"] or f["customer_deceased"]:
        answer.deny("K unlock_login")


def send_reset_link(answer: Answer, f: Facts, now: datetime, branch: Branch) -> None:
    contact = words("contact_on_file contact_changed_h mobile_changed_h email_changed_h reset_links_24h lock_reason")
    if not learn(answer, f, (*ACTS, "customer_deceased", *contact)):
        return
    answer.approve("K send_reset_link")  # also without any sign-in: who cannot log in has none (joint 17)
    if number(f, "mobile_changed_h") < 24 and number(f, "email_changed_h") < 24:
        answer.human("K send_reset_link")
    elif number(f, "contact_changed_h") < 24:
        answer.deny("K send_reset_link, not unchanged for 24 h")
    if number(f, "reset_links_24h") >= 3:
        answer.deny("K send_reset_link, 3 in 24 h")
    if not f["contact_on_file"]:
        answer.deny("K send_reset_link, another person")
    if f["customer_deceased"] or f["lock_reason"] in ("fraud", "legal", "deceased"):
        answer.deny("K unlock_login, such a lock is not opened by a password")


def change_limit(answer: Answer, f: Facts, now: datetime, branch: Branch) -> None:
    limit = words("limit_kind limit_new_minor limit_old_minor limit_bank_cap_minor currency")
    account = words("account_owned account_status customer_deceased ownership_mode minor_guardian account_frozen")
    if not learn(answer, f, (*ACTS, "auth_level", *limit, *account, "account_freeze_kind", *COOLING), RISK):
        return
    new = number(f, "limit_new_minor")
    answer.approve("K change_limit")
    if not f["account_owned"]:
        answer.deny("A-02 ownership")
    if f["currency"] != "INR":
        answer.human("K caps in rupees")
    if frozen(f) or f["account_status"] in ("dormant", "closed"):
        answer.human("G, no freeze is lifted")
    if f["ownership_mode"] == "jointly":
        answer.human("K change_limit")
    somebody_elses_hand(answer, f)
    if f["customer_deceased"] or f["account_status"] == "deceased":
        answer.human("G-08")
    if f["account_freeze_kind"] in LEGAL_FREEZE:
        answer.deny("K change_limit, legal freeze")
    if new > RAIL_CAP.get(str(f["limit_kind"]), new):
        answer.deny("K change_limit, D-04 to D-07")
    if new <= number(f, "limit_old_minor"):  # D-10: lowering or switching off
        need_level(answer, f, 2, "K change_limit, lower")
        return
    need_level(answer, f, 4, "K change_limit, raise")
    if new > number(f, "limit_bank_cap_minor") or stale(f) or number(f, "risk_bp") >= 4000:
        answer.human("K change_limit, raise")
    if cooling(f):
        answer.deny("P-COOL, no limit rise")
