"""What a statement line knows of its payee."""

from __future__ import annotations

import json

import sqlalchemy as sa


def handle_of(row: sa.RowMapping) -> str | None:
    """The payee's handle, where the line has one."""
    handle: str | None = json.loads(row["payee"]).get("handle") if row["payee"] else None
    return handle
