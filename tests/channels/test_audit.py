"""The trail of a real service: what it records verifies, and what is done to its database file afterwards is located."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from cli import audit
from runtime.settings import load_settings
from tests.support.service import open_service

pytestmark = pytest.mark.asyncio(loop_scope="module")

COPY = "INSERT INTO audit_entry (tenant, id, at, kind, subject, body, n, previous, hash) SELECT tenant, 'forged', at, kind, subject, body"
#: SQL by somebody who may write the database → what has to be found. `:n` is an entry in the middle of the trail.
TAMPERINGS: dict[str, tuple[list[str], set[str]]] = {
    "a byte of the body": (["UPDATE audit_entry SET body = replace(body, '\"turn\"', '\"tuRn\"') WHERE n = :n"], {"edited"}),
    "the time": (["UPDATE audit_entry SET at = at + 1 WHERE n = :n"], {"edited"}),
    "the kind": (["UPDATE audit_entry SET kind = kind || 'x' WHERE n = :n"], {"edited"}),
    "the hash": (["UPDATE audit_entry SET hash = 'x' || substr(hash, 2) WHERE n = :n"], {"edited"}),
    "the previous hash": (["UPDATE audit_entry SET previous = substr(previous, 2) || 'x' WHERE n = :n"], {"edited"}),
    "a deleted row": (["DELETE FROM audit_entry WHERE n = :n"], {"deleted"}),
    "an unlinked row": (["UPDATE audit_entry SET n = NULL, previous = NULL, hash = NULL WHERE n = :n"], {"deleted"}),
    "two swapped rows": (
        [
            "UPDATE audit_entry SET n = -1 WHERE n = :n",
            "UPDATE audit_entry SET n = :n WHERE n = :n + 1",
            "UPDATE audit_entry SET n = :n + 1 WHERE n = -1",
        ],
        {"reordered"},
    ),
    "an inserted row": (
        [
            "UPDATE audit_entry SET n = -n - 1 WHERE n >= :n",
            "UPDATE audit_entry SET n = -n WHERE n < 0",
            f"{COPY}, :n, previous, hash FROM audit_entry WHERE n = :n - 1",
        ],
        {"inserted"},
    ),
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def lived_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory after a conversation and an orderly end, which anchors the trail."""
    data_dir = tmp_path_factory.mktemp("audit") / "data"
    async with open_service(data_dir, messages_per_second=10_000.0, message_burst=10_000) as live:
        customer = await live.chat("C002").connect()
        await customer.say("what is my balance")
        await customer.otp()
        for _ in range(4):
            await customer.say("what is my balance")
    return data_dir


def verified(data_dir: Path) -> dict[str, Any]:
    return audit.verify(load_settings(data_dir=data_dir))


def tampered(lived_in: Path, tmp_path: Path, statements: list[str], **values: Any) -> Path:
    """A copy of the data directory with its database file changed by hand."""
    data_dir = tmp_path / "data"
    shutil.copytree(lived_in, data_dir)
    connection = sqlite3.connect(data_dir / "service.sqlite")
    for statement in statements:
        assert connection.execute(statement, values).rowcount > 0, statement
    connection.commit()
    connection.close()
    return data_dir


def middle(data_dir: Path) -> int:
    """The number of a turn's entry with others before and after it."""
    connection = sqlite3.connect(data_dir / "service.sqlite")
    (n,) = connection.execute("SELECT n FROM audit_entry WHERE kind = 'turn' AND n > 3 ORDER BY n LIMIT 1").fetchone()
    connection.close()
    return int(n)


async def test_the_trail_of_a_conversation_verifies(lived_in: Path) -> None:
    told = verified(lived_in)
    assert told["ok"] and told["entries"] > 8 and told["anchors"] >= 1, told


@pytest.mark.parametrize("what", TAMPERINGS)
async def test_what_was_done_to_the_database_file_is_located(lived_in: Path, tmp_path: Path, what: str) -> None:
    statements, kinds = TAMPERINGS[what]
    n = middle(lived_in)
    told = verified(tampered(lived_in, tmp_path, statements, n=n))
    assert {finding["kind"] for finding in told["findings"]} == kinds, told
    assert {finding["n"] for finding in told["findings"]} <= {n, n + 1}, told


async def test_a_cut_tail_is_located_although_the_head_was_cut_with_it(lived_in: Path, tmp_path: Path) -> None:
    n = middle(lived_in)
    cut = ["DELETE FROM audit_entry WHERE n > :n", "UPDATE audit_head SET n = :n, anchored_n = 0"]
    told = verified(tampered(lived_in, tmp_path, cut, n=n))
    assert ("truncated", n + 1) in {(finding["kind"], finding["n"]) for finding in told["findings"]}


async def test_a_proposal_said_to_be_executed_without_its_entry_is_told(lived_in: Path, tmp_path: Path) -> None:
    forged = ["UPDATE proposal SET effect_class = 'MONEY', effect_key = id, receipt = '{}', state = 'succeeded'"]
    silent = [*forged, "UPDATE audit_entry SET subject = NULL, kind = 'turn' WHERE kind = 'proposal.succeeded'"]
    told = verified(tampered(lived_in, tmp_path, silent))
    assert {"unrecorded", "edited"} <= {finding["kind"] for finding in told["findings"]}
