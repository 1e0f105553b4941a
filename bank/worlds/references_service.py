"""Does everything that fees, limits, payees, mandates and claims name exist, and belong where it is named?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from bank.worlds.models import World
from bank.worlds.problems import Finding

Path = tuple[str | int, ...]


def check_service_references(world: World) -> Iterator[Finding]:
    """Every repeated id and every name of something that is not there or belongs to somebody else."""
    yield from _repeated(world)
    yield from _Names(world).findings()


def _repeated(world: World) -> Iterator[Finding]:
    lists: list[tuple[str, Sequence[Any], tuple[str, ...]]] = [
        ("tariff", world.tariff, ("kind",)),
        ("fees", world.fees, ("id",)),
        ("fees", world.fees, ("transaction",)),
        ("limits", world.limits, ("account", "card", "kind")),
        ("payees", world.payees, ("id",)),
        ("mandates", world.mandates, ("id",)),
        ("complaints", world.complaints, ("reference",)),
        ("fraud_reports", world.fraud_reports, ("reference",)),
        ("chargebacks", world.chargebacks, ("reference",)),
        ("chargebacks", world.chargebacks, ("case",)),
        ("compensations", world.compensations, ("kind", "transaction")),
        ("closures", world.closures, ("reference",)),
    ]
    for name, items, keys in lists:
        seen: set[tuple[Any, ...]] = set()
        for index, item in enumerate(items):
            value = tuple(getattr(item, key) for key in keys)
            if value in seen:
                yield Finding((name, index, keys[-1]), f"{' '.join(filter(None, value))} is in {name} twice")
            seen.add(value)


class _Names:
    def __init__(self, world: World) -> None:
        self.world = world
        self.customers = {item.id for item in world.customers}
        self.users = {item.id: item.users for item in world.accounts}
        self.cards = {item.id: item.account for item in world.cards}
        self.transactions = {item.id: item.account for item in world.transactions}
        self.cases = {item.reference for item in world.cases}

    def findings(self) -> Iterator[Finding]:
        for index, fee in enumerate(self.world.fees):
            yield from self._known(fee.transaction, self.transactions, "transaction", ("fees", index, "transaction"))
        for index, limit in enumerate(self.world.limits):
            yield from self._known(limit.account, self.users, "account", ("limits", index, "account"))
            if limit.card is not None and self.cards.get(limit.card) != limit.account:
                yield Finding(("limits", index, "card"), f"{limit.card} is not a card of {limit.account}")
        for index, payee in enumerate(self.world.payees):
            yield from self._known(payee.customer, self.customers, "customer", ("payees", index, "customer"))
            if payee.account is not None:
                yield from self._known(payee.account, self.users, "account", ("payees", index, "account"))
        for index, mandate in enumerate(self.world.mandates):
            yield from self._known(mandate.account, self.users, "account", ("mandates", index, "account"))
        yield from self._in_transactions()
        yield from self._claims()

    def _in_transactions(self) -> Iterator[Finding]:
        owner = {item.id: item.customer for item in self.world.payees}
        account = {item.id: item.account for item in self.world.mandates}
        for index, item in enumerate(self.world.transactions):
            if item.payee_ref is not None and owner.get(item.payee_ref) not in self.users.get(item.account, ()):
                yield Finding(("transactions", index, "payee_ref"), f"{item.payee_ref} is no payee of who uses {item.account}")
            if item.mandate is not None and account.get(item.mandate) != item.account:
                yield Finding(("transactions", index, "mandate"), f"{item.mandate} is no mandate on {item.account}")

    def _claims(self) -> Iterator[Finding]:
        for name, items in (
            ("complaints", self.world.complaints),
            ("fraud_reports", self.world.fraud_reports),
            ("compensations", self.world.compensations),
            ("closures", self.world.closures),
        ):
            for index, item in enumerate(items):
                yield from self._known(item.customer, self.customers, "customer", (name, index, "customer"))  # type: ignore[attr-defined]
        for index, chargeback in enumerate(self.world.chargebacks):
            yield from self._known(chargeback.case, self.cases, "case", ("chargebacks", index, "case"))
        for index, paid in enumerate(self.world.compensations):
            yield from self._known(paid.transaction, self.transactions, "transaction", ("compensations", index, "transaction"))
            yield from self._uses(
                paid.customer, self.transactions.get(paid.transaction), ("compensations", index, "customer"), paid.transaction
            )
        for index, closure in enumerate(self.world.closures):
            yield from self._known(closure.account, self.users, "account", ("closures", index, "account"))
            yield from self._uses(closure.customer, closure.account, ("closures", index, "customer"), closure.account)

    def _known(self, name: str, among: Any, what: str, path: Path) -> Iterator[Finding]:
        if name not in among:
            yield Finding(path, f"there is no {what} {name}")

    def _uses(self, customer: str, account: str | None, path: Path, what: str) -> Iterator[Finding]:
        if account in self.users and customer in self.customers and customer not in self.users[account]:
            yield Finding(path, f"{customer} does not use the account of {what}")
