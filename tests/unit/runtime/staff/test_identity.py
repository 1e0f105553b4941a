"""Signing in as staff: a password and a fresh code, one answer for everything that is wrong, sessions that end."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
import sqlalchemy as sa

from domain.errors import BadInput, Broken, Conflict, Forbidden, NotFound, TellergateError, Unauthenticated
from domain.staff import Person
from runtime.staff.proofs import Passwords, SecretBox, fresh_key
from runtime.storage import staff_tables as t
from tests.support.gate_house import GateHouse
from tests.support.staff_room import PASSWORD, QUICK, StaffRoom


async def refusal(trying: object) -> str:
    with pytest.raises(TellergateError) as caught:
        await trying  # type: ignore[misc]
    return caught.value.code


async def test_a_password_and_a_code_open_a_session_that_knows_the_roles_of_the_moment(room: StaffRoom) -> None:
    room.hire("meera", "disputes_officer")
    signed = await room.sign_in("meera")
    room.users.set_roles("meera", ["auditor"])

    person = await room.identity.person(signed.token)

    assert (person.name, person.roles) == ("meera", {"auditor"})
    assert person.may("approvals.read") and not person.may("approvals.sign")


async def test_wrong_password_wrong_code_and_nobody_at_all_get_the_same_answer(room: StaffRoom) -> None:
    room.hire("meera")
    answers = {
        await refusal(room.identity.sign_in("meera", "wrong password!", room.code("meera"))),
        await refusal(room.identity.sign_in("meera", PASSWORD, "000000")),
        await refusal(room.identity.sign_in("nobody", PASSWORD, "000000")),
        await refusal(room.identity.sign_in("", "", "")),
    }
    assert answers == {"sign_in_failed"}


async def test_a_password_is_checked_whether_or_not_the_user_exists(room: StaffRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    room.hire("meera")
    checked: list[bool] = []
    holds = room.passwords.holds
    monkeypatch.setattr(room.passwords, "holds", lambda *given: checked.append(True) or holds(*given))

    for name in ("meera", "nobody"):
        await refusal(room.identity.sign_in(name, "wrong password!", "000000"))

    assert len(checked) == 2


async def test_five_wrong_tries_lock_for_a_while_and_the_right_answer_then_reads_like_a_wrong_one(room: StaffRoom) -> None:
    room.hire("meera")
    for _ in range(5):
        await refusal(room.identity.sign_in("meera", "wrong password!", room.code("meera")))
    assert room.users.list()[0]["locked_until"] is not None

    assert await refusal(room.sign_in("meera")) == "sign_in_failed"
    room.wall.advance(16 * 60)

    assert (await room.sign_in("meera")).person.name == "meera"


async def test_a_hundred_guesses_at_once_are_no_more_than_five(room: StaffRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    """The right one among them comes too late, since every guess is counted before it is checked."""
    room.hire("meera")
    code = room.code("meera")
    guesses = [room.identity.sign_in("meera", f"guess number {n}", code) for n in range(40)]
    results = await asyncio.gather(*guesses, room.identity.sign_in("meera", PASSWORD, code), return_exceptions=True)

    assert all(isinstance(each, Unauthenticated) for each in results)


async def test_a_right_answer_after_four_wrong_ones_counts_and_forgets_them(room: StaffRoom) -> None:
    room.hire("meera")
    for _ in range(2):
        for _ in range(4):
            await refusal(room.identity.sign_in("meera", "wrong password!", "000000"))
        await room.sign_in("meera")


async def test_a_code_counts_once_at_sign_in_and_at_the_second_factor(room: StaffRoom) -> None:
    room.hire("meera")
    signed = await room.sign_in("meera")
    same = room.code("meera", fresh=False)

    assert await refusal(room.identity.sign_in("meera", PASSWORD, same)) == "sign_in_failed"
    assert await refusal(room.identity.second_factor(signed.person, same)) == "second_factor_wrong"
    assert await room.identity.second_factor(signed.person, room.code("meera")) == room.wall.at


async def test_the_same_code_at_two_doors_at_once_opens_one(room: StaffRoom) -> None:
    room.hire("meera")
    code = room.code("meera")
    doors = [room.identity, room.process()]
    results = await asyncio.gather(*(door.sign_in("meera", PASSWORD, code) for door in doors), return_exceptions=True)
    assert sorted(isinstance(each, Unauthenticated) for each in results) == [False, True]


async def test_a_code_of_two_minutes_ago_counts_no_more(room: StaffRoom) -> None:
    room.hire("meera")
    code = room.code("meera")
    room.wall.advance(120)
    assert await refusal(room.identity.sign_in("meera", PASSWORD, code)) == "sign_in_failed"


async def test_a_session_ends_after_idling_at_its_last_hour_and_when_left(room: StaffRoom) -> None:
    room.hire("meera")
    signed = await room.sign_in("meera")
    for _ in range(3):
        room.wall.advance(14 * 60)
        await room.identity.person(signed.token)
    room.wall.advance(15 * 60)
    assert await refusal(room.identity.person(signed.token)) == "session_unknown"

    working = await room.sign_in("meera")
    for _ in range(48):
        room.wall.advance(10 * 60)
        try:
            await room.identity.person(working.token)
        except Unauthenticated:
            break
    assert room.wall.at - working.person.second_factor_at == timedelta(hours=8)

    left = await room.sign_in("meera")
    await room.identity.sign_out(left.person)
    assert await refusal(room.identity.person(left.token)) == "session_unknown"


async def test_a_token_that_somebody_chose_never_becomes_a_session(room: StaffRoom) -> None:
    """Fixation: every sign-in makes its own token, and only its hash is kept."""
    room.hire("meera")
    chosen = "chosen-by-an-attacker"
    assert await refusal(room.identity.person(chosen)) == "session_unknown"
    first, second = await room.sign_in("meera"), await room.sign_in("meera")

    assert first.token != second.token
    assert await refusal(room.identity.person(chosen)) == "session_unknown"
    stored = str(room.db.read_now(lambda c: c.execute(sa.select(t.staff_session)).all()))
    assert first.token not in stored and second.token not in stored


@pytest.mark.parametrize("change", ["disable", "reset"])
async def test_disabling_a_user_and_a_new_password_end_every_session(room: StaffRoom, change: str) -> None:
    room.hire("meera")
    signed = await room.sign_in("meera")
    if change == "disable":
        room.users.disable("meera")
    else:
        room.users.reset_password("meera", "another long password")

    assert await refusal(room.identity.person(signed.token)) == "session_unknown"
    if change == "disable":
        assert await refusal(room.sign_in("meera")) == "sign_in_failed"


async def test_five_wrong_codes_end_the_session_but_strangers_at_the_door_do_not(room: StaffRoom) -> None:
    room.hire("meera")
    signed = await room.sign_in("meera")
    for _ in range(6):
        await refusal(room.identity.sign_in("meera", "wrong password!", "000000"))
    await room.identity.second_factor(signed.person, room.code("meera"))

    for _ in range(5):
        assert await refusal(room.identity.second_factor(signed.person, "000000")) == "second_factor_wrong"

    assert await refusal(room.identity.person(signed.token)) == "session_unknown"
    assert await refusal(room.identity.second_factor(signed.person, room.code("meera"))) == "second_factor_wrong"


async def test_a_second_factor_is_fresh_for_five_minutes(room: StaffRoom) -> None:
    person = await room.at_work("meera")
    room.wall.advance(300)
    room.identity.require_fresh(person)
    room.wall.advance(1)
    with pytest.raises(Forbidden, match="second_factor_stale"):
        room.identity.require_fresh(person)


def test_the_secret_of_a_second_factor_is_stored_encrypted_and_for_its_owner_only(room: StaffRoom) -> None:
    uri = room.hire("meera")
    secret = uri.split("secret=")[1].split("&")[0]
    row = room.db.read_now(lambda c: c.execute(sa.select(t.staff_user)).one())

    assert secret not in str(row) and PASSWORD not in str(row)
    assert room.box.unwrap(row.totp_secret, "demo/meera") == secret
    for box, owner in ((room.box, "demo/ravi"), (SecretBox(fresh_key()), "demo/meera")):
        with pytest.raises(Broken, match="staff_secret_broken"):
            box.unwrap(row.totp_secret, owner)


def test_a_user_needs_a_proper_name_a_known_role_and_a_long_password(room: StaffRoom) -> None:
    room.hire("meera")
    for name, roles, password, code in (
        ("Meera", ["auditor"], PASSWORD, "staff_name"),
        ("ravi", ["emperor"], PASSWORD, "role_unknown"),
        ("ravi", [], PASSWORD, "role_unknown"),
        ("ravi", ["auditor"], "short", "password_weak"),
        ("ravi", ["auditor"], "ravi has a long one", "password_weak"),
    ):
        with pytest.raises(BadInput, match=code):
            room.users.add(name, roles, password)
    with pytest.raises(Conflict, match="staff_exists"):
        room.users.add("meera", ["auditor"], PASSWORD)
    with pytest.raises(NotFound, match="staff_unknown"):
        room.users.disable("ravi")


async def test_every_step_is_on_the_audit_trail_without_secrets_or_strangers_words(room: StaffRoom, house: GateHouse) -> None:
    room.hire("meera")
    await refusal(room.identity.sign_in("my secret phrase", "x", "000000"))
    signed = await room.sign_in("meera")
    await room.identity.sign_out(signed.person)

    assert house.kinds() == ["staff.added", "staff.sign_in_failed", "staff.signed_in", "staff.signed_out"]
    entries = str(room.db.read_now(lambda c: c.execute(sa.text("SELECT body FROM audit_entry")).all()))
    assert "my secret phrase" not in entries and signed.token not in entries


def test_the_shipped_hash_is_argon2id_as_rfc_9106_recommends() -> None:
    assert Passwords().hash(PASSWORD, "meera").startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert Passwords(QUICK).hash(PASSWORD, "meera") != Passwords(QUICK).hash(PASSWORD, "meera")


def test_a_person_may_what_any_of_their_roles_may(room: StaffRoom) -> None:
    person = Person("demo", "meera", frozenset({"auditor", "policy_admin"}), "s", room.wall.at)
    assert person.may("policy.activate") and person.may("approvals.read_all") and not person.may("approvals.sign")
