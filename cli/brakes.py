"""`tellergate brakes …`: duty mode and kill switches, in force at once."""

from __future__ import annotations

import getpass
from collections.abc import Awaitable, Callable
from typing import Any

from persistence.database import Database
from persistence.migrations import migrate
from runtime.brakes import BrakeLever
from runtime.clocks import OffsetClock
from runtime.settings import Settings
from runtime.storage.metadata import MIGRATIONS


async def pull(settings: Settings, use: Callable[[BrakeLever, str, str], Awaitable[dict[str, Any]]]) -> dict[str, Any]:
    """Do something with the brakes of the settings' tenant, as the operating-system user who is at the terminal."""
    migrate(settings.service_database, MIGRATIONS)
    database = Database(settings.service_database)
    try:
        return await use(BrakeLever(database, OffsetClock()), settings.tenant, f"terminal:{getpass.getuser()}")
    finally:
        database.close()
