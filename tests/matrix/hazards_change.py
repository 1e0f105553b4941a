"""Hazards of change between yes and run: time, rules, switches, facts, sessions, rows; and a record that cannot be written."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from bank.ledger.tables import freezes
from domain.actions import parse_action
from domain.clock import to_micros
from domain.errors import Conflict, TellergateError
from runtime.storage import gate_tables as t
from runtime.storage.limits import set_duty_mode, set_kill_switch
from runtime.storage.proposals import SEALED
from runtime.storage.sealing import record_key_of, seal
from tests.matrix.ground import ASHA
from tests.matrix.registry import hazard
from tests.matrix.scene import Scene


async def _too_late(scene: Scene, proposal: str) -> None:
    """Run what may not run any more, again and again; nothing comes of it."""
    scene.closed.add(proposal)
    gate = scene.first.gate(ASHA)
    for execute in (gate.execute, lambda each: scene.first.executor.execute(scene.tenant, each), gate.execute):
        with suppress(TellergateError):
            await execute(proposal)
    scene.struck = True


@hazard
async def expired_yes(scene: Scene) -> None:
    """Ten minutes after the yes it counts no longer, to the second."""
    errand = await scene.errand("credit", "dispute")
    scene.expects(0)
    proposal = await scene.ready(errand)
    await scene.advance(scene.source.choice((600, 601, 900, 1799)))
    scene.sign_in()
    await _too_late(scene, proposal)


@hazard
async def expired_proposal(scene: Scene) -> None:
    """Half an hour after it was frozen a proposal runs no more, also where it needs no yes."""
    errand = await scene.errand("block")
    scene.expects(0)
    proposal = await scene.ready(errand)
    await scene.advance(scene.source.choice((1800, 1801, 7000)))
    scene.sign_in()
    await _too_late(scene, proposal)


@hazard
async def yes_to_something_else(scene: Scene) -> None:
    """The yes names another digest: of another proposal, of other arguments, of an older text."""
    errand = await scene.errand("credit", "dispute")
    if errand.action.arguments()["action"] == "provisional_credit":
        await scene.advance(601)
    scene.expects(0)
    gate = scene.first.gate(ASHA)
    outcome = await scene.propose(errand, gate)
    assert outcome.state == "awaiting_consent", outcome
    wrong = scene.source.choice((outcome.digest[::-1], "0" * 64, outcome.digest[:-1] + "~"))
    with suppress(Conflict):
        await gate.consent(outcome.proposal, digest=wrong, request="req_1", value=True)
    await _too_late(scene, outcome.proposal)


@hazard
async def no_yes_at_all(scene: Scene) -> None:
    """Execution is asked for without any answer of the customer."""
    errand = await scene.errand("credit", "dispute")
    if errand.action.arguments()["action"] == "provisional_credit":
        await scene.advance(601)
    scene.expects(0)
    outcome = await scene.propose(errand, scene.first.gate(ASHA))
    scene.first.db.write_now(lambda c: _set(c, scene, outcome.proposal, state="decided"))  # a fault upstream takes it for agreed
    await _too_late(scene, outcome.proposal)


@hazard
async def withdrawn_yes(scene: Scene) -> None:
    """The customer says yes, and then no before it runs."""
    errand = await scene.errand("credit", "dispute")
    scene.expects(0)
    gate = scene.first.gate(ASHA)
    proposal = await scene.ready(errand, gate)
    digest = (await gate.status(proposal)).digest
    await gate.consent(proposal, digest=digest, request="req_no", value=False)
    await _too_late(scene, proposal)


def _set(c: sa.Connection, scene: Scene, proposal: str, **values: Any) -> None:
    """As somebody with the keys would: what is sealed is sealed again."""
    p, key = t.proposal.c, record_key_of(c, scene.tenant, proposal)
    sealed = {
        name: seal(key, scene.tenant, f"proposal.{name}", proposal, value) for name, value in values.items() if name in SEALED
    }
    c.execute(t.proposal.update().where(p.tenant == scene.tenant, p.id == proposal).values(**values | sealed))


@hazard
async def changed_arguments(scene: Scene) -> None:
    """Somebody with access to the database changes the row between yes and run: amount, account, payment, owner or effect."""
    errand = await scene.credit_of("T1") if scene.source.random() < 0.7 else scene.dispute_of("T1")
    proposal = await scene.ready(errand)
    scene.expects(0)
    arguments = errand.action.arguments()
    smaller = scene.source.randrange(1, arguments["amount_minor"])
    change: dict[str, Any] = scene.source.choice(
        [{"arguments": arguments | {"amount_minor": smaller}}] * 3
        + [
            {"arguments": arguments | {"amount_minor": arguments["amount_minor"] + 1}},
            {"arguments": arguments | {"currency": "USD"}},
            {"arguments": arguments | {"transaction": "T2"}},
            {"arguments": (moved := arguments | {"transaction": "T2"}), "effect_key": parse_action(moved).effect_key()},
            {"customer": "C2"},
            {"effect_key": f"{arguments['action']}:T3"},
        ]
        + (
            [{"arguments": arguments | {"account": "A2"}}, {"arguments": arguments | {"dispute": "DSP-1"}}]
            if errand.money
            else []
        )
    )
    scene.drawn["change"] = sorted(change)
    scene.first.db.write_now(lambda c: _set(c, scene, proposal, **change))
    await _too_late(scene, proposal)


@hazard
async def stricter_pack(scene: Scene) -> None:
    """Another pack is in force between yes and run: it denies, wants a person, a higher level, or has a lower cap."""
    errand = await scene.credit_of("T1")
    scene.expects(0)
    proposal = await scene.ready(errand)
    verdict = scene.source.choice(("deny", "human", "step_up", "cap"))
    scene.drawn["verdict"] = verdict
    cap = scene.source.randrange(1, errand.action.arguments()["amount_minor"])

    def rules(action: Any, facts: Any, now: Any) -> Any:
        decision = scene.by_pack(action, facts, now)
        if verdict == "cap":
            return decision.model_copy(update={"verdict": "human"}) if facts["amount_minor"].value > cap else decision
        return decision.model_copy(update={"verdict": verdict})

    scene.rules = rules
    await _too_late(scene, proposal)


@hazard
async def switched_off(scene: Scene) -> None:
    """The kill switch of the action or of everything, or an incident, between yes and run."""
    errand = await scene.credit_of("T1")
    scene.expects(0)
    proposal = await scene.ready(errand)
    how = scene.source.choice(("provisional_credit", "*", "incident", "degraded"))
    at = to_micros(scene.clock.now())

    def switch(c: sa.Connection) -> None:
        if how in ("incident", "degraded"):
            set_duty_mode(c, scene.tenant, how, "test", at)
        else:
            set_kill_switch(c, scene.tenant, how, True, "test", at)

    scene.first.db.write_now(switch)
    await _too_late(scene, proposal)


@hazard
async def changed_facts(scene: Scene) -> None:
    """A court freezes the account between yes and run."""
    errand = await scene.credit_of("T1")
    scene.expects(0)
    proposal = await scene.ready(errand)
    row = {"id": "F1", "account": "A1", "scope": "full", "kind": scene.source.choice(("court", "fraud", "police"))}
    since = {"tenant": scene.tenant, "since_us": to_micros(scene.clock.now())}
    await scene.ground.bench.bank.database.write(lambda c: c.execute(freezes.insert().values(**row, **since)))
    await _too_late(scene, proposal)


@hazard
async def session_ended(scene: Scene) -> None:
    """The session ends or loses its second factor between yes and run."""
    errand = await scene.credit_of("T1")
    scene.expects(0)
    proposal = await scene.ready(errand)
    if scene.source.random() < 0.5:
        scene.sign_in(level=2)
    else:
        scene.sign_in(seconds=0)
    await _too_late(scene, proposal)


@hazard
async def clock_forward(scene: Scene) -> None:
    """The service's clock jumps ahead of the bank's: what it mints is from the future, or has run out for nobody but itself."""
    errand = await scene.errand()
    base = scene.books().effects()
    proposal = await scene.ready(errand)
    scene.clock.advance(scene.source.choice((3, 6, 30, 300, 599, 3600, 86_400)))
    scene.sign_in()
    with suppress(TellergateError):
        await scene.first.gate(ASHA).execute(proposal)
    scene.promised = (base, base + 1)
    scene.struck = True
    await scene.settle(30)


@hazard
async def clock_backward(scene: Scene) -> None:
    """The clock goes back when the yes has run out, under the service alone or under the bank as well: it stays run out."""
    errand = await scene.credit_of("T1", own_yes=True)
    proposal = await scene.ready(errand)
    await scene.advance(700)
    scene.sign_in()
    await scene.first.clock_guard.keep(scene.tenant)  # the tick has seen that time
    scene.expects(0)
    back = timedelta(seconds=scene.source.choice((120, 400, 690, 3600)))
    together = scene.source.random() < 0.5
    scene.drawn |= {"together": together, "back_s": back.total_seconds()}
    scene.clock.at -= back
    if together:
        scene.shift_bank_wall(-back)
    if scene.source.random() < 0.5:
        await scene.restart()
    scene.sign_in()
    await _too_late(scene, proposal)
    scene.clock.at += back
    if together:
        scene.shift_bank_wall(back)


@hazard
async def audit_down(scene: Scene) -> None:
    """The audit store takes no entries from some step on: nothing is sent then; later all of it is done once."""
    errand = await scene.errand()
    scene.expects(1)
    step = scene.source.choice(("propose", "consent", "mint", "receipt"))
    scene.drawn["step"] = step
    gate = scene.first.gate(ASHA)
    proposal = None if step in ("propose", "consent") else await scene.ready(errand, gate)
    name = f"down_{scene.tenant}"
    refuse = (
        f"CREATE TRIGGER {name} BEFORE INSERT ON audit_entry WHEN NEW.tenant = '{scene.tenant}' "
        "BEGIN SELECT RAISE(ABORT, 'the audit store is down'); END"
    )
    if step == "consent":
        outcome = await scene.propose(errand, gate)
    if step == "receipt":
        scene.first.wire.after = lambda: scene.first.db.write_now(lambda c: c.exec_driver_sql(refuse))
    else:
        scene.first.db.write_now(lambda c: c.exec_driver_sql(refuse))
    before = len(scene.journal.sent)
    with suppress(TellergateError):
        if step == "consent" and outcome.state == "awaiting_consent":
            await scene.agree(errand, outcome, gate)
        await (scene.run(errand) if proposal is None else gate.execute(proposal))
    if step != "receipt" and len(scene.journal.sent) != before:
        scene.broken.append("a call went out although the audit store was down")
    scene.first.db.write_now(lambda c: c.exec_driver_sql(f"DROP TRIGGER {name}"))
    scene.struck = True
    await scene.restart()
    await scene.settle()
    await scene.run(errand)


@hazard
async def database_busy(scene: Scene) -> None:
    """Somebody else holds the database's write lock at some step; when it is free again everything is done once."""
    errand = await scene.errand()
    scene.expects(1)
    step = scene.source.choice(("start", "execute", "receipt"))
    scene.drawn["step"] = step
    await scene.replace()
    gate = scene.first.gate(ASHA)
    proposal = None if step == "start" else await scene.ready(errand, gate)
    scene.first.db.write_now(lambda c: c.exec_driver_sql("PRAGMA busy_timeout=20"))
    lock = sqlite3.connect(scene.ground.service_url.removeprefix("sqlite:///"), isolation_level=None)

    def hold() -> None:
        lock.execute("BEGIN IMMEDIATE")

    if step == "receipt":
        scene.first.wire.after = hold
    else:
        hold()
    with suppress(TellergateError):
        await (scene.run(errand) if proposal is None else gate.execute(proposal))
    scene.struck = lock.in_transaction
    lock.close()
    await scene.restart()
    await scene.settle()
    await scene.run(errand)
