"""Does everything that a world names exist, once, and belong where it is named?"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from typing import Any

from bank.worlds.models import Account, Card, World
from bank.worlds.problems import Finding


def check_references(world: World) -> Iterator[Finding]:
    """Every repeated id and every name of something that is not there or belongs to somebody else."""
    yield from _repeated(world)
    yield from _Names(world).findings()


def _repeated(world: World) -> Iterator[Finding]:
    lists: list[tuple[str, Sequence[Any], str]] = [
        ("branches", world.branches, "id"),
        ("customers", world.customers, "id"),
        ("accounts", world.accounts, "id"),
        ("accounts", world.accounts, "number"),
        ("cards", world.cards, "id"),
        ("holds", world.holds, "id"),
        ("transactions", world.transactions, "id"),
        ("routines", world.routines, "id"),
        ("loans", world.loans, "id"),
        ("cases", world.cases, "reference"),
        ("rails", world.rails, "transaction"),
        ("fraud", world.fraud, "transaction"),
    ]
    for name, items, key in lists:
        seen: set[str] = set()
        for index, item in enumerate(items):
            value = getattr(item, key)
            if value in seen:
                yield Finding((name, index, key), f"{value} is in {name} twice")
            seen.add(value)
    yield from _repeated_inside(world)


def _repeated_inside(world: World) -> Iterator[Finding]:
    owner: dict[str, str] = {}
    for index, customer in enumerate(world.customers):
        for place, device in enumerate(customer.devices):
            if device.id in owner:
                yield Finding(
                    ("customers", index, "devices", place, "id"), f"{device.id} is a device of {owner[device.id]} already"
                )
            owner[device.id] = customer.id
        kinds: set[str] = set()
        for place, contact in enumerate(customer.contacts):
            if contact.kind in kinds:
                yield Finding(
                    ("customers", index, "contacts", place, "kind"), f"{customer.id} has two contacts of kind {contact.kind}"
                )
            kinds.add(contact.kind)
    open_cases: set[str] = set()
    for index, case in enumerate(world.cases):
        if case.status == "open" and case.transaction in open_cases:
            yield Finding(("cases", index, "transaction"), f"{case.transaction} has two open cases")
        if case.status == "open":
            open_cases.add(case.transaction)


class _Names:
    """The things of a world by name, and the questions asked about every place where one is named."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.branches = {item.id for item in world.branches}
        self.customers = {item.id: item for item in world.customers}
        self.accounts: dict[str, Account] = {item.id: item for item in world.accounts}
        self.cards: dict[str, Card] = {item.id: item for item in world.cards}
        self.transactions = {item.id: item for item in world.transactions}
        self.device_owner = {device.id: item.id for item in world.customers for device in item.devices}

    def findings(self) -> Iterator[Finding]:
        for index, customer in enumerate(self.world.customers):
            if customer.home_branch not in self.branches:
                yield Finding(("customers", index, "home_branch"), f"there is no branch {customer.home_branch}")
            for place, attempt in enumerate(customer.login.attempts):
                here = ("customers", index, "login", "attempts", place, "device")
                yield from self._device(attempt.device, (customer.id,), here)
        for index, account in enumerate(self.world.accounts):
            for place, holder in enumerate(account.ownership.holders):
                yield from self._customer(holder, ("accounts", index, "ownership", "holders", place))
            yield from self._customer(account.ownership.guardian, ("accounts", index, "ownership", "guardian"))
        for index, card in enumerate(self.world.cards):
            users = yield from self._account(card.account, ("cards", index, "account"))
            if users and card.holder not in users:
                yield Finding(("cards", index, "holder"), f"{card.holder} is neither a holder nor the guardian of {card.account}")
        yield from self._on_accounts()
        yield from self._about_transactions()
        yield from self._about_customers()

    def _on_accounts(self) -> Iterator[Finding]:
        """Holds, transactions and routines: their account, a card of that account, a device of somebody who uses it."""
        named: list[tuple[str, Sequence[Any]]] = [
            ("holds", self.world.holds),
            ("transactions", self.world.transactions),
            ("routines", self.world.routines),
        ]
        for name, items in named:
            for index, item in enumerate(items):
                users = yield from self._account(item.account, (name, index, "account"))
                card = self.cards.get(item.card) if item.card else None
                if item.card and card is None:
                    yield Finding((name, index, "card"), f"there is no card {item.card}")
                elif card and card.account != item.account:
                    yield Finding((name, index, "card"), f"{card.id} is a card of {card.account}, not of {item.account}")
                if name != "holds" and users:
                    yield from self._device(item.device, users, (name, index, "device"))

    def _about_transactions(self) -> Iterator[Finding]:
        for index, item in enumerate(self.world.transactions):
            if item.reversal_of is not None:
                yield from self._transaction(item.reversal_of, ("transactions", index, "reversal_of"))
        for index, state in enumerate(self.world.rails):
            yield from self._transaction(state.transaction, ("rails", index, "transaction"))
        for index, assessment in enumerate(self.world.fraud):
            yield from self._transaction(assessment.transaction, ("fraud", index, "transaction"))
        for index, case in enumerate(self.world.cases):
            yield from self._customer(case.customer, ("cases", index, "customer"))
            yield from self._transaction(case.transaction, ("cases", index, "transaction"))
            if case.provisional_credit:
                yield from self._transaction(case.provisional_credit, ("cases", index, "provisional_credit"))
            disputed = self.transactions.get(case.transaction)
            account = self.accounts.get(disputed.account) if disputed else None
            if account and case.customer not in account.users:
                yield Finding(("cases", index, "customer"), f"{case.customer} does not use the account of {case.transaction}")

    def _about_customers(self) -> Iterator[Finding]:
        for index, loan in enumerate(self.world.loans):
            yield from self._customer(loan.customer, ("loans", index, "customer"))
            if loan.account:
                yield from self._account(loan.account, ("loans", index, "account"))
        for index, event in enumerate(self.world.events):
            yield from self._customer(event.customer, ("events", index, "customer"))

    def _customer(self, name: str | None, path: tuple[str | int, ...]) -> Iterator[Finding]:
        if name is not None and name not in self.customers:
            yield Finding(path, f"there is no customer {name}")

    def _account(self, name: str, path: tuple[str | int, ...]) -> Generator[Finding, None, Sequence[str]]:
        """Yields a finding for an unknown account; returns who uses a known one."""
        if name in self.accounts:
            return self.accounts[name].users
        yield Finding(path, f"there is no account {name}")
        return ()

    def _transaction(self, name: str, path: tuple[str | int, ...]) -> Iterator[Finding]:
        if name not in self.transactions:
            yield Finding(path, f"there is no transaction {name}")

    def _device(self, name: str | None, users: Sequence[str], path: tuple[str | int, ...]) -> Iterator[Finding]:
        if name is None or name.startswith("unknown:"):
            return
        if name not in self.device_owner:
            yield Finding(path, f"there is no device {name}; one the bank does not know is written unknown:{name}")
        elif self.device_owner[name] not in users:
            yield Finding(path, f"{name} is a device of {self.device_owner[name]}")
