"""Reads about the one customer that a signed-in session speaks for. No method takes a customer: the subject token says who."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import quote

from tools.bank_client import BankClient

#: Purpose → a subject token of this session; minted for at most 60 s.
Subject = Callable[[str], str]


class SubjectReads:
    """Implements `domain.ports.BankReads`. Answers are the bank's own JSON."""

    def __init__(self, bank: BankClient, subject: Subject) -> None:
        self._bank = bank
        self._subject = subject

    async def profile(self) -> dict[str, Any]:
        return await self._one("/customer", "profile")

    async def balances(self) -> dict[str, Any]:
        return await self._one("/balance", "balance")

    async def transactions(
        self, *, since: date | None = None, until: date | None = None, amount_minor: int | None = None, limit: int = 50
    ) -> list[dict[str, Any]]:
        params = {"since": since, "until": until, "amount_minor": amount_minor, "limit": limit}
        return await self._many("/transactions", "transactions", params)

    async def transaction(self, transaction: str) -> dict[str, Any]:
        return await self._one(f"/transactions/{_segment(transaction)}", "transactions")

    async def cards(self) -> list[dict[str, Any]]:
        return await self._many("/cards", "cards")

    async def devices(self) -> list[dict[str, Any]]:
        return await self._many("/devices", "devices")

    async def logins(self) -> list[dict[str, Any]]:
        return await self._many("/logins", "logins")

    async def fraud(self, transaction: str) -> dict[str, Any]:
        return await self._one("/fraud/score", "fraud", {"transaction": transaction})

    async def disputes(self) -> list[dict[str, Any]]:
        return await self._many("/disputes", "disputes")

    async def complaints(self) -> list[dict[str, Any]]:
        return await self._many("/complaints", "complaints")

    async def fees(self) -> list[dict[str, Any]]:
        return await self._many("/fees", "fees")

    async def payees(self) -> list[dict[str, Any]]:
        return await self._many("/payees", "payees")

    async def mandates(self) -> list[dict[str, Any]]:
        return await self._many("/mandates", "mandates")

    async def limits(self) -> list[dict[str, Any]]:
        """Limits that may be set, each with its cap and the version to change it by."""
        answer = await self._bank.read("/limits", subject=self._subject("limits"))
        settable: list[dict[str, Any]] = answer["settable"]
        return settable

    async def _one(self, path: str, purpose: str, params: dict[str, Any] | None = None) -> dict[str, Any]:
        answer: dict[str, Any] = await self._bank.read(path, subject=self._subject(purpose), params=params)
        return answer

    async def _many(self, path: str, name: str, params: dict[str, Any] | None = None) -> list[dict[str, Any]]:
        answer = await self._bank.read(path, subject=self._subject(name), params=params)
        found: list[dict[str, Any]] = answer[name] if isinstance(answer, dict) else answer
        return found


def _segment(value: str) -> str:
    """One path segment; an id with a slash in it stays one segment."""
    return quote(value, safe="")
