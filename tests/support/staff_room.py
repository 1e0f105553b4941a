"""Staff for tests: quick hashes, a wall clock that a test moves, an authenticator app for each user."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pyotp
from argon2 import PasswordHasher

from domain.staff import Person, parse_limits
from persistence.database import Database
from runtime.clocks import RandomIds
from runtime.staff.approvals import ApprovalDesk, Word
from runtime.staff.identity import SignedIn, StaffIdentity
from runtime.staff.proofs import Passwords, SecretBox, fresh_key
from runtime.staff.users import Users
from tests.support.gate_house import TENANT, Clock, GateHouse

PASSWORD = "correct horse battery staple"
#: Checking a hash costs what the hash says, so the tests' own hashes make signing in quick.
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


def app_code(uri: str, at: datetime) -> str:
    """What the authenticator app of this enrolment shows."""
    return pyotp.TOTP(parse_qs(urlsplit(uri).query)["secret"][0]).at(at)


@dataclass
class StaffRoom:
    """Users of one database. `wall` is the clock in everybody's hand."""

    db: Database
    clock: Clock
    wall: Clock = field(default_factory=lambda: Clock(datetime(2026, 11, 25, 6, 0, tzinfo=UTC)))
    apps: dict[str, str] = field(default_factory=dict)
    tenant: str = TENANT

    def __post_init__(self) -> None:
        self.box, self.passwords = SecretBox(fresh_key()), Passwords(QUICK)
        self.identity = self.process()
        self.users = Users(self.db, self.tenant, self.box, self.passwords, self.wall)

    def process(self) -> StaffIdentity:
        """What one server process has; call again for a second one on the same database."""
        return StaffIdentity(
            self.db, self.tenant, wall=self.wall, clock=self.clock, ids=RandomIds(), box=self.box, passwords=self.passwords,
            idle=timedelta(minutes=15), life=timedelta(hours=8),
        )  # fmt: skip

    def hire(self, name: str, *roles: str) -> str:
        """A new user; returns the enrolment URI."""
        self.apps[name] = self.users.add(name, roles or ("disputes_officer",), PASSWORD)
        return self.apps[name]

    def code(self, name: str, *, fresh: bool = True) -> str:
        """What the user's app shows; a fresh one was not shown before, so half a minute passes."""
        if fresh:
            self.wall.advance(30)
        return app_code(self.apps[name], self.wall.at)

    async def sign_in(self, name: str, identity: StaffIdentity | None = None) -> SignedIn:
        return await (identity or self.identity).sign_in(name, PASSWORD, self.code(name))

    async def at_work(self, name: str, *roles: str) -> Person:
        """A new user, signed in."""
        self.hire(name, *roles)
        return (await self.sign_in(name)).person


def desk_of(house: GateHouse, room: StaffRoom, *, limits: str = "", other_process: bool = False) -> ApprovalDesk:
    """The approvals of a gate house; another process has gate, authority and executor of its own."""
    parts = house.process() if other_process else house.parts
    identity = room.process() if other_process else room.identity
    return ApprovalDesk(parts, TENANT, identity, parse_limits(limits), lambda: "INR")


async def signs(
    desk: ApprovalDesk, person: Person, proposal: str, value: str = "approve", *, shown: str | None = None
) -> dict[str, Any]:
    """Look at it, then sign what was shown."""
    digest = shown or (await desk.show(person, proposal))["digest"]
    return await desk.sign_off(person, proposal, Word(value, digest, "Checked the papers."))
