"""The door: an input is accepted once, masked with all that is known of the conversation, from its owner only."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from domain.conversation import Ask, Say
from domain.errors import BadInput, Conflict, TooFast
from domain.frames import ChoiceIn, ConfirmIn, Option
from runtime.sessions import AuthSession
from runtime.storage import content, leases, record
from runtime.storage.record import MAX_WAITING
from tests.support.turn_house import OTP, T, TurnHouse, open_house

PICK = Ask(
    kind="choice", slot="x", prompt=Say(template="t"), options=(Option(value="a", title="A"), Option(value="b", title="B"))
)
CONFIRM = Ask(kind="confirm", slot="x", prompt=Say(template="t"), digest="d" * 64)


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[TurnHouse]:
    """A door whose turns are not driven; conversation `cnv` is C001's."""
    async with open_house(f"sqlite:///{tmp_path}/door.sqlite", driven=False, customer="C001") as found:
        yield found


@pytest.fixture
async def on_both(database_url: str) -> AsyncIterator[TurnHouse]:
    async with open_house(database_url, driven=False, customer="C001") as found:
        yield found


@pytest.fixture
async def asha(house: TurnHouse) -> AuthSession:
    return await house.door.entrance.sign_in("C001:pwd", "web")


def texts(house: TurnHouse) -> list[str]:
    return [frame["text"] for frame in house.frames() if frame["type"] == "message"]


# ── what is typed ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "code"), [("", "message_empty"), (" \n\u3000", "message_empty"), ("a" * 4001, "message_too_long")]
)
async def test_a_message_without_text_or_with_too_much_is_refused(
    house: TurnHouse, asha: AuthSession, text: str, code: str
) -> None:
    with pytest.raises(BadInput, match=code):
        await house.say(text, session=asha)
    assert texts(house) == []


async def test_the_window_for_split_numbers_is_of_typed_messages_whatever_is_pressed_between(
    house: TurnHouse, asha: AuthSession
) -> None:
    for number, part in enumerate(("4532", "0151", "1283", "0366")):
        for press in range(3):
            house.ask(PICK, request=f"req_{number}_{press}")
            await house.door.choice(
                "cnv", asha, ChoiceIn(type="choice", id=f"p{number}-{press}", request=f"req_{number}_{press}", value="a")
            )
        await house.say(part, id=f"m{number}", session=asha)

    typed = [text for text in texts(house) if text != "A"]
    assert typed == ["[card ending 0366]"] * 4
    stored = house.database.read_now(lambda connection: list(content.everything(connection, T)))
    assert stored and not [row for row in stored if "4532" in str(row)]


async def test_pieces_that_arrive_at_once_are_masked_as_if_one_came_after_the_other(on_both: TurnHouse) -> None:
    house = on_both
    asha = await house.door.entrance.sign_in("C001:pwd", "web")
    doors = [house, house.other_process()]

    await asyncio.gather(*(doors[n % 2].say(part, id=f"m{n}", session=asha) for n, part in enumerate(("4532 0151", "1283 0366"))))

    said = [frame["text"] for frame in house.frames() if frame["type"] == "message" and frame["author"]["kind"] == "customer"]
    assert sorted(said) in (["[card ending 0366]"] * 2, ["1283 0366", "4532 0151"])
    if said != ["[card ending 0366]"] * 2:
        assert said == ["1283 0366", "4532 0151"], "only in this order is it no card number"


async def test_a_code_typed_while_the_turn_that_sent_it_still_runs_is_masked(house: TurnHouse, asha: AuthSession) -> None:
    await house.say("what is my balance", session=asha)  # its turn holds the lease

    await house.say("918 273", id="m2", session=asha)
    await house.say("I paid 250000 to them", id="m3", session=asha)

    assert texts(house)[1:] == ["[one-time password]", "I paid 250000 to them"]


async def test_six_digits_typed_while_nothing_runs_stay(house: TurnHouse, asha: AuthSession) -> None:
    await house.say("250000", session=asha)

    assert texts(house) == ["250000"]


async def test_of_two_open_codes_the_one_asked_for_last_gets_what_is_typed(house: TurnHouse, asha: AuthSession) -> None:
    house.ask(OTP, request="req_parked", seconds=100)
    house.ask(OTP.model_copy(update={"challenge": "ch_2"}), request="req_now", seconds=300)

    await house.say("918273", session=asha)

    assert house.rows("SELECT id FROM request WHERE status = 'answered'") == [("req_now",)]
    assert house.checked == ["918273"]
    assert texts(house) == ["••••••"]


# ── what is asked for ─────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_secret_sent_twice_is_checked_once(house: TurnHouse, asha: AuthSession) -> None:
    house.ask(OTP)

    seqs = await asyncio.gather(*(house.prove(asha, "918273") for _ in range(5)))

    assert house.checked == ["918273"]
    assert set(seqs) == {1}


async def test_locks_of_secrets_go_with_their_use(house: TurnHouse, asha: AuthSession) -> None:
    house.ask(OTP)

    await house.prove(asha, "918273")

    assert not house.door._proving and not house.door._typing


async def test_no_code_is_used_up_when_there_is_no_room_for_its_result(house: TurnHouse, asha: AuthSession) -> None:
    for number in range(MAX_WAITING):
        await house.say("hello", id=f"m{number}", session=asha)
    house.ask(OTP)

    with pytest.raises(TooFast, match="inbox_full"):
        await house.prove(asha, "918273")
    assert house.checked == []


async def test_a_request_that_ran_out_takes_no_answer_even_before_the_tick_has_seen_it(
    house: TurnHouse, asha: AuthSession
) -> None:
    house.ask(OTP)
    house.ask(CONFIRM, request="req_2")
    house.clock.advance(300)

    with pytest.raises(Conflict, match="request_expired"):
        await house.prove(asha, "918273")
    with pytest.raises(Conflict, match="request_expired"):
        await house.door.confirm("cnv", asha, confirm("d" * 64), delivered=True)
    assert house.checked == []


@pytest.mark.parametrize("digest", ["e" * 64, "d" * 63, "हाँ", "", "D" * 64])
async def test_only_the_digest_that_was_shown_confirms(house: TurnHouse, asha: AuthSession, digest: str) -> None:
    house.ask(CONFIRM, request="req_2")

    with pytest.raises(Conflict, match="digest_mismatch"):
        await house.door.confirm("cnv", asha, confirm(digest), delivered=True)
    with pytest.raises(Conflict, match="request_not_delivered"):
        await house.door.confirm("cnv", asha, confirm("d" * 64), delivered=False)
    assert await house.door.confirm("cnv", asha, confirm("d" * 64), delivered=True) == 1


async def test_an_input_is_not_lost_when_its_turn_never_began(house: TurnHouse, asha: AuthSession) -> None:
    await house.say("hello", session=asha)
    assert house.database.read_now(lambda c: record.unanswered(c, T)) == [], "claimed"

    house.database.write_now(lambda c: leases.free_leases(c, T))

    assert house.database.read_now(lambda c: record.unanswered(c, T)) == ["cnv"]
    assert house.works[0].claim.epoch == 1


def confirm(digest: str) -> ConfirmIn:
    return ConfirmIn(type="confirm", id="c1", request="req_2", digest=digest, value=True)
