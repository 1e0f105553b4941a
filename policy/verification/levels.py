"""The level of authentication below which no action may be approved, from the column STEPUP of table K and row D-03.

Written from the tables of the banking rules, not from the packs, so that a slip in a pack is a disagreement here.
"""

from __future__ import annotations

from dataclasses import dataclass

import z3

from policy.verification.figures import EVERYWHERE, INDIA, LAKH, RUPEES, Condition
from policy.verification.terms import Facts, Term

DISCLOSURES = ("disclose_balance", "disclose_transactions", "disclose_statement")


@dataclass(frozen=True, slots=True)
class Level:
    """An approval of the action needs at least this level; `when` narrows it to some cases."""

    action: str
    level: int
    row: str
    when: Condition | None = None
    about: str = ""
    jurisdictions: tuple[str, ...] = EVERYWHERE


def _over_exemptions(f: Facts) -> Term:
    """Row EU-05: not contactless up to EUR 50 nor remote up to EUR 30, each also within its total and its number of uses."""
    amount, total = f.value("amount_minor"), f.value("amount_minor") + f.value("sca_exempt_total_minor")
    within = f.value("sca_exempt_uses") < 5
    touch = z3.And(f.known("sca_exemption", "contactless"), amount <= 50_00, z3.Or(total <= 150_00, within))
    remote = z3.And(f.known("sca_exemption", "remote_low_value"), amount <= 30_00, z3.Or(total <= 100_00, within))
    return z3.Not(z3.Or(touch, remote))


#: K, column STEPUP ("AL<n"). No level: paying compensation suo moto (C rows), a reset link to a contact on file, a report of fraud.
LEVELS: tuple[Level, ...] = (
    *(Level(action, 3, "K, disclose_balance") for action in DISCLOSURES),
    Level("hotlist_card", 2, "K"),
    Level("unblock_card", 4, "K"),
    Level("provisional_credit", 3, "K"),
    Level("refund_fee", 2, "K"),
    Level("reverse_duplicate_debit", 2, "K"),
    Level("open_complaint", 1, "K, open_dispute/complaint"),
    Level(
        "open_dispute",
        1,
        "K, open_dispute/complaint",
        lambda f: z3.Not(f.known("dispute_type", "unauthorised")),
        "unless fraud is reported",
    ),
    Level("unlock_login", 3, "K"),
    Level("change_limit", 4, "K", lambda f: f.value("limit_new_minor") > f.value("limit_old_minor"), "raising"),
    Level("change_limit", 2, "K", None, "lowering"),
    Level("close_account", 4, "K"),
    Level("transfer", 4, "K", jurisdictions=("IN", "US")),
    Level("transfer", 4, "K; EU-05", _over_exemptions, "unless small enough to be exempt", ("EU",)),
    Level("transfer", 3, "K; EU-05", None, "exempt", ("EU",)),
    Level(
        "change_mandate",
        3,
        "D-03: register, change, withdraw = two factors",
        lambda f: z3.Not(f.known("mandate_operation", "skip_next")),
        "other than skipping one debit",
    ),
    Level("debit_mandate", 3, "D-03: first debit", lambda f: f.known("mandate_first_debit", True), "first debit", INDIA),
    Level(
        "debit_mandate",
        3,
        "D-03: over Rs 15,000, or Rs 1,00,000 for insurance, funds and card bills",
        lambda f: z3.Or(
            f.value("amount_minor") > LAKH,
            z3.And(
                f.value("amount_minor") > 15_000 * RUPEES,
                z3.Or(f.known("mandate_category", "general"), f.known("mandate_category", "fastag")),
            ),
        ),
        "over the cap without two factors",
        INDIA,
    ),
)
