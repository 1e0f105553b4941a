"""Can fees, limits, payees, mandates and claims be so? Amounts of the wrong size or currency, states without their dates."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from bank.networks import network_of
from bank.worlds.models import Fee, Mandate, World
from bank.worlds.problems import Finding
from domain.money import Money

Keys = tuple[str | int, ...]


def check_service(world: World) -> Iterator[Finding]:
    """What cannot be true together among what is served and claimed."""
    for number, rate in enumerate(world.tariff):
        if rate.amount.minor < 0:
            yield Finding(("tariff", number, "amount"), "is nothing or more")
    for number, fee in enumerate(world.fees):
        yield from _fee(world, fee, ("fees", number))
    currencies = {account.id: account.currency for account in world.accounts}
    for number, limit in enumerate(world.limits):
        if not 0 <= limit.value.minor <= limit.cap.minor:
            yield Finding(("limits", number, "value"), "is nothing or more, and at most the cap")
        if {limit.value.currency, limit.cap.currency} != {currencies[limit.account]}:
            yield Finding(("limits", number, "value"), "is in the account's currency, like the cap")
    for number, payee in enumerate(world.payees):
        yield from _ahead(world, payee.added_at, ("payees", number, "added_at"))
    for number, mandate in enumerate(world.mandates):
        yield from _mandate(world, mandate, currencies[mandate.account], ("mandates", number))
    yield from _claims(world)


def _fee(world: World, fee: Fee, here: Keys) -> Iterator[Finding]:
    line = next(item for item in world.transactions if item.id == fee.transaction)
    if line.kind != "fee":
        yield Finding((*here, "transaction"), f"{line.id} is not a fee")
    if fee.refund is None:
        return
    yield from _ahead(world, fee.refund.at, (*here, "refund", "at"))
    if fee.refund.at < line.at:
        yield Finding((*here, "refund", "at"), f"lies before {line.id}")
    if fee.refund.amount.currency != line.amount.currency or not 0 < fee.refund.amount.minor <= abs(line.amount.minor):
        yield Finding((*here, "refund", "amount"), "is more than nothing and at most the fee")


def _mandate(world: World, mandate: Mandate, currency: str, here: Keys) -> Iterator[Finding]:
    yield from _ahead(world, mandate.registered_at, (*here, "registered_at"))
    yield from _ahead(world, mandate.notice_at, (*here, "notice_at"))
    for name, amount in (("max", mandate.max), ("proposed_max", mandate.proposed_max)):
        if amount is not None and (amount.minor <= 0 or amount.currency != currency):
            yield Finding((*here, name), "is more than nothing, in the account's currency")
    if (mandate.status == "pending") == (mandate.registered_at is not None):
        yield Finding((*here, "registered_at"), "is there exactly for a mandate that is not pending")


def _claims(world: World) -> Iterator[Finding]:
    for number, complaint in enumerate(world.complaints):
        yield from _ahead(world, complaint.opened_at, ("complaints", number, "opened_at"))
    for number, report in enumerate(world.fraud_reports):
        yield from _ahead(world, report.at, ("fraud_reports", number, "at"))
        yield from _ahead(world, report.ncrp_at, ("fraud_reports", number, "ncrp_at"))
    rails = {item.id: item.rail for item in world.transactions}
    disputed = {case.reference: case.transaction for case in world.cases}
    for number, claim in enumerate(world.chargebacks):
        if network_of(rails[disputed[claim.case]], None) == "none":
            yield Finding(("chargebacks", number, "case"), "is about a payment over a rail without chargebacks")
        yield from _ahead(world, claim.raised_at, ("chargebacks", number, "raised_at"))
    for number, closure in enumerate(world.closures):
        yield from _ahead(world, closure.requested_at, ("closures", number, "requested_at"))
    amounts: list[tuple[Keys, Money | None]] = [
        (("compensations", n, "amount"), paid.amount) for n, paid in enumerate(world.compensations)
    ]
    amounts += [(("fraud", n, "recovered"), said.recovered) for n, said in enumerate(world.fraud)]
    for path, amount in amounts:
        if amount is not None and amount.minor <= 0:
            yield Finding(path, "is more than nothing")


def _ahead(world: World, at: datetime | None, path: Keys) -> Iterator[Finding]:
    if at is not None and at > world.now:
        yield Finding(path, "lies after the world's now")
