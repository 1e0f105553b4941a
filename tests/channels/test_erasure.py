"""After an erasure nobody can read what a customer said: not from the service, not from its files, not from an older copy of them."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from cli import audit, privacy
from domain.errors import NotFound
from runtime import erasure
from runtime.opening import opened
from runtime.settings import Settings, load_settings
from runtime.storage import content
from runtime.storage import gate_tables as g
from tests.acceptance.client import Chat
from tests.channels.conftest import UNHURRIED
from tests.support.service import LiveService, open_service

pytestmark = pytest.mark.asyncio(loop_scope="module")
CANARY, EARLY, OTHER = "zanzibarquokka", "wombatparliament", "neighbouringcassowary"
YEAR_US = 366 * 86_400 * 1_000_000


@pytest_asyncio.fixture(loop_scope="module")
async def talked(tmp_path: Path) -> AsyncIterator[tuple[LiveService, Chat]]:
    """A customer who spoke before signing in and after, stands in the middle of a flow, and has proposals; and another one."""
    async with open_service(tmp_path / "data", **UNHURRIED) as live:
        other = await live.chat("C003").connect()
        await other.say(f"hello {OTHER}")
        visitor = await live.chat(None).connect()
        await visitor.say(f"hello {EARLY}")
        await visitor.send({"type": "auth", "token": await Chat(live.base, "C002").token(), "resume": visitor.resume})
        await visitor.until(lambda: sum(frame["type"] == "ready" for frame in visitor.frames) > 1)
        customer = await live.chat("C002").connect()
        await customer.say(f"what is my balance {CANARY}")
        await customer.otp()
        await customer.say(f"{CANARY} was charged twice on my card")
        yield live, customer


def settings_of(live: LiveService) -> Settings:
    return load_settings(data_dir=live.data_dir)


def readable(settings: Settings) -> str:
    """All that can still be opened by somebody with every file below the data directory, the master key included."""
    with opened(settings) as (database, _):
        found = database.read_now(lambda c: [value for _, _, value in content.everything(c, "demo")])
    return json.dumps(found, ensure_ascii=False)


def wrapped_keys(data_dir: Path, purpose: str) -> list[bytes]:
    connection = sqlite3.connect(data_dir / "keys.sqlite")
    query = "SELECT wrapped FROM data_key WHERE customer = 'C002' AND purpose = ? AND destroyed_at IS NULL"
    found = [row[0].encode() for row in connection.execute(query, (purpose,))]
    connection.close()
    return found


async def test_no_file_ever_holds_a_word_in_the_clear(talked: tuple[LiveService, Chat]) -> None:
    live, _ = talked
    assert CANARY in str(live.contents()) and EARLY in str(live.contents()), "it was said and is on record"
    for word in (CANARY, EARLY, OTHER):
        assert word.encode() not in live.raw_bytes()
        assert word not in live.log()


async def test_what_a_customer_said_is_gone_with_its_keys(talked: tuple[LiveService, Chat], tmp_path: Path) -> None:
    live, _ = talked
    settings = settings_of(live)
    source, copy = sqlite3.connect(live.data_dir / "service.sqlite"), sqlite3.connect(tmp_path / "backup.sqlite")
    source.backup(copy)
    source.close()
    copy.close()
    keys = wrapped_keys(live.data_dir, "talk")
    assert len(keys) == 2, "one of the customer, one of the conversation that began before the sign-in"

    told = privacy.erase(settings, "C002")

    assert told["keys_destroyed"] == 2 and told["conversations"] == 2
    files = live.raw_bytes()
    assert not [key for key in keys if key in files]
    assert CANARY not in readable(settings) and EARLY not in readable(settings)
    assert OTHER in readable(settings), "the other customer keeps what they said"
    await live.stop()
    shutil.copy(tmp_path / "backup.sqlite", live.data_dir / "service.sqlite")
    assert CANARY not in readable(settings), "nor from a backup made before"
    assert OTHER in readable(settings)


async def test_the_trail_verifies_after_an_erasure_and_says_that_there_was_one(talked: tuple[LiveService, Chat]) -> None:
    live, _ = talked
    privacy.erase(settings_of(live), "C002")
    await live.stop()
    told = audit.verify(settings_of(live))
    assert told["ok"], told
    kinds = sqlite3.connect(live.data_dir / "service.sqlite")
    (body,) = kinds.execute("SELECT body FROM audit_entry WHERE kind = 'privacy.erased'").fetchone()
    kinds.close()
    assert json.loads(body)["purpose"] == "talk" and "C002" not in body


async def test_an_erased_conversation_reads_as_erased_and_takes_nothing_more(talked: tuple[LiveService, Chat]) -> None:
    live, customer = talked
    privacy.erase(settings_of(live), "C002")
    live.service.vault.forget()  # as after a few seconds
    again = await live.chat("C002", conversation=customer.conversation).connect()
    await again.until(lambda: [frame for frame in again.frames if frame["type"] == "message"])
    shown = [frame["text"] for frame in again.frames if frame["type"] == "message"]
    assert shown and set(shown) == {"[erased]"}
    await again.send({"type": "message", "id": "late", "text": "hello again"})
    await again.until(lambda: again.errors() or again.acks.get("late"))
    assert again.errors() == ["conversation_erased"], again.frames[-3:]
    anew = await live.chat("C002").connect()
    await anew.say("hello")
    assert anew.said()


async def test_records_stay_until_their_legal_date_and_go_then(talked: tuple[LiveService, Chat]) -> None:
    live, _ = talked
    settings = settings_of(live)
    privacy.erase(settings, "C002")
    with opened(settings) as (database, vault):

        def records() -> list[str]:
            return [place for place, _, _ in database.read_now(lambda c: list(content.of_customer(c, "demo", "C002")))]

        assert "proposal.arguments" in records()
        query = g.proposal.select().where(g.proposal.c.tenant == "demo")
        last = max(row.created_at for row in database.read_now(lambda c: c.execute(query).all()))
        assert erasure.sweep(database, vault, "demo", last + 4 * YEAR_US) == 0
        keys = wrapped_keys(live.data_dir, "record")
        assert erasure.sweep(database, vault, "demo", last + 6 * YEAR_US) == 1
        assert records() == []
        assert keys and not [key for key in keys if key in live.raw_bytes()]
        assert erasure.sweep(database, vault, "demo", last + 7 * YEAR_US) == 0


async def test_erasing_twice_is_safe_and_a_stranger_is_unknown(talked: tuple[LiveService, Chat]) -> None:
    live, _ = talked
    privacy.erase(settings_of(live), "C002")
    assert privacy.erase(settings_of(live), "C002")["keys_destroyed"] == 0
    with pytest.raises(NotFound, match="customer_unknown"):
        privacy.erase(settings_of(live), "C999")


async def test_the_persons_own_export_has_their_words_and_no_whole_number(talked: tuple[LiveService, Chat]) -> None:
    live, _ = talked
    told: dict[str, Any] = privacy.export(settings_of(live), "C002")
    text = json.dumps(told)
    assert CANARY in text and EARLY in text and OTHER not in text
    assert erasure.masked({"account": "50100123456789", "n": 5}) == {"account": "••••6789", "n": 5}
