"""Reference numbers that customers are told: `DSP-261125-123456`, unique in their table."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from bank.call import Call
from domain.errors import Broken

DIGITS = 6
TRIES = 8


def register(call: Call, prefix: str, table: sa.Table, **values: Any) -> str:
    """Insert under `<prefix>-<yymmdd>-<digits>`; the digits are drawn again where they are taken. Raises Broken `reference_space_full`."""
    day = call.today().strftime("%y%m%d")
    for _ in range(TRIES):
        reference = f"{prefix}-{day}-{call.ids.digits(DIGITS)}"
        if call.insert_new(table, reference=reference, **values):
            return reference
    raise Broken("reference_space_full")
