"""The rules that run: one pack at a time, exchanged whole, so that no decision sees half of two."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from domain.actions import Action, Protective
from domain.calendars import Calendar
from domain.decisions import Decision, Fact
from policy.gate import FALLBACK_ROLE, decide, facts_digest
from policy.packs import Pack

NONE_ACTIVE = "no rules are in force"


class RuleBook:
    """Implements `runtime.tenants.Rules`. Without a pack the gate is closed: no means no, and a protective action goes to a person.

    `calendar` gives the home branch's calendar for some facts, or the one it is given.
    """

    def __init__(self, calendar: Callable[[Mapping[str, Fact], Calendar], Calendar]) -> None:
        self._calendar = calendar
        self._pack: Pack | None = None

    @property
    def pack(self) -> Pack | None:
        return self._pack

    @property
    def currency(self) -> str:
        """Of the pack that runs; empty without one."""
        return "" if self._pack is None else self._pack.currency

    @property
    def jurisdiction(self) -> str:
        """Of the pack that runs; empty without one."""
        return "" if self._pack is None else self._pack.jurisdiction

    def take(self, pack: Pack) -> None:
        """From the next decision on these rules run; one that is under way ends with those it began with."""
        self._pack = pack

    def versions(self) -> dict[str, str]:
        """What a turn's record says of the rules it ran under."""
        pack = self._pack
        return {"pack": "", "pack_digest": ""} if pack is None else {"pack": pack.label, "pack_digest": pack.digest}

    def __call__(self, action: Action, facts: Mapping[str, Fact], now: datetime) -> Decision:
        pack, name = self._pack, str(action.arguments()["action"])
        if pack is not None:
            return decide(name, facts, pack, now, self._calendar(facts, pack.calendar))
        human = name in Protective
        return Decision(
            verdict="human" if human else "deny",
            role=FALLBACK_ROLE if human else None,
            reasons=(NONE_ACTIVE,),
            customer_reason="person_checks" if human else "switched_off",
            facts_digest=facts_digest(facts),
            pack="none",
            pack_digest="0" * 64,
            decided_at=now,
        )
