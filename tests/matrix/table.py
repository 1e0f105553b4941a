"""Which cells are asserted: every hazard with the invariants it threatens, and why it does not threaten the others.

Double spending, what was confirmed, and the trail are asserted everywhere; a hazard names the others it is about, and `WHY_NOT` says
what stands against the rest. `the_end` is asserted everywhere too: the hazard really struck, and as many effects came about as promised.
"""

from __future__ import annotations

from tests.matrix.invariants import INVARIANTS

NEVER_SENT = "nothing is sent, so nothing can be in doubt"
ANSWERED = "every call is answered at once, so nothing is in doubt"
TEST_SENDS = "the test makes the calls itself, past the executor"
TWO_RECORDS = "the approvals are spread over two records by intent"

_DOUBT = ("doubt_stops", "unknown_asks_the_bank")

#: hazard → invariant → why that cell is not asserted; what is not named here is.
WHY_NOT: dict[str, dict[str, str]] = {
    # --- the call to the bank, and its answer
    "timeout_before_the_bank_acted": {},
    "timeout_after_the_bank_acted": {},
    "slow_bank": {},
    "late_arrival": {},
    "expired_approval": {},
    "mute_bank": {},
    "receipt_differs": {"unknown_asks_the_bank": "a receipt may differ at once; that it is asked for is the cell of the timeouts"},
    # --- dying
    "crash_at_propose": {"unknown_asks_the_bank": ANSWERED},
    "crash_at_consent": {"unknown_asks_the_bank": ANSWERED},
    "crash_at_decide": {"unknown_asks_the_bank": ANSWERED},
    "crash_at_mint": {},
    "crash_at_send": {},
    "crash_at_receipt": {},
    "crash_of_the_bank": {},
    "crash_in_recovery": {},
    # --- repetition and races
    "repeated_call": {"unknown_asks_the_bank": ANSWERED},
    "two_workers": {"unknown_asks_the_bank": ANSWERED},
    "two_proposals_one_effect": {"unknown_asks_the_bank": ANSWERED},
    "two_channels": {"unknown_asks_the_bank": ANSWERED},
    "bot_and_staff": {"unknown_asks_the_bank": ANSWERED},
    "signers_at_once": {"unknown_asks_the_bank": ANSWERED},
    "duplicate_delivery": {"unknown_asks_the_bank": ANSWERED},
    "limits_race": {"unknown_asks_the_bank": ANSWERED},
    "split_brain": {
        "nothing_unauthorised": TWO_RECORDS, "doubt_stops": TEST_SENDS, "unknown_asks_the_bank": TWO_RECORDS,
    },
    # --- change between yes and run
    "expired_yes": dict.fromkeys(_DOUBT, NEVER_SENT),
    "expired_proposal": dict.fromkeys(_DOUBT, NEVER_SENT),
    "yes_to_something_else": dict.fromkeys(_DOUBT, NEVER_SENT),
    "no_yes_at_all": dict.fromkeys(_DOUBT, NEVER_SENT),
    "withdrawn_yes": dict.fromkeys(_DOUBT, NEVER_SENT),
    "changed_arguments": dict.fromkeys(_DOUBT, NEVER_SENT),
    "stricter_pack": dict.fromkeys(_DOUBT, NEVER_SENT),
    "switched_off": dict.fromkeys(_DOUBT, NEVER_SENT),
    "changed_facts": dict.fromkeys(_DOUBT, NEVER_SENT),
    "session_ended": dict.fromkeys(_DOUBT, NEVER_SENT),
    "clock_forward": {"unknown_asks_the_bank": ANSWERED},
    "clock_backward": dict.fromkeys(_DOUBT, NEVER_SENT),
    # --- our record out of reach
    "audit_down": {"unknown_asks_the_bank": "in doubt only where the record fails between the call and its receipt"},
    "database_busy": {"unknown_asks_the_bank": "in doubt only where the record fails between the call and its receipt"},
    # --- malice
    "borrowed_token": {"doubt_stops": TEST_SENDS},
    "token_of_another_bank": dict.fromkeys(_DOUBT, NEVER_SENT),
    "code_for_something_else": {"unknown_asks_the_bank": ANSWERED},
    "approval_used_twice": {"doubt_stops": TEST_SENDS},
    "anothers_errand": dict.fromkeys(_DOUBT, NEVER_SENT),
    "staff_alone": dict.fromkeys(_DOUBT, NEVER_SENT),
}  # fmt: skip
THE_END = "the_end"


def asserted(hazard: str) -> tuple[str, ...]:
    """The invariants that this hazard must not break."""
    return tuple(name for name in INVARIANTS if name not in WHY_NOT[hazard])


def cells() -> list[tuple[str, str]]:
    """All asserted cells as (invariant, hazard)."""
    return [(name, hazard) for hazard in WHY_NOT for name in asserted(hazard)]
