"""Through whose procedure a payment is claimed back, and whom the rail knows as its other side."""

from __future__ import annotations

CARD_RAILS = frozenset({"card_pos", "card_ecom", "atm"})


def network_of(rail: str, card_network: str | None) -> str:
    """The network whose chargeback procedure applies: none for rails that have none (E-05, E-09)."""
    if rail == "upi":
        return "upi"
    if rail in CARD_RAILS:
        return card_network or "other"
    return "none"


def other_side(handle: str | None, counterparty: str) -> str:
    """What makes two payments go to the same payee: the handle, else the name on the statement."""
    return handle or counterparty
