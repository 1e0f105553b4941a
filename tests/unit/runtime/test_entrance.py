"""Who comes in: sessions with their proofs, and conversations that open to their owner only."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from domain.errors import NotFound, Unauthenticated
from runtime.sessions import AuthSession, load_session
from tests.support.turn_house import OTP, T, TurnHouse, open_house


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


def factors(house: TurnHouse, session: AuthSession) -> list[str]:
    found = house.database.read_now(lambda connection: load_session(connection, T, session.id))
    assert found is not None
    return [factor.type for factor in found.factors]


async def test_every_sign_in_is_a_session_of_its_own_and_a_renewal_keeps_it(house: TurnHouse) -> None:
    first, second = await house.door.entrance.sign_in("C001:pwd", "web"), await house.door.entrance.sign_in("C001:pwd", "web")

    renewed = await house.door.entrance.sign_in("C001:pwd", "web", first)

    assert len({first.id, second.id}) == 2
    assert renewed.id == first.id


async def test_each_proof_is_added_to_those_on_record(house: TurnHouse, asha: AuthSession) -> None:
    house.ask(OTP.model_copy(update={"purpose": "security_answer"}))
    await house.prove(asha, "namunapur")
    house.ask(OTP, request="req_2")
    await house.prove(asha, "918273", id="s2", request="req_2")

    assert factors(house, asha) == ["pwd", "answers", "otp"]
    await house.door.entrance.sign_in("C001:pwd", "web", asha)
    assert sorted(factors(house, asha)) == ["answers", "otp", "pwd"]


async def test_a_wrong_secret_proves_nothing(house: TurnHouse, asha: AuthSession) -> None:
    house.ask(OTP)
    house.result = "wrong"

    await house.prove(asha, "918273")

    assert factors(house, asha) == ["pwd"]


async def test_of_two_customers_who_claim_one_conversation_at_once_one_has_it(on_both: TurnHouse) -> None:
    house = on_both
    made = await house.door.entrance.open("web", None, None, None)
    sessions = [await house.door.entrance.sign_in(f"C00{n}:pwd", "web") for n in range(1, 7)]

    results = await asyncio.gather(
        *(house.door.entrance.open("web", session, made.conversation, made.resume) for session in sessions),
        return_exceptions=True,
    )

    (owner,) = house.rows("SELECT customer FROM conversation WHERE id = :c", c=made.conversation)[0]
    got_in = [session.customer for session, result in zip(sessions, results, strict=True) if not isinstance(result, Exception)]
    assert got_in == [owner]
    assert all(isinstance(result, NotFound) for result in results if isinstance(result, Exception))


async def test_nobody_but_the_owner_writes_into_a_conversation_or_reads_it(house: TurnHouse) -> None:
    stranger = await house.door.entrance.sign_in("C002:pwd", "web")

    for session in (stranger, None):
        with pytest.raises(NotFound, match="conversation_not_found"):
            await house.say("hello", session=session)
        with pytest.raises(NotFound, match="conversation_not_found"):
            await house.door.replay("cnv", session, 0)
    assert house.frames() == []


@pytest.mark.parametrize("resume", [None, "", "guess", "ü"])
async def test_an_anonymous_conversation_opens_with_its_secret_only(house: TurnHouse, resume: str | None) -> None:
    made = await house.door.entrance.open("web", None, None, None)

    with pytest.raises(NotFound, match="conversation_not_found"):
        await house.door.entrance.open("web", None, made.conversation, resume)
    assert (await house.door.entrance.open("web", None, made.conversation, made.resume)).resume is None
    with pytest.raises(Unauthenticated):
        await house.door.entrance.sign_in("", "web")
