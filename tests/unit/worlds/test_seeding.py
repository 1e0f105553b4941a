"""What a world says is what the bank then holds: every value is in a row, every balance adds up, and secrets are nowhere."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from pydantic import BaseModel

from bank.columns import metadata
from bank.ledger.tables import accounts, entries, holds
from bank.seeding import drop, seed
from bank.tables import tenants
from bank.worlds.loader import load_world, parse_world
from bank.worlds.models import World
from domain.clock import to_micros
from domain.money import Money
from tests.support.bank import Teller, Workbench, open_workbench
from tests.unit.worlds.full import FULL

ROOT = Path(__file__).parents[3]
SHIPPED = sorted((ROOT / "worlds").glob("*.yaml"))
#: Where a value of a world stands once it is seeded, if not as it is in a column.
ELSEWHERE = {
    "World.world": "the version of the file's format",
    "World.now": "the tenant's clock offset",
    "World.currency": "what a reader may assume; each account has its own",
    "World.routines": "written out by the loader",
    "SecurityQuestion.answer": "an HMAC",
    "Contact.kind": "the column's name",
    "Contact.value of sim": "a label; only its date is kept",
    "Account.opening": "an opening posting",
    "Transaction.debited": "whether there is a posting",
    "Transaction.alerted": "whether there is an alert's time",
}


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    workbench = open_workbench(tmp_path_factory.mktemp("bank"))
    yield workbench
    workbench.bank.database.close()


@pytest.fixture(scope="module")
def demo(bench: Workbench) -> World:
    return seeded(bench, load_world(ROOT / "worlds/demo.yaml"), "demo")


@pytest.fixture
def teller(bench: Workbench, demo: World) -> Teller:
    return bench.teller("demo", demo.now)


def seeded(bench: Workbench, world: World, tenant: str) -> World:
    bench.bank.database.write_now(lambda connection: seed(connection, world, bench.bank.config, tenant=tenant))
    return world


def rows(bench: Workbench, table: sa.Table, tenant: str) -> list[dict[str, Any]]:
    query = sa.select(table).where(table.c.tenant == tenant)
    return bench.bank.database.read_now(lambda connection: [dict(row) for row in connection.execute(query).mappings()])


def everything(bench: Workbench, tenant: str) -> set[Any]:
    """All values of all rows of a tenant, what stands inside JSON included."""

    def inside(value: Any) -> Iterator[Any]:
        yield value
        if isinstance(value, str) and value[:1] in ("[", "{"):
            yield from inside(json.loads(value))
        elif isinstance(value, dict):
            for key, each in value.items():
                yield key
                yield from inside(each)
        elif isinstance(value, list):
            for each in value:
                yield from inside(each)

    found: set[Any] = set()
    for table in metadata.sorted_tables:
        for row in rows(bench, table, tenant):
            found.update(each for value in row.values() for each in inside(value) if isinstance(each, str | int | bool))
    return found


def leaves(part: BaseModel) -> Iterator[tuple[str, Any]]:
    """Every single value of a world with the model and key it stands under."""
    for name in type(part).model_fields:
        value = getattr(part, name)
        for each in value if isinstance(value, tuple) else (value,):
            if isinstance(each, BaseModel):
                yield from leaves(each)
            elif type(part).__name__ == "Contact" and name == "value":
                yield (f"Contact.value of {part.kind}" if part.kind == "sim" else "Contact.value", each)  # type: ignore[attr-defined]
            else:
                yield (f"{type(part).__name__}.{name}", each)


def as_stored(value: Any) -> set[Any]:
    """The forms in which a row may hold a value."""
    if isinstance(value, Money):
        return {value.minor}
    if isinstance(value, datetime):
        return {to_micros(value), value.isoformat()}
    if isinstance(value, date):
        midnight = datetime.fromisoformat(f"{value.isoformat()}T00:00:00+05:30")
        return {value.isoformat(), to_micros(midnight)}
    return {value}


def test_every_value_of_a_world_is_in_a_row_or_has_a_place_of_its_own(bench: Workbench) -> None:
    world = seeded(bench, parse_world(FULL), "full")
    held = everything(bench, "full")
    missing = [
        f"{name} = {value}"
        for name, value in leaves(world)
        if value is not None and name not in ELSEWHERE and not as_stored(value) & held
    ]
    assert missing == []


def test_the_full_world_really_uses_every_key() -> None:
    used = {name for name, value in leaves(parse_world(FULL)) if value is not None}
    models: list[type[BaseModel]] = [World]
    keys: set[str] = set()
    for model in models:
        for name, field in model.model_fields.items():
            inner = [each for each in nested(field.annotation) if each not in models]
            models.extend(inner)
            keys.update(() if nested(field.annotation) else {f"{model.__name__}.{name}"})
    assert keys - used == {key for key in keys if key.startswith("Routine.")}


def nested(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in getattr(annotation, "__args__", ()) for model in nested(part)]


def test_no_answer_to_a_security_question_is_in_the_bank(bench: Workbench, demo: World) -> None:
    answers = {question.answer for person in demo.customers for question in person.security_questions}
    assert answers
    written = " ".join(str(value) for value in everything(bench, "demo"))
    assert not [answer for answer in answers if answer in written]


@pytest.mark.process  # seconds; the long half has the time
@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_every_balance_is_the_opening_and_the_postings(bench: Workbench, path: Path) -> None:
    tenant = f"sums-{path.stem}"
    world = seeded(bench, load_world(path), tenant)
    ledger = {row["id"]: row["ledger_minor"] for row in rows(bench, accounts, tenant)}
    sums: dict[str, int] = dict.fromkeys(ledger, 0)
    postings: dict[str, int] = {}
    for row in rows(bench, entries, tenant):
        sums[row["account"]] += row["amount_minor"]
        postings[row["posting"]] = postings.get(row["posting"], 0) + row["amount_minor"]
    assert sums == ledger
    assert set(postings.values()) == {0}
    assert {account.id: world.ledger(account).minor for account in world.accounts}.items() <= ledger.items()
    pending: dict[str, int] = {}
    for row in rows(bench, holds, tenant):
        pending[row["account"]] = pending.get(row["account"], 0) + row["amount_minor"] * (row["state"] == "pending")
    assert all(pending.get(account.id, 0) == world.held(account).minor for account in world.accounts)


def test_the_clock_of_a_seeded_bank_stands_at_the_worlds_now(bench: Workbench, demo: World) -> None:
    (tenant,) = rows(bench, tenants, "demo")
    assert to_micros(bench.clock.now()) + tenant["offset_us"] == to_micros(demo.now)


def test_a_world_can_be_seeded_again_after_it_was_dropped(bench: Workbench) -> None:
    world = seeded(bench, load_world(ROOT / "worlds/harbour.yaml"), "twice")
    before = rows(bench, accounts, "twice")
    bench.bank.database.write_now(lambda connection: drop(connection, "twice"))
    assert rows(bench, accounts, "twice") == []
    seeded(bench, world, "twice")
    assert rows(bench, accounts, "twice") == before


async def test_every_customer_of_the_demo_reads_their_own_balances_and_nobody_elses(teller: Teller, demo: World) -> None:
    for person in demo.customers:
        answer = (await teller.get("/balance", person.id)).json()
        mine = {account.id: account for account in demo.accounts if person.id in account.users}
        told = {item["account"]: (item["ledger_minor"], item["held_minor"], item["lien_minor"]) for item in answer["balances"]}
        assert told == {
            key: (demo.ledger(item).minor, demo.held(item).minor, sum(lien.amount.minor for lien in item.liens))
            for key, item in mine.items()
        }


async def test_the_cause_of_a_review_and_the_pickers_lines_are_read_by_nobody(teller: Teller, demo: World) -> None:
    never = {freeze.cause for account in demo.accounts for freeze in account.freezes if freeze.cause} | {
        person.about for person in demo.customers if person.about
    }
    for person in demo.customers:
        for path in (
            "/customer",
            "/accounts",
            "/balance",
            "/transactions",
            "/cards",
            "/devices",
            "/logins",
            "/disputes",
            "/limits",
            "/loans",
        ):
            text = json.dumps((await teller.get(path, person.id)).json(), ensure_ascii=False)
            assert not [words for words in never if words in text]


async def test_the_first_customers_case_may_be_credited_by_a_bot(teller: Teller) -> None:
    score = (await teller.get("/fraud/score", "C001", transaction="T-0101")).json()
    assert (score["fault"], score["suspicious"], score["known_device"]) == ("third_party", True, False)
    told = (await teller.get("/facts", "C001", action="provisional_credit", account="A-0101", transaction="T-0101")).json()[
        "facts"
    ]
    facts = {name: fact["value"] for name, fact in told.items()}
    assert facts["fault"] == "third_party"
    assert facts["risk_bp"] < 4000
    assert facts["txn_amount_minor"] == -500_000
    assert facts["account_frozen"] is False
    assert facts["days_since_alert_working"] <= 3
    assert facts["prior_credit_same_ref"] is False
    assert facts["open_provisional_credits"] == 0
    assert min(facts[f"{what}_changed_h"] for what in ("sim", "device", "mobile", "email", "pin")) >= 24


async def test_a_payment_from_the_own_phone_at_a_known_shop_is_not_suspicious(teller: Teller) -> None:
    score = (await teller.get("/fraud/score", "C002", transaction="T-0201")).json()
    assert (score["suspicious"], score["known_device"], score["fault"]) == (False, True, "unknown")


async def test_a_sim_of_today_is_seen_as_such(teller: Teller) -> None:
    told = (await teller.get("/facts", "C007", action="disclose_balance", account="A-0701")).json()["facts"]
    assert told["sim_changed_h"]["value"] == 3


async def test_every_customer_gets_a_session_of_the_sandbox_app(teller: Teller, demo: World) -> None:
    for person in demo.customers:
        assert (await teller.dev("POST", f"/token/{person.id}", {})).status_code in (200, 201)
