"""Rules run when two persons have signed their digest and their time has come; a changed disk changes nothing."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from domain.actions import BlockCard, DiscloseBalance
from domain.decisions import Fact
from domain.errors import BadInput, Broken, Conflict, TellergateError
from domain.staff import Person
from runtime.clocks import RandomIds
from runtime.rulebook import RuleBook
from runtime.staff.activations import Activations
from runtime.staff.rule_files import RuleFiles
from runtime.storage import staff_tables as t
from tests.support.gate_house import TENANT, GateHouse
from tests.support.rule_files import HEAD, rule, write_pack
from tests.support.staff_room import StaffRoom


@dataclass
class Process:
    """One server process on a database and a policy directory."""

    activations: Activations
    book: RuleBook

    @property
    def version(self) -> int | None:
        return None if self.book.pack is None else self.book.pack.version


@dataclass
class Hall:
    """A policy directory, persons, and processes that share them."""

    house: GateHouse
    room: StaffRoom
    directory: Path

    def process(self, profile: str = "demo", *, start: bool = True) -> Process:
        book = RuleBook(lambda facts, calendar: calendar)
        made = Activations(
            self.house.db, TENANT, files=RuleFiles(self.directory, "small"), book=book, clock=self.house.clock, ids=RandomIds(),
            profile=profile, identity=self.room.identity,
        )  # fmt: skip
        if start:
            made.open()
        return Process(made, book)

    def write(self, version: int, **change: Any) -> None:
        write_pack(self.directory / "small", rule(**change), head=HEAD | {"version": version})

    async def persons(self) -> tuple[Person, Person]:
        return await self.room.at_work("lena", "policy_admin"), await self.room.at_work("asif", "policy_admin")

    async def signed(self, process: Process, *people: Person, kind: str = "pack", after_s: float | None = None) -> dict[str, Any]:
        """Put up what lies on disk, and have it signed by these."""
        begins = None if after_s is None else self.house.clock.now() + timedelta(seconds=after_s)
        told = await process.activations.propose(people[0], kind, begins, "A new cap.")
        for person in people:
            told = await process.activations.sign_off(person, told["id"], "approve", told["digest"], "Read and agreed.")
        return told

    def alarms(self) -> list[str]:
        return [kind for kind in self.house.kinds() if kind.startswith("alarm.")]


@pytest.fixture
def hall(house: GateHouse, room: StaffRoom, tmp_path: Path) -> Hall:
    hall = Hall(house, room, tmp_path / "policy")
    hall.write(1)
    return hall


async def refusal(trying: object) -> TellergateError:
    with pytest.raises(TellergateError) as caught:
        await trying  # type: ignore[misc]
    return caught.value


async def test_the_demo_activates_what_is_shipped_at_its_first_start_and_only_then(hall: Hall) -> None:
    first = hall.process()
    hall.write(2)
    again = hall.process()

    assert (first.version, again.version) == (1, 1)
    assert hall.house.kinds() == ["activation.complete"]


async def test_two_persons_activate_and_every_process_takes_it_over(hall: Hall) -> None:
    here, there = hall.process(), hall.process()
    lena, asif = await hall.persons()
    hall.write(2)

    told = await hall.signed(here, lena)
    assert (told["state"], here.version) == ("proposed", 1)
    told = await here.activations.sign_off(asif, told["id"], "approve", told["digest"], "Read.")
    await there.activations.refresh()

    assert (told["state"], told["version"], here.version, there.version) == ("complete", "2", 2, 2)
    assert {each["by"] for each in told["sign_offs"]} == {"lena", "asif"}
    running = (await there.activations.list())["running"]
    assert (running["pack"], running["digests"]["pack"]) == ("small@2", told["digest"])


async def test_one_person_is_not_two(hall: Hall) -> None:
    here, (lena, _) = hall.process(), await hall.persons()
    hall.write(2)
    told = await hall.signed(here, lena)
    again = here.activations.sign_off(lena, told["id"], "approve", told["digest"], "Once more.")
    assert (await refusal(again)).code == "sign_off_repeated"
    assert here.version == 1


async def test_who_may_activate_no_more_counts_no_more(hall: Hall) -> None:
    here, (lena, asif) = hall.process(), await hall.persons()
    hall.write(2)
    told = await hall.signed(here, lena)
    hall.room.users.set_roles("lena", ["auditor"])
    told = await here.activations.sign_off(asif, told["id"], "approve", told["digest"], "Read.")
    assert (told["state"], here.version) == ("proposed", 1)


async def test_a_second_factor_has_to_be_fresh_and_the_digest_the_one_put_up(hall: Hall) -> None:
    here, (lena, asif) = hall.process(), await hall.persons()
    hall.write(2)
    told = await hall.signed(here, lena)
    wrong = here.activations.sign_off(asif, told["id"], "approve", "0" * 64, "Read.")
    assert (await refusal(wrong)).code == "activation_digest"
    hall.room.wall.advance(301)
    stale = here.activations.sign_off(asif, told["id"], "approve", told["digest"], "Read.")
    assert (await refusal(stale)).code == "second_factor_stale"
    assert (await refusal(here.activations.propose(lena, "pack", None, "why"))).code == "second_factor_stale"
    assert here.version == 1


async def test_it_begins_at_its_time_and_not_before(hall: Hall) -> None:
    here = hall.process()
    hall.write(2)
    await hall.signed(here, *await hall.persons(), after_s=3600)
    hall.house.clock.advance(3599)
    await here.activations.refresh()
    assert here.version == 1
    hall.house.clock.advance(1)
    await here.activations.refresh()
    assert here.version == 2


async def test_one_refusal_ends_it(hall: Hall) -> None:
    here, (lena, asif) = hall.process(), await hall.persons()
    hall.write(2)
    told = await hall.signed(here, lena)
    told = await here.activations.sign_off(asif, told["id"], "refuse", told["digest"], "Too generous.")
    assert told["state"] == "refused"
    late = here.activations.sign_off(
        await hall.room.at_work("ravi", "policy_admin"), told["id"], "approve", told["digest"], "No."
    )
    assert (await refusal(late)).code == "activation_closed"
    assert here.version == 1


async def test_a_changed_file_alarms_once_and_changes_nothing_not_even_after_a_restart(hall: Hall) -> None:
    here = hall.process()
    await here.activations.refresh()
    assert hall.alarms() == []
    hall.write(2, when="account_owned && auth_level >= 1")
    for _ in range(3):
        await here.activations.refresh()
    assert (here.version, hall.alarms()) == (1, ["alarm.rule_files_changed"])

    for path in (hall.directory / "small").iterdir():
        path.unlink()
    again = hall.process()
    await again.activations.refresh()

    assert again.version == 1 and again.book.pack is not None and here.book.pack is not None
    assert again.book.pack.digest == here.book.pack.digest
    assert len(hall.alarms()) == 2


async def test_a_pack_that_does_not_load_is_refused_with_file_line_and_reason_and_the_running_one_stays(hall: Hall) -> None:
    here, (lena, _) = hall.process(), await hall.persons()
    hall.write(2, when="account_ownd && auth_level >= 3")

    error = await refusal(here.activations.propose(lena, "pack", None, "A typo."))

    assert error.code == "pack_invalid" and "account_ownd" in error.detail
    assert error.extra["file"] == "rules.yaml" and error.extra["line"] > 1
    assert here.version == 1 and (await here.activations.list())["activations"][0]["version"] == "1"


async def test_what_was_signed_runs_even_if_the_disk_changed_before_the_second_signature(hall: Hall) -> None:
    here, (lena, asif) = hall.process(), await hall.persons()
    hall.write(2)
    told = await hall.signed(here, lena)
    hall.write(3)
    await here.activations.sign_off(asif, told["id"], "approve", told["digest"], "Read.")
    assert here.version == 2
    await here.activations.refresh()
    assert "alarm.rule_files_changed" in hall.alarms()


async def test_files_changed_in_the_database_are_not_what_was_signed(hall: Hall) -> None:
    hall.process()
    hall.house.db.write_now(lambda c: c.execute(t.content.update().values(body=b"rules: []")))
    with pytest.raises(Broken, match="content_broken"):
        hall.process("full")


async def test_the_same_files_are_not_activated_again(hall: Hall) -> None:
    here, (lena, _) = hall.process(), await hall.persons()
    assert (await refusal(here.activations.propose(lena, "pack", None, "Again."))).code == "activation_same"


async def test_outside_the_demo_nothing_runs_by_itself_and_unreviewed_law_not_at_all(hall: Hall) -> None:
    hall.write(1, layer="law", confidence="V2", source="RBI/2017-18/15")
    bank, (lena, asif) = hall.process("full"), await hall.persons()
    assert bank.version is None

    assert (await refusal(bank.activations.propose(lena, "pack", None, "First."))).code == "pack_unverified"

    hall.write(1, layer="law", confidence="V2", source="RBI/2017-18/15", reviewed_by="A. Reader, 2026-03-01")
    await hall.signed(bank, lena, asif)
    assert (bank.version, hall.process("full").version) == (1, 1)


async def test_a_bank_does_not_start_with_rules_that_only_a_demo_may_run(hall: Hall) -> None:
    hall.write(1, layer="law", confidence="V2", source="RBI/2017-18/15")
    hall.process()
    with pytest.raises(Conflict, match="pack_unverified"):
        hall.process("full")


def test_without_rules_the_gate_is_closed_and_a_protective_action_goes_to_a_person(hall: Hall) -> None:
    book, now = hall.process("full").book, hall.house.clock.now()
    facts = {"auth_level": Fact(name="auth_level", value=4, source="runtime", at=now)}
    closed = book(DiscloseBalance(accounts=("A1",)), facts, now)
    assert (closed.verdict, closed.customer_reason, closed.pack) == ("deny", "switched_off", "none")
    assert book(BlockCard(card="K1", reason="lost"), facts, now).verdict == "human"


async def test_a_banks_own_policy_is_activated_beside_the_pack_and_checked_with_it(hall: Hall) -> None:
    limits = "limits:\n  P_LEVEL: {value: 3, doc: The level that is needed., source: K}\n"
    write_pack(
        hall.directory / "small", rule(when="account_owned && auth_level >= P_LEVEL"), head=HEAD | {"version": 1}, limits=limits
    )
    here, (lena, asif) = hall.process(), await hall.persons()
    policy = hall.directory / "small.yaml"
    policy.write_text("pack: small\nversion: 1\nlimits: {P_UNKNOWN: 4}\n")
    error = await refusal(here.activations.propose(lena, "policy", None, "Stricter."))
    assert (error.code, "P_UNKNOWN" in error.detail) == ("pack_invalid", True)
    policy.write_text("pack: other\nversion: 1\nlimits: {P_UNKNOWN: 4}\n")
    assert "other" in (await refusal(here.activations.propose(lena, "policy", None, "Stricter."))).detail
    policy.unlink()
    assert (await refusal(here.activations.propose(lena, "policy", None, "Nothing."))).code == "pack_invalid"
    policy.write_text("pack: small\nversion: 7\nlimits: {P_LEVEL: 4}\n")
    told = await hall.signed(here, lena, asif, kind="policy")
    assert (told["state"], told["version"]) == ("complete", "7")
    for process in (here, hall.process("full")):
        assert process.book.pack is not None and process.book.pack.limits == {"P_LEVEL": 4}


async def test_two_who_sign_at_the_same_time_in_two_processes_complete_it_once(hall: Hall) -> None:
    here, there = hall.process(), hall.process()
    people = [*await hall.persons(), await hall.room.at_work("ravi", "policy_admin")]
    hall.write(2)
    told = await here.activations.propose(people[0], "pack", None, "A new cap.")
    clicks = [
        process.activations.sign_off(person, told["id"], "approve", told["digest"], "Read.")
        for process, person in zip((here, there, here), people, strict=True)
    ]
    results = await asyncio.gather(*clicks, return_exceptions=True)
    await asyncio.gather(here.activations.refresh(), there.activations.refresh())

    assert sum(isinstance(each, dict) for each in results) == 2
    assert (here.version, there.version) == (2, 2)
    assert hall.house.kinds().count("activation.complete") == 2  # the shipped one, and this


async def test_rules_that_cannot_be_taken_over_alarm_once_and_what_ran_runs_on(hall: Hall) -> None:
    here, (lena, asif) = hall.process(), await hall.persons()
    other = hall.process()
    hall.write(2)
    await hall.signed(here, lena, asif)
    raising = BadInput("pack_invalid", "this process is of an older release")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("runtime.staff.activations.compiled", _raises(raising))
        for _ in range(3):
            await other.activations.refresh()
    assert other.version == 1
    assert hall.alarms().count("alarm.rules_not_taken") == 1


def _raises(error: Exception) -> Any:
    def raising(*_given: object) -> None:
        raise error

    return raising
