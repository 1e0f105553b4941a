"""Can a world be so? Times that lie ahead, states that exclude each other, money that is not there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from bank.worlds.models import Account, Case, Customer, Hold, Transaction, World
from bank.worlds.problems import Finding

_OUT = frozenset({"purchase", "cash_withdrawal", "fee", "emi", "bill", "subscription"})
_IN = frozenset({"cash_deposit", "salary", "refund", "provisional_credit", "card_payment"})
_OWES = frozenset({"credit_card", "overdraft"})
Keys = tuple[str | int, ...]


def check_contradictions(world: World) -> Iterator[Finding]:
    """What cannot be true together, item by item; balances are the matter of `check_balances`."""
    for number, branch in enumerate(world.branches):
        days = [holiday.day for holiday in branch.holidays]
        if len(days) != len(set(days)):
            yield Finding(("branches", number, "holidays"), "a day is a holiday twice")
    for number, customer in enumerate(world.customers):
        yield from _customer(world, customer, ("customers", number))
    for number, account in enumerate(world.accounts):
        yield from _account(world, account, ("accounts", number))
        yield from _ownership(world, account, ("accounts", number, "ownership"))
    yield from _cards(world)
    accounts = {account.id: account for account in world.accounts}
    for number, hold in enumerate(world.holds):
        yield from _hold(world, hold, accounts.get(hold.account), ("holds", number))
    by_id = {item.id: item for item in world.transactions}
    reversals = {item.reversal_of for item in world.transactions if item.reversal_of}
    for number, item in enumerate(world.transactions):
        here: Keys = ("transactions", number)
        yield from _transaction(world, item, accounts.get(item.account), here)
        if (item.status == "reversed") != (item.id in reversals):
            yield Finding((*here, "status"), "reversed goes together with another transaction whose reversal_of names this one")
        if item.reversal_of in by_id and not _undoes(item, by_id[item.reversal_of]):
            yield Finding((*here, "reversal_of"), f"does not undo {item.reversal_of}: same account, opposite amount, later")
    for number, case in enumerate(world.cases):
        yield from _case(world, case, by_id, ("cases", number))
    yield from _others(world, accounts, by_id)


def check_balances(world: World, expanded: World) -> Iterator[Finding]:
    """Money that is not there: `expanded` is the world with its routines written out."""
    if len({item.id for item in expanded.transactions}) != len(expanded.transactions):
        yield Finding(("transactions",), "an id is one that a routine gives out")
    for number, account in enumerate(world.accounts):
        here: Keys = ("accounts", number, "opening")
        if account.opening.currency != account.currency:
            continue
        ledger, held = expanded.ledger(account), expanded.held(account)
        if account.status == "closed" and (ledger.minor or held.minor):
            yield Finding(here, f"a closed account has nothing on it, but this one comes to {ledger} with {held} held")
            continue
        limit = account.credit_limit.minor if account.credit_limit and account.type in _OWES else 0
        marked = sum(lien.amount.minor for lien in account.liens)
        if ledger.minor + limit < 0:
            yield Finding(here, f"the ledger comes to {ledger}, less than this account may have")
        elif ledger.minor + limit < held.minor + marked:
            yield Finding(here, f"holds and liens are more than the ledger of {ledger} (and a limit) can bear")


def _ahead(world: World, at: datetime | None, path: Keys) -> Iterator[Finding]:
    if at is not None and at > world.now:
        yield Finding(path, "lies after the world's now")


def _day_ahead(world: World, day: date | None, path: Keys) -> Iterator[Finding]:
    if day is not None and day > world.local_now.date():
        yield Finding(path, "lies after the world's today")


def _customer(world: World, customer: Customer, here: Keys) -> Iterator[Finding]:
    yield from _day_ahead(world, customer.deceased_on, (*here, "deceased_on"))
    yield from _day_ahead(world, customer.date_of_birth, (*here, "date_of_birth"))
    kinds = {contact.kind for contact in customer.contacts}
    if "sim" in kinds and "mobile" not in kinds:
        yield Finding((*here, "contacts"), "a SIM without a mobile number")
    for place, contact in enumerate(customer.contacts):
        yield from _ahead(world, contact.changed_at, (*here, "contacts", place, "changed_at"))
    for place, device in enumerate(customer.devices):
        yield from _ahead(world, device.registered_at, (*here, "devices", place, "registered_at"))
        yield from _ahead(world, device.last_seen, (*here, "devices", place, "last_seen"))
        if device.last_seen and device.last_seen < device.registered_at:
            yield Finding((*here, "devices", place, "last_seen"), "seen before it was registered")
    login = customer.login
    yield from _ahead(world, login.pin_changed_at, (*here, "login", "pin_changed_at"))
    yield from _ahead(world, login.password_changed_at, (*here, "login", "password_changed_at"))
    for place, attempt in enumerate(login.attempts):
        yield from _ahead(world, attempt.at, (*here, "login", "attempts", place, "at"))
    if login.lock:
        yield from _ahead(world, login.lock.since, (*here, "login", "lock", "since"))
        if login.lock.until and login.lock.until <= world.now:
            yield Finding((*here, "login", "lock", "until"), "a lock that has ended is no lock; leave it out")


def _account(world: World, account: Account, here: Keys) -> Iterator[Finding]:
    for name, amount in (
        ("opening", account.opening),
        ("credit_limit", account.credit_limit),
        ("average_balance", account.average_balance),
    ):
        if amount is not None and amount.currency != account.currency:
            yield Finding((*here, name), f"is in {amount.currency}, the account in {account.currency}")
    yield from _day_ahead(world, account.opened, (*here, "opened"))
    if (account.status == "dormant") != (account.dormant_since is not None):
        yield Finding((*here, "dormant_since"), "is there exactly when the status is dormant")
    if (account.type in _OWES) != (account.credit_limit is not None):
        yield Finding((*here, "credit_limit"), "is there exactly for credit cards and overdrafts")
    for place, freeze in enumerate(account.freezes):
        yield from _ahead(world, freeze.since, (*here, "freezes", place, "since"))
        if freeze.kind in ("court", "police") and not (freeze.authority and freeze.reference):
            yield Finding((*here, "freezes", place), f"a {freeze.kind} freeze names its authority and reference")
    for place, lien in enumerate(account.liens):
        yield from _ahead(world, lien.since, (*here, "liens", place, "since"))
        if lien.amount.minor <= 0 or lien.amount.currency != account.currency:
            yield Finding((*here, "liens", place, "amount"), f"is more than nothing, in {account.currency}")


def _ownership(world: World, account: Account, here: Keys) -> Iterator[Finding]:
    mode, holders, guardian = account.ownership.mode, account.ownership.holders, account.ownership.guardian
    if len(set(holders)) != len(holders):
        yield Finding((*here, "holders"), "a holder is named twice")
    if (len(holders) == 1) != (mode in ("sole", "minor_guardian")):
        yield Finding((*here, "holders"), f"{len(holders)} holders do not go with the mode {mode}")
    if (guardian is not None) != (mode == "minor_guardian"):
        yield Finding((*here, "guardian"), "is there exactly for the mode minor_guardian")
    if guardian in holders:
        yield Finding((*here, "guardian"), "is not the minor")
    born = next((customer.date_of_birth for customer in world.customers if customer.id == holders[0]), None)
    today = world.local_now.date()
    if mode == "minor_guardian" and (
        born is None or (today.year - born.year, today.month, today.day) >= (18, born.month, born.day)
    ):
        yield Finding((*here, "holders"), "a minor is under eighteen and has a date of birth")


def _cards(world: World) -> Iterator[Finding]:
    month = f"{world.local_now:%Y-%m}"
    for number, card in enumerate(world.cards):
        here: Keys = ("cards", number)
        stopped = card.status in ("blocked_own", "blocked_bank", "hotlisted")
        if stopped != (card.block_reason is not None) or stopped != (card.blocked_at is not None):
            yield Finding((*here, "status"), "block_reason and blocked_at are there exactly for a blocked or hotlisted card")
        yield from _ahead(world, card.blocked_at, (*here, "blocked_at"))
        if card.status in ("active", "expired") and (card.expires < month) != (card.status == "expired"):
            yield Finding((*here, "expires"), f"does not go with the status {card.status} in {month}")


def _hold(world: World, hold: Hold, account: Account | None, here: Keys) -> Iterator[Finding]:
    if hold.amount.minor <= 0 or (account and hold.amount.currency != account.currency):
        yield Finding((*here, "amount"), "is more than nothing, in the account's currency")
    yield from _ahead(world, hold.placed_at, (*here, "placed_at"))
    if hold.expires_at <= hold.placed_at:
        yield Finding((*here, "expires_at"), "ends before it begins")
    elif (hold.state == "pending" and hold.expires_at <= world.now) or (hold.state == "expired" and hold.expires_at > world.now):
        yield Finding((*here, "state"), f"{hold.state} does not go with when it expires")


def _transaction(world: World, item: Transaction, account: Account | None, here: Keys) -> Iterator[Finding]:
    yield from _ahead(world, item.at, (*here, "at"))
    yield from _ahead(world, item.alert_at, (*here, "alert_at"))
    if item.alert_at and (item.alert_at < item.at or not item.alerted):
        yield Finding((*here, "alert_at"), "an alert comes after its transaction, and not where alerted is false")
    if item.amount.minor == 0 or (account and item.amount.currency != account.currency):
        yield Finding((*here, "amount"), "is not nothing, and in the account's currency")
    elif (item.kind in _OUT and item.amount.minor > 0) or (item.kind in _IN and item.amount.minor < 0):
        yield Finding((*here, "amount"), f"has the wrong sign for {item.kind}: debits are negative")
    if (item.status == "failed") != (item.debited is not None):
        yield Finding((*here, "debited"), "is said exactly for a failed payment: true where the money was taken all the same")
    if account and item.at.date() < account.opened:
        yield Finding((*here, "at"), f"lies before {account.id} was opened")
    if account and account.dormant_since and item.at.date() > account.dormant_since and item.kind not in ("interest", "fee"):
        yield Finding((*here, "at"), f"the customer used {account.id} after it is said to be dormant")
    if (item.rail in ("card_pos", "card_ecom", "atm")) and item.card is None and item.amount.minor < 0:
        yield Finding((*here, "card"), f"a debit over {item.rail} was made with a card")


def _undoes(reversal: Transaction, original: Transaction) -> bool:
    return (
        reversal.account == original.account
        and reversal.amount.currency == original.amount.currency
        and reversal.amount.minor == -original.amount.minor
        and reversal.at >= original.at
    )


def _case(world: World, case: Case, by_id: dict[str, Transaction], here: Keys) -> Iterator[Finding]:
    yield from _ahead(world, case.opened_at, (*here, "opened_at"))
    disputed = by_id.get(case.transaction)
    if disputed and case.opened_at < disputed.at:
        yield Finding((*here, "opened_at"), f"lies before {disputed.id}")
    if disputed and not 0 < case.amount.minor <= abs(disputed.amount.minor):
        yield Finding((*here, "amount"), f"is more than nothing and at most the amount of {disputed.id}")
    credit = by_id.get(case.provisional_credit) if case.provisional_credit else None
    if credit and (credit.kind != "provisional_credit" or (disputed and credit.account != disputed.account)):
        yield Finding((*here, "provisional_credit"), f"{credit.id} is not a provisional credit on the disputed account")


def _others(world: World, accounts: dict[str, Account], by_id: dict[str, Transaction]) -> Iterator[Finding]:
    for number, routine in enumerate(world.routines):
        here: Keys = ("routines", number)
        if sum(rhythm is not None for rhythm in (routine.monthly, routine.weekly, routine.every_days)) != 1:
            yield Finding(here, "has exactly one of monthly, weekly and every_days")
        if routine.until_days >= routine.days:
            yield Finding((*here, "until_days"), "leaves no days")
        account = accounts.get(routine.account)
        for place, amount in enumerate(routine.amounts):
            wrong = (routine.kind in _OUT and amount.minor > 0) or (routine.kind in _IN and amount.minor < 0) or amount.minor == 0
            if wrong or (account and amount.currency != account.currency):
                yield Finding(
                    (*here, "amounts", place), f"has the wrong sign or currency for {routine.kind}: debits are negative"
                )
        if routine.rail in ("card_pos", "card_ecom", "atm") and routine.card is None and routine.amounts[0].minor < 0:
            yield Finding((*here, "card"), f"a debit over {routine.rail} was made with a card")
    for number, state in enumerate(world.rails):
        yield from _ahead(world, state.updated_at, ("rails", number, "updated_at"))
    for number, assessment in enumerate(world.fraud):
        yield from _ahead(world, assessment.as_of, ("fraud", number, "as_of"))
        if assessment.missing and assessment.score_bp is not None:
            yield Finding(("fraud", number, "score_bp"), "a score that is missing has no value")
    for number, loan in enumerate(world.loans):
        if not 0 <= loan.paid_months <= loan.tenure_months:
            yield Finding(("loans", number, "paid_months"), "is between nothing and the tenure")
