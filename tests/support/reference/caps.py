"""The sums of section K: rupees for India; elsewhere the text leaves them to the bank, and these are the ones it ships with."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Caps:
    """Whole units of the currency; nothing over `credit_pairs`, `fee_pairs` or `twice_pairs` without a second person."""

    currency: str
    credit: int
    credit_year: int
    credit_pairs: int
    fee_error: int
    fee_goodwill: int
    fee_90_days: int
    fee_pairs: int
    twice: int
    twice_pairs: int


INDIA = Caps("INR", 10_000, 25_000, 50_000, 1_000, 500, 1_500, 5_000, 10_000, 50_000)
AMERICA = Caps("USD", 500, 1_500, 2_500, 50, 25, 75, 250, 500, 2_500)
EUROPE = Caps("EUR", 500, 1_500, 2_500, 50, 25, 75, 250, 500, 2_500)
