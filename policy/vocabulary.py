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
}

#: Who decides when the verdict is human.
ROLES: dict[str, str] = {
    "operations": "where a fact is missing and nobody else is named",
    "disputes_officer": "disputed payments and provisional credits",
    "fraud_team": "payments that are not found, suspicious requests",
    "branch_officer": "papers: deceased, minors, powers of attorney, cash",
    "legal_officer": "accounts under an order of a court, tax office or police",
}

#: Receivers of an obligation.
RECEIVERS: tuple[str, ...] = ("customer", "case", "disputes_officer", "branch_officer", "fraud_team")

#: Order of precedence of row A-02, brakes first. It orders the rules of a decision and picks the reason the customer is given.
CONCERNS: tuple[str, ...] = ("brake", "legal", "data", "identity", "duplicate", "entitlement", "limit", "risk", "channel")
