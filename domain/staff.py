"""Who works at the bank: roles, what each may do here, up to which amount, and a person who has signed in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from domain.errors import BadInput
from domain.money import EXPONENT

#: Every permission a staff route can ask for. A route names exactly one; `docs/staff.md` lists them (tested).
PERMISSIONS: dict[str, str] = {
    "session.own": "leave, and prove the second factor again",
    "approvals.read": "see what waits for one's own roles",
    "approvals.read_all": "see everything that waits for a person",
    "approvals.sign": "sign off or refuse what waits for one's own roles",
    "proposals.make": "propose an action for a customer, through the same gate",
    "activations.read": "see which rules run and which wait",
    "policy.propose": "put changed rules up for activation",
    "policy.activate": "give one of the two sign-offs that activate rules",
}
#: Minor units by currency; a currency that is not listed is not within the role's limit.
Limits = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Role:
    """What a role may do. `limits` is the most it may sign off in one proposal, `about` a line for people."""

    about: str
    permissions: frozenset[str]
    limits: Limits


def _role(about: str, permissions: str, **limits: int) -> Role:
    return Role(about, frozenset(["session.own", *permissions.split()]), limits)


_DECIDES = "approvals.read approvals.sign proposals.make"
#: The roles of people. Those that a rule may name as deciding (`policy.vocabulary.ROLES`) are all among them.
ROLES: dict[str, Role] = {
    "operations": _role("general cases; where nobody else is named", _DECIDES, INR=1_000_000, USD=20_000, EUR=20_000),
    "disputes_officer": _role("disputed payments and credits", _DECIDES, INR=10_000_000, USD=200_000, EUR=200_000),
    "fraud_team": _role("suspicious payments and requests", _DECIDES, INR=10_000_000, USD=200_000, EUR=200_000),
    "branch_officer": _role("papers, deceased customers, minors", _DECIDES, INR=10_000_000, USD=200_000, EUR=200_000),
    "legal_officer": _role("orders of courts and authorities", _DECIDES, INR=10_000_000, USD=200_000, EUR=200_000),
    "payments_officer": _role("refunds, duplicates, compensation", _DECIDES, INR=10_000_000, USD=200_000, EUR=200_000),
    "service_officer": _role("logins, limits, cards, closings", _DECIDES, INR=10_000_000, USD=200_000, EUR=200_000),
    "supervisor": _role(
        "raises the limit of the person's other roles; decides nothing alone",
        "approvals.read approvals.read_all",
        INR=100_000_000,
        USD=2_000_000,
        EUR=2_000_000,
    ),
    "policy_admin": _role("rules and bank policy", "activations.read policy.propose policy.activate"),
    "auditor": _role("reads, changes nothing", "approvals.read approvals.read_all activations.read"),
}


@dataclass(frozen=True, slots=True)
class Person:
    """A member of staff in one signed-in session. Times are wall time: they come from a device in somebody's hand."""

    tenant: str
    name: str
    roles: frozenset[str]
    session: str
    second_factor_at: datetime

    def may(self, permission: str) -> bool:
        return any(permission in ROLES[role].permissions for role in self.roles if role in ROLES)


class RoleLimits:
    """How much each role may sign off: the defaults above, with a bank's own figures in their place."""

    def __init__(self, changed: Mapping[tuple[str, str], int] | None = None) -> None:
        self._limits = {role: dict(each.limits) for role, each in ROLES.items()}
        for (role, currency), limit in (changed or {}).items():
            self._limits[role][currency] = limit

    def of(self, roles: Iterable[str], demanded: str, currency: str) -> int:
        """The most a person with these roles may sign off in the demanded role, in minor units; 0 without that role."""
        mine = set(roles)
        if demanded not in mine:
            return 0
        counting = {demanded, "supervisor"} & mine
        return max(self._limits.get(role, {}).get(currency, 0) for role in counting)


def parse_limits(text: str) -> RoleLimits:
    """Limits from `role:CUR=minor,…`. Raises BadInput `setting_invalid`."""
    changed: dict[tuple[str, str], int] = {}
    for part in filter(None, (each.strip() for each in text.split(","))):
        role, _, rest = part.partition(":")
        currency, _, amount = rest.partition("=")
        if role not in ROLES or currency not in EXPONENT or not amount.isdecimal():
            raise BadInput("setting_invalid", f"role_limits: {part!r} is not role:CURRENCY=minor units")
        changed[role, currency] = int(amount)
    return RoleLimits(changed)
