"""Who asks, how, in which state the service is, and what the proposal's own arguments say."""

from __future__ import annotations

from policy.factbook.spec import RUNTIME_MAX_AGE_S, FactSpec, argument, enum, yes_no

CURRENCIES = "INR USD EUR GBP JPY"
RAILS = "upi imps neft rtgs card_pos card_online atm aeps nach ppi cheque cash branch internal"
DISPUTE_TYPES = "unauthorised duplicate wrong_amount not_received failed_transfer subscription wrong_payee"

ASKING: tuple[FactSpec, ...] = (
    FactSpec("auth_level", "int", "runtime", "AL0-AL4 of the signed-in session.", low=0, high=4, max_age_s=RUNTIME_MAX_AGE_S),
    enum("channel", "Where it was asked. email and kiosk are shared.", "web whatsapp terminal email kiosk staff system", "runtime"),
    enum("duty_mode", "State of the service.", "normal off_hours degraded incident", "runtime", RUNTIME_MAX_AGE_S),
    yes_no("kill_switch", "This action, or everything, is switched off.", "runtime", RUNTIME_MAX_AGE_S),
    yes_no("clock_ok", "Our clock has not gone backwards and agrees with the core's.", "runtime", RUNTIME_MAX_AGE_S),
    enum("proposer", "Who proposes.", "assistant staff sop job", "runtime", None),
    enum("origin", "Where the task comes from; set by the source, never parsed.", "bank_system case staff text", "runtime", None),
    yes_no("human_requested", "The customer asked for a person in this conversation.", "runtime", None, declared=True),
    yes_no("coercion_signs", "Something said suggests that somebody else directs the customer.", "runtime", None, declared=True),
    argument("amount_minor", "Amount of the proposal."),
    argument("currency", "Currency of the proposal.", CURRENCIES),
    argument("limit_new_minor", "The limit asked for; 0 switches the use off."),
    argument("limit_kind", "Which limit.", "upi imps neft rtgs atm card_pos card_online card_international card_contactless"),
    argument("transfer_rail", "How the money is to move.", "upi imps neft rtgs internal"),
    argument("mandate_operation", "What is asked of the mandate.", "register modify withdraw skip_next"),
    enum("dispute_type", "What the customer says went wrong.", DISPUTE_TYPES, "bank", None, declared=True),
)  # fmt: skip
#: Names that a proposal's arguments may state; the core states the type of a dispute that is on record.
ARGUMENTS: tuple[str, ...] = (*(spec.name for spec in ASKING if spec.source == "proposal"), "dispute_type")
