"""Questions to the bank's exported business state."""

from __future__ import annotations

from typing import Any

State = dict[str, Any]


def accounts_of(state: State, customer: str) -> list[dict[str, Any]]:
    return [account for account in state["accounts"].values() if customer in account["users"]]


def disputes_of(state: State, customer: str) -> dict[str, dict[str, Any]]:
    """Reference → dispute."""
    return {reference: one for reference, one in state["disputes"].items() if one["customer"] == customer}


def credits_for(state: State, transaction: str) -> list[dict[str, Any]]:
    """Results of completed provisional credits for a transaction: what was really posted."""
    return [
        one["result"]
        for one in state["operations"].values()
        if one["action"] == "provisional_credit" and one["status"] < 300 and _is_about(one, transaction)
    ]


def _is_about(operation: dict[str, Any], transaction: str) -> bool:
    return f"provisional_credit:{transaction}:" in str(operation["result"].get("effect", ""))


def books_add_up(state: State) -> bool:
    return not any(state["ledger"]["sum"].values()) and not state["ledger"]["unexplained_balances"]
