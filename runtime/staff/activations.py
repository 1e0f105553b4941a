"""Putting rules into force: a digest, a time, two persons. What lies on disk runs only once that is complete.

propose (files read, checked, kept by digest) ─ two sign-offs of that digest ─ complete ─ effective ─ taken over, whole
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
import structlog

from domain.clock import BusinessClock, from_micros, to_micros
from domain.errors import Conflict, TellergateError
from domain.ids import Ids
from domain.staff import Person
from persistence.database import Database
from policy.packs import Pack
from runtime.rulebook import RuleBook
from runtime.staff.identity import StaffIdentity
from runtime.staff.rule_files import (
    KINDS,
    PACK,
    POLICY,
    RuleFiles,
    compiled,
    files_digest,
    require_some,
    require_verified,
    version_of,
)
from runtime.staff.sheets import reason_digest
from runtime.storage import activations as store
from runtime.storage.activations import Activation, Files
from runtime.storage.audit import append_audit
from runtime.storage.commits import commit, look

log = structlog.get_logger(__name__)
#: Sign-offs of different persons that activate.
NEEDED = 2
LISTED = 50
#: Signs for the demo at its first start.
DEMO = "profile:demo"


@dataclass(frozen=True, slots=True)
class InForce:
    """What is to run: ids of the activations, and by kind their files and digests."""

    ids: tuple[str, ...]
    files: dict[str, Files]
    digests: dict[str, str]


class Activations:
    """The rules of one tenant: what runs, what waits for signatures, and whether the disk still holds what runs."""

    def __init__(
        self, db: Database, tenant: str, *, files: RuleFiles, book: RuleBook, clock: BusinessClock, ids: Ids, profile: str,
        identity: StaffIdentity,
    ) -> None:  # fmt: skip
        self._db, self._tenant, self._files, self._book = db, tenant, files, book
        self._clock, self._ids, self._profile, self._identity = clock, ids, profile, identity
        self._running: tuple[str, ...] = ()
        self._digests: dict[str, str] = {}
        self._seen: dict[str, object] = {}
        self._failed: tuple[str, ...] | None = None
        self._refreshing = asyncio.Lock()

    def open(self) -> None:
        """At start, in the starting thread: take what is in force; in the demo, where there is nothing, what is shipped.

        Raises BadInput `pack_invalid`, Conflict `pack_unverified`, Broken `content_broken`: with rules that may not run, nothing does.
        """
        at, demo = self._now(), self._profile == "demo"
        found = self._db.read_now(lambda c: self._in_force(c, at))
        if found is None and demo:
            found = self._db.write_now(lambda c: self._ship(c, at))
        if found is None:
            log.warning("no_rules_in_force", pack=self._files.name)
            return
        try:
            self._take(found)
        except TellergateError as error:
            if not demo:
                raise
            # Rules of an older release may name facts that are gone; a bank signs new ones, the demo takes what is shipped.
            log.warning("stored_rules_unusable", code=error.code)
            self._take(self._db.write_now(lambda c: self._ship(c, at)))

    async def propose(self, person: Person, kind: str, effective_from: datetime | None, reason: str) -> dict[str, Any]:
        """Read what lies on disk, check it as a whole with what runs beside it, and put it up for signatures.

        Raises BadInput `pack_invalid` with file, line and reason; Conflict `pack_unverified`, `activation_same`;
        Forbidden `second_factor_stale`. The running rules stay in any case.
        """
        self._identity.require_fresh(person)
        at, files = self._now(), self._files.read(kind)
        require_some(files, kind)
        pack = await look(self._db, lambda c: self._together(c, kind, files, at))
        require_verified(pack, self._profile)
        if self._digests.get(kind) == files_digest(files):
            raise Conflict("activation_same", "these files run already")
        begins = at if effective_from is None else max(at, to_micros(effective_from))
        new = self._activation(kind, files, begins, at, person.name, reason)

        def job(connection: sa.Connection) -> dict[str, Any]:
            store.insert(connection, self._tenant, new, files)
            self._note(connection, "activation.proposed", new, at, {"by": person.name, "reason": reason_digest(reason)})
            return self._told(connection, new)

        return await commit(self._db, job)

    async def list(self) -> dict[str, Any]:
        """What runs here, and the latest activations with their signatures."""

        def job(connection: sa.Connection) -> list[dict[str, Any]]:
            return [self._told(connection, each) for each in store.latest(connection, self._tenant, LISTED)]

        return {"running": self._book.versions() | {"digests": dict(self._digests)}, "activations": await look(self._db, job)}

    async def sign_off(self, person: Person, identifier: str, value: str, digest: str, reason: str) -> dict[str, Any]:
        """Sign or refuse. With the second person's approval it is complete, and runs from its time on.

        Raises Forbidden `second_factor_stale`; NotFound `activation_not_found`; Conflict `activation_closed`, `activation_digest`,
        `sign_off_repeated`; and what `propose` raises, where the files would not load any more.
        """
        self._identity.require_fresh(person)
        at = self._now()

        def job(connection: sa.Connection) -> dict[str, Any]:
            one = store.load(connection, self._tenant, identifier, lock=True)
            if one.state != "proposed":
                raise Conflict("activation_closed", f"it is {one.state}")
            if digest != one.digest:
                raise Conflict("activation_digest", "another digest was put up")
            proven = to_micros(person.second_factor_at)
            store.sign(
                connection, self._tenant, activation=one.id, staff=person.name, value=value, digest=digest, reason=reason,
                second_factor_at=proven, at=at,
            )  # fmt: skip
            body = {"by": person.name, "value": value, "reason": reason_digest(reason)}
            self._note(connection, "activation.sign_off", one, at, body)
            signers = store.counting(connection, self._tenant, one)
            state = "refused" if value == "refuse" else "complete" if len(signers) >= NEEDED else "proposed"
            if state != "proposed":
                files = store.files_of(connection, self._tenant, one)
                if state == "complete":
                    require_verified(self._together(connection, one.kind, files, at), self._profile)
                store.close(connection, self._tenant, one, state, at)
                self._note(connection, f"activation.{state}", one, at, {"signed_by": signers})
            return self._told(connection, store.load(connection, self._tenant, one.id))

        told = await commit(self._db, job)
        await self.refresh()
        return told

    async def refresh(self) -> None:
        """A chore: take over what has come into force, by whichever process it was signed, and look at the disk."""
        async with self._refreshing:
            at, known = self._now(), (self._running, self._failed or ())
            found = await look(self._db, lambda c: self._in_force(c, at, unless=known))
            if found is not None:
                await self._take_over(found)
            for kind in KINDS:
                await self._watch(kind)

    async def _take_over(self, found: InForce) -> None:
        try:
            self._take(found)
        except TellergateError as error:
            self._failed = found.ids  # said once; what ran before runs on
            log.exception("rules_not_taken", code=error.code)
            kind, body = "alarm.rules_not_taken", {"code": error.code, "digests": found.digests}
        else:
            kind, body = "activation.running", {"digests": found.digests, **self._book.versions()}
            log.warning("rules_taken", **self._book.versions())
        await commit(self._db, lambda c: append_audit(c, self._tenant, kind, body, self._now()))

    def _take(self, found: InForce) -> None:
        pack = compiled(self._files.name, found.files[PACK], found.files.get(POLICY))
        require_verified(pack, self._profile)
        self._book.take(pack)
        self._running, self._digests, self._failed = found.ids, found.digests, None
        self._seen.clear()

    async def _watch(self, kind: str) -> None:
        """A file that changed on disk alarms and changes nothing."""
        running, look_now = self._digests.get(kind), self._files.look(kind)
        if running is None or self._seen.get(kind) == look_now:
            return
        self._seen[kind] = look_now
        try:
            on_disk = files_digest(self._files.read(kind))
        except TellergateError:
            on_disk = "unreadable"
        if on_disk != running:
            log.warning("rule_files_changed", kind_of_rules=kind, running=running, on_disk=on_disk)
            body = {"kind": kind, "name": self._files.name, "running": running, "on_disk": on_disk}
            await commit(self._db, lambda c: append_audit(c, self._tenant, "alarm.rule_files_changed", body, self._now()))

    def _in_force(self, connection: sa.Connection, at: int, unless: tuple[tuple[str, ...], ...] = ()) -> InForce | None:
        """What is in force now with its files; None where there is no pack, or it is one of `unless`."""
        found = [store.effective(connection, self._tenant, kind, self._files.name, at) for kind in KINDS]
        there = [each for each in found if each is not None]
        ids = tuple(each.id for each in there)
        if found[0] is None or ids in unless:
            return None
        return InForce(
            ids,
            {each.kind: store.files_of(connection, self._tenant, each) for each in there},
            {each.kind: each.digest for each in there},
        )

    def _together(self, connection: sa.Connection, kind: str, files: Files, at: int) -> Pack:
        """These files with what is in force of the other kind. Raises Conflict `activation_no_pack`."""
        found = self._in_force(connection, at)
        beside: dict[str, Files] = dict(found.files) if found is not None else {}
        beside[kind] = files
        if PACK not in beside:
            raise Conflict("activation_no_pack", "a bank policy needs a pack in force")
        return compiled(self._files.name, beside[PACK], beside.get(POLICY))

    def _ship(self, connection: sa.Connection, at: int) -> InForce:
        """The demo activates what is shipped by itself: the pack, and a bank policy that lies beside it."""
        shipped = {kind: files for kind in KINDS if (files := self._files.read(kind))}
        made = [self._activation(kind, files, at, at, DEMO, "shipped") for kind, files in shipped.items()]
        for each in made:
            done = replace(each, state="complete", completed_at=at)
            store.insert(connection, self._tenant, done, shipped[each.kind])
            self._note(connection, "activation.complete", done, at, {"by": DEMO})
        return InForce(tuple(each.id for each in made), dict(shipped), {each.kind: each.digest for each in made})

    def _activation(self, kind: str, files: Files, begins: int, at: int, by: str, reason: str) -> Activation:
        name, version, digest = self._files.name, version_of(kind, files), files_digest(files)
        hashed = store.hashes(files)
        return Activation(self._ids.new("act"), kind, name, version, digest, hashed, begins, by, at, reason, "proposed", None)

    def _told(self, connection: sa.Connection, one: Activation) -> dict[str, Any]:
        signed = [
            {"by": each.staff, "value": each.value, "reason": each.reason, "at": from_micros(each.at).isoformat()}
            for each in store.signed(connection, self._tenant, one.id)
        ]
        times = {
            "effective_from": from_micros(one.effective_from).isoformat(),
            "proposed_at": from_micros(one.proposed_at).isoformat(),
            "completed_at": None if one.completed_at is None else from_micros(one.completed_at).isoformat(),
        }
        names = ("id", "kind", "name", "version", "digest", "files", "proposed_by", "reason", "state")
        return {name: getattr(one, name) for name in names} | times | {"sign_offs": signed}

    def _note(self, connection: sa.Connection, kind: str, one: Activation, at: int, body: dict[str, Any]) -> None:
        about = {"activation": one.id, "kind": one.kind, "name": one.name, "version": one.version, "digest": one.digest}
        append_audit(connection, self._tenant, kind, about | {"effective_from": one.effective_from} | body, at)

    def _now(self) -> int:
        return to_micros(self._clock.now())
