"""`tellergate policy simulate`: decisions on record, weighed again with a changed pack. Reads and prints; nothing is written."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import make_url

from domain.errors import BadInput, NotFound
from persistence.database import Database
from policy.packs import Pack, load_pack
from policy.simulation import Past, as_data, simulate
from runtime.bootstrap import PACK
from runtime.opening import opened
from runtime.settings import Settings
from runtime.storage.decisions import past_decisions


def run(settings: Settings, folder: Path | None, limits: Sequence[str], in_force: Path | None, every: bool) -> dict[str, Any]:
    """What flips when the pack in force (the shipped one, unless its folder is given) gives way to the changed one.

    Raises BadInput `change_missing`, `limit_invalid`, `pack_invalid`; NotFound `data_dir_empty`.
    """
    if folder is None and not limits:
        raise BadInput("change_missing", "give --pack FOLDER, --set NAME=VALUE, or both")
    standing = load_pack(in_force or PACK)
    changed = load_pack(folder or in_force or PACK, limits=_numbers(limits))
    file = make_url(settings.service_database).database
    if settings.service_database.startswith("sqlite") and not Path(str(file)).is_file():
        raise NotFound("data_dir_empty", f"{settings.data_dir}: nothing has run here yet")
    with opened(settings) as (database, _):
        return replay(database, settings.tenant, standing, changed, every=every)


def replay(database: Database, tenant: str, standing: Pack, changed: Pack, *, every: bool = False) -> dict[str, Any]:
    """The same over an open database: the last decision of each proposal of a tenant, or every one."""

    def job(connection: sa.Connection) -> dict[str, Any]:
        stored = past_decisions(connection, tenant, every=every)
        past = (Past(each.proposal, each.action, each.at, each.verdict, each.facts) for each in stored)
        return as_data(simulate(past, standing, changed), standing, changed)

    return database.read_now(job)


def _numbers(limits: Sequence[str]) -> dict[str, int]:
    numbers = {}
    for each in limits:
        name, _, value = each.partition("=")
        if not value.isdigit():
            raise BadInput("limit_invalid", f"{each}: a limit is set as NAME=NUMBER")
        numbers[name] = int(value)
    return numbers
