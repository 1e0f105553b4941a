"""The closed words of a rule pack: reasons a customer may be given, what a bank can owe, who decides, and which concern comes first.

A pack that uses another word does not load, so every reply, ticket queue and report can rely on these.
"""

from __future__ import annotations

#: Stable keys for the customer's reply; the wording belongs to the replies of each flow. None says why fraud or AML acted.
CUSTOMER_REASONS: dict[str, str] = {
    "approved": "nothing stands in the way",
    "sign_in_first": "nobody, or only a name, is known: sign in before this can be talked about",
    "stronger_sign_in": "another proof of identity is needed",
    "proof_cooling": "a contact detail or SIM changed within a day: a person has to help",
    "not_on_shared_channel": "not over a channel that others may read",
    "not_yours": "nothing like this belongs to the signed-in customer; the same whether it exists",
    "person_checks": "a person has to look at it",
    "papers_needed": "a branch has to see papers first",
    "under_review": "under review; the cause is not told",
    "already_done": "it was done before",
    "over_limit": "more than may be done without a person",
    "service_limited": "the service is limited at present; try later",
    "switched_off": "switched off at present; try later",
    "dispute_first": "a dispute has to be on record first",
    "missing_fact": "something needed could not be learned; try again",
    "other_contact": "that contact changed within a day or is not on file: another one may do",
    "in_the_app": "it is done in the bank's own app, with its own confirmation",
    "window_closed": "too late for this procedure; the complaint stays open",
    "settled_elsewhere": "the other bank has answered or the money is on its way back",
    "dues_first": "something is owed or blocked and has to be settled first",
    "reissue_instead": "a card blocked for good is replaced, not unblocked",
    "nothing_due": "the rules give nothing here",
    "not_allowed": "no rule allows it",
}

#: What may follow from a decision. `due` says by when, `to` for whom.
OBLIGATION_KINDS: dict[str, str] = {
    "acknowledge": "give the case number with date and time",
    "stop_misuse": "see that no further misuse is possible",
    "shadow_reversal": "credit the disputed amount provisionally",
    "decide_liability": "decide who bears the loss and tell the customer",
    "customer_liability": "the most that the customer may have to bear",
    "value_date": "give the credit the day of the transaction as value date",
    "confirm_block": "confirm the block and say how to undo it",
    "advise_helpline": "point to the cyber-crime helpline 1930 and the NCRP portal",
    "ombudsman_from": "from this day the customer may go to the RBI ombudsman",
    "existing_reference": "give the number of the dispute that is on record",
    "evidence": "ask for the papers of a cash or branch transaction",
    "reverse_failed": "have the failed payment back on the account",
    "tat_compensation": "pay the daily compensation for a late reversal",
    "fraud_compensation": "pay the small-value compensation for fraud",
    "fraud_share_rbi": "share of that compensation that the Reserve Bank bears",
    "fraud_share_bank": "share that the customer's bank bears",
    "fraud_share_beneficiary": "share that the beneficiary's bank bears",
    "final_answer": "answer the complaint finally",
    "internal_ombudsman": "put a rejection before the Internal Ombudsman",
    "ombudsman_until": "until this day the customer may go to the ombudsman",
    "chargeback_until": "last day for the claim on the other bank",
    "close_by": "close the account or card by this day once nothing is owed",
    "closure_penalty": "pay for each day of delay after that",
    "checklist": "settle what the checklist names before closing",
    "pre_debit_notice": "announce the debit before it is taken",
    "name_check": "show the payee's registered name and have it confirmed",
    "reissue_card": "send a new card to the address on file",
    "owner_told": "tell the owner on every contact on file, and how to undo it",
    "provisional_credit": "credit provisionally unless decided before",
    "provisional_notice": "tell the customer about the provisional credit",
    "correct_error": "correct the error that was found",
    "report_result": "report the result of the investigation",
    "honour_debits": "honour debits until this day when a provisional credit is taken back",
    "no_collection": "collect nothing of the disputed sum until decided",
    "refund": "refund the unauthorised payment",
    "answer_refund_claim": "refund or say why not",
    "confirm_in_writing": "confirm the notice in writing by this day, where the bank asks for it",
    "no_liability": "the customer bears nothing of it",
    "notify_until": "last day for the customer to notify",
}

#: Who decides when the verdict is human.
ROLES: dict[str, str] = {
    "operations": "where a fact is missing and nobody else is named",
    "disputes_officer": "disputed payments and provisional credits",
    "fraud_team": "payments that are not found, suspicious requests",
    "branch_officer": "papers: deceased, minors, powers of attorney, cash",
    "legal_officer": "accounts under an order of a court, tax office or police",
    "payments_officer": "refunds, duplicate debits, compensation and chargebacks",
    "service_officer": "logins, limits, cards and the closing of accounts",
}

#: Receivers of an obligation.
RECEIVERS: tuple[str, ...] = (
    "customer",
    "case",
    "disputes_officer",
    "branch_officer",
    "fraud_team",
    "payments_officer",
    "service_officer",
    "regulator",
)

#: Order of precedence of row A-02, brakes first. It orders the rules of a decision and picks the reason the customer is given.
CONCERNS: tuple[str, ...] = ("brake", "legal", "data", "identity", "duplicate", "entitlement", "limit", "risk", "channel")
