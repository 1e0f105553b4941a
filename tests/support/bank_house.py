"""The gate house with the real core and the real rules behind it: what moved is counted at the bank, by SQL."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from bank.keys import write_trusted
from bank.ledger.tables import entries, postings
from bank.setup import AUTHORITY_KEYS, SUBJECT_KEYS
from domain.actions import Action, OpenDispute, ProvisionalCredit
from domain.decisions import Decision, Fact
from policy.gate import decide
from policy.packs import SHIPPED, load_pack
from tests.support.bank import Teller, Workbench, open_workbench
from tests.support.bank_world import ASHA
from tests.support.gate_house import TENANT, GateHouse, open_house

PACK = load_pack(SHIPPED / "in-rbi")
DISPUTE = OpenDispute(transaction="T1", dispute_type="unauthorised", amount_minor=500_000, currency="INR")


def indian_rules(action: Action, facts: Mapping[str, Fact], now: datetime) -> Decision:
    return decide(action.arguments()["action"], facts, PACK, now, PACK.calendar)


@dataclass
class Bank:
    """The gate house with the real core behind it."""

    house: GateHouse
    bench: Workbench
    teller: Teller

    async def advance(self, seconds: float) -> None:
        """Move business time on both sides."""
        await self.teller.advance(seconds)
        self.house.clock.at = self.teller.now

    async def fault(self, endpoint: str, kind: str, seconds: float | None = None) -> None:
        answer = await self.teller.dev("POST", "/faults", {"endpoint": endpoint, "kind": kind, "seconds": seconds})
        assert answer.status_code == 201

    def credits(self) -> list[int]:
        """Amounts put on Asha's account by provisional credits, from the ledger itself."""
        query = (
            sa.select(entries.c.amount_minor)
            .join(postings, (postings.c.tenant == entries.c.tenant) & (postings.c.id == entries.c.posting))
            .where(entries.c.tenant == TENANT, entries.c.account == "A1", postings.c.kind == "provisional_credit")
        )
        return self.bench.bank.database.read_now(lambda c: [int(each) for each in c.execute(query).scalars()])

    async def registered(self) -> str:
        """A dispute that Asha has confirmed and the bank has registered; its reference."""
        gate = self.house.gate(ASHA)
        proposal = await self.house.ready_credit(gate, DISPUTE, "dispute")
        outcome = await gate.execute(proposal)
        assert outcome.state == "succeeded", outcome
        return str((outcome.receipt or {})["dispute"])

    async def ready_credit(self) -> str:
        """A decided provisional credit of that dispute; the yes to the dispute covers it."""
        action = ProvisionalCredit(
            account="A1", transaction="T1", dispute=await self.registered(), amount_minor=500_000, currency="INR"
        )
        outcome = await self.house.gate(ASHA).propose(action, node="credit", visit=0)
        assert outcome.state == "decided", outcome
        return outcome.proposal


@asynccontextmanager
async def open_bank_house(database_url: str, tmp_path: Path) -> AsyncIterator[Bank]:
    """Asha signed in at AL3, and the core of the test world."""
    bench = open_workbench(tmp_path / "bank")
    now = bench.seed(TENANT)
    async with open_house(database_url) as house:
        house.clock.at = now
        write_trusted(bench.keys / AUTHORITY_KEYS, house.authority_key.public_key())
        write_trusted(bench.keys / SUBJECT_KEYS, house.subject_key.public_key())
        house.rules = indian_rules  # type: ignore[assignment]
        house.connect(bench.app, f"http://core/{TENANT}", bench.credential.strip())
        house.sign_in(customer=ASHA)
        teller = bench.teller(TENANT, now)
        yield Bank(house, bench, teller)
        await teller.http.aclose()
    bench.bank.close()
