"""The bank's audit chain shows edits, deletions and insertions; secrets are in no table."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from bank import audit
from bank.actions import Debit
from bank.columns import metadata
from bank.tables import audit_entries, heads
from tests.support.bank import Workbench
from tests.support.bank_world import ASHA

MINE = audit_entries.c.tenant == "demo"


def _tamper(bench: Workbench, *statements: sa.Executable) -> None:
    def work(connection: sa.Connection) -> None:
        for name in ("update", "delete"):
            connection.exec_driver_sql(f"DROP TRIGGER audit_entries_no_{name}")
        for statement in statements:
            connection.execute(statement)

    bench.bank.database.write_now(work)


async def _history(bench: Workbench) -> None:
    teller = bench.teller("demo", bench.clock.at)
    for n in range(3):
        await teller.do("/transaction", ASHA, Debit(account="A1", amount_minor=1, currency="INR", reference=f"r{n}"))
        await teller.do("/transaction", ASHA, Debit(account="A1", amount_minor=1, currency="INR", reference="x"), token="")
    await teller.http.aclose()


def _verify(bench: Workbench) -> int:
    return bench.bank.database.read_now(lambda connection: audit.verify(connection, "demo"))


async def test_an_untouched_chain_verifies_and_holds_changes_and_refusals(bench: Workbench) -> None:
    await _history(bench)
    assert _verify(bench) == 1 + 6
    kinds = bench.bank.database.read_now(
        lambda c: list(c.execute(sa.select(audit_entries.c.kind).where(MINE).order_by(audit_entries.c.n)).scalars())
    )
    assert kinds == ["seeded", *["posted", "refused"] * 3]


@pytest.mark.parametrize(
    ("why", "statements"),
    [
        ("edited body", [audit_entries.update().where(MINE, audit_entries.c.n == 3).values(body="{}")]),
        ("edited time", [audit_entries.update().where(MINE, audit_entries.c.n == 3).values(at_us=1)]),
        ("deleted in the middle", [audit_entries.delete().where(MINE, audit_entries.c.n == 3)]),
        ("deleted at the end", [audit_entries.delete().where(MINE, audit_entries.c.n == 7)]),
        (
            "inserted",
            [
                audit_entries.insert().values(
                    tenant="demo", n=8, previous="0" * 64, at_us=1, kind="posted", body="{}", hash="0" * 64
                )
            ],
        ),
        ("another head", [heads.update().where(heads.c.tenant == "demo").values(audit_hash="0" * 64)]),
    ],
)
async def test_tampering_shows(bench: Workbench, why: str, statements: list[Any]) -> None:
    await _history(bench)
    _tamper(bench, *statements)
    with pytest.raises(ValueError, match="chain|fit"):
        _verify(bench)


async def test_no_secret_is_in_any_table(bench: Workbench) -> None:
    """The sandbox phone shows the code, as a phone would; nothing else does. Answers and tokens are nowhere."""
    teller = bench.teller("demo", bench.clock.at)
    sent = (await teller.post("/identity/otp", ASHA, {"purpose": "step_up", "binding": {}})).json()
    code = (await teller.phone(ASHA))[0]["text"][:6]
    await teller.post(f"/identity/otp/{sent['challenge']}/verify", ASHA, {"code": code})
    await teller.post("/identity/questions", ASHA, {})
    await teller.http.aclose()

    def contents(connection: sa.Connection) -> str:
        parts = []
        for name, table in metadata.tables.items():
            if name != "phone_messages":
                rows = connection.execute(sa.select(table).where(table.c.tenant == "demo")).all()
                parts += [str(value) for row in rows for value in row if isinstance(value, str)]
        return "\n".join(parts)

    text = bench.bank.database.read_now(contents)
    for secret in (code, "Lotus School", "lotus school", bench.credential, "eyJ"):
        assert secret not in text.splitlines() and (secret == code or secret not in text)
