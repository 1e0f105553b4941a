"""Everything staff routes and commands need, wired once for one tenant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from domain.clock import BusinessClock
from domain.ids import Ids
from domain.staff import parse_limits
from persistence.database import Database
from policy.packs import SHIPPED
from runtime.clocks import OffsetClock
from runtime.gate import GateParts
from runtime.keys import secret
from runtime.rulebook import RuleBook
from runtime.settings import Settings
from runtime.staff.activations import Activations
from runtime.staff.approvals import ApprovalDesk
from runtime.staff.identity import StaffIdentity
from runtime.staff.proofs import Passwords, SecretBox, fresh_key
from runtime.staff.proposing import StaffProposals
from runtime.staff.rule_files import RuleFiles
from runtime.staff.users import Users

#: The key that second factors are encrypted with; it never enters the database.
KEY_FILE = "staff.key"


@dataclass(frozen=True, slots=True)
class StaffDesk:
    """Who works here, what waits for them, what they propose, which rules run."""

    identity: StaffIdentity
    approvals: ApprovalDesk
    activations: Activations
    proposals: StaffProposals


def open_desk(
    settings: Settings, parts: GateParts, book: RuleBook, *, clock: BusinessClock, ids: Ids, wall: BusinessClock | None = None
) -> StaffDesk:
    """Wire the desk; `book` takes over what is activated. `wall` is real time, since codes come from people's devices; tests give their own."""
    identity = open_identity(settings, parts.db, clock=clock, ids=ids, wall=wall)
    limits = parse_limits(settings.role_limits)
    approvals = ApprovalDesk(parts, settings.tenant, identity, limits, lambda: book.currency)
    activations = Activations(
        parts.db, settings.tenant, files=RuleFiles(settings.policy_dir or SHIPPED, settings.pack), book=book, clock=clock, ids=ids,
        profile=settings.profile, identity=identity,
    )  # fmt: skip
    return StaffDesk(identity, approvals, activations, StaffProposals(parts, settings.tenant, identity))


def open_identity(
    settings: Settings, database: Database, *, clock: BusinessClock, ids: Ids, wall: BusinessClock | None = None
) -> StaffIdentity:
    return StaffIdentity(
        database, settings.tenant, wall=wall or OffsetClock(), clock=clock, ids=ids, box=_box(settings), passwords=Passwords(),
        idle=timedelta(seconds=settings.staff_idle_s), life=timedelta(seconds=settings.staff_session_s),
    )  # fmt: skip


def open_users(settings: Settings, database: Database) -> Users:
    """The list of staff, for the command line."""
    return Users(database, settings.tenant, _box(settings), Passwords(), OffsetClock())


def _box(settings: Settings) -> SecretBox:
    settings.keys_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    return SecretBox(secret(settings.keys_dir / KEY_FILE, fresh_key))
