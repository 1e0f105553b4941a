"""Money as integer minor units with a currency; never a float."""

from __future__ import annotations

from dataclasses import dataclass
from functools import total_ordering

#: ISO 4217 exponent: how many decimal digits the minor unit has.
EXPONENT = {"INR": 2, "USD": 2, "EUR": 2, "GBP": 2, "JPY": 0}
SYMBOL = {"INR": "₹", "USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥"}


@total_ordering
@dataclass(frozen=True, slots=True)
class Money:
    """An exact amount.

    Attributes:
        minor: signed integer minor units (paise, cents).
        currency: ISO 4217 code in capitals.

    Raises:
        TypeError: `minor` is not an int (bools and floats are refused).
        ValueError: the currency is not known here, or two currencies are mixed.
    """

    minor: int
    currency: str = "INR"

    def __post_init__(self) -> None:
        if type(self.minor) is not int:
            raise TypeError("minor units are a plain int")
        if self.currency not in EXPONENT:
            raise ValueError(f"unknown currency {self.currency!r}")

    def _same(self, other: Money) -> None:
        if self.currency != other.currency:
            raise ValueError(f"cannot mix {self.currency} and {other.currency}")

    def __add__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.minor - other.minor, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __lt__(self, other: Money) -> bool:
        self._same(other)
        return self.minor < other.minor

    def __str__(self) -> str:
        return format_money(self)


def group_indian(digits: str) -> str:
    """Group whole units the Indian way: '12345678' -> '1,23,45,678'."""
    head, tail = digits[:-3], digits[-3:]
    parts: list[str] = []
    while head:
        parts.insert(0, head[-2:])
        head = head[:-2]
    return ",".join([*parts, tail])


def format_money(money: Money) -> str:
    """Write an amount as a customer reads it: ₹1,23,456.00, -₹500.00, $1,234.50."""
    exponent = EXPONENT[money.currency]
    whole, part = divmod(abs(money.minor), 10**exponent)
    grouped = group_indian(str(whole)) if money.currency == "INR" else f"{whole:,}"
    decimals = f".{part:0{exponent}d}" if exponent else ""
    sign = "-" if money.minor < 0 else ""
    return f"{sign}{SYMBOL[money.currency]}{grouped}{decimals}"
