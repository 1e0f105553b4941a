"""How many audit entries a second are verified on one core: from an export, and from the live database."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from domain.audit import GENESIS, chain_hash
from domain.tokens import key_id
from persistence.database import Database
from persistence.migrations import migrate
from runtime import audit_export, audit_trail
from runtime.clocks import MonotonicClock
from runtime.storage import audit
from runtime.storage import gate_tables as t
from runtime.storage.metadata import MIGRATIONS

ENTRIES = 100_000
LIMIT = 100_000
TENANT = "bench"
ROUNDS = 3


def measure_verification(folder: Path) -> dict[str, Any]:
    """Entries like those of turns, linked, exported and verified; the best of three rounds each."""
    url = f"sqlite:///{folder / 'service.sqlite'}"
    migrate(url, MIGRATIONS)
    database = Database(url)
    key = Ed25519PrivateKey.generate().public_key()
    keys = {key_id(key): key}
    try:
        database.write_now(_fill)
        out = folder / "export.audit"
        with audit_export.opened(out, "w") as file:
            database.read_now(lambda c: audit_export.write_export(file, c, TENANT, [], keys))
        exported = _rate(lambda: audit_export.verify_export(out, keys))
        live = _rate(lambda: database.read_now(lambda c: audit_trail.verify(c, TENANT, [], keys)))
    finally:
        database.close()
    return {
        "ok": exported >= LIMIT,
        "limit_per_s": LIMIT,
        "entries": ENTRIES,
        "export_per_s": round(exported),
        "live_database_per_s": round(live),
    }


def _rate(work: Any) -> float:
    clock, best = MonotonicClock(), 0.0
    for _ in range(ROUNDS):
        begun = clock.monotonic()
        findings, _ = work()
        best = max(best, ENTRIES / (clock.monotonic() - begun))
        # Nothing was anchored here, and that is all there is to say.
        assert {finding.kind for finding in findings} <= {"anchor_missing"}, findings[:3]
    return best


def _fill(connection: sa.Connection) -> None:
    previous, rows = GENESIS, []
    for n in range(1, ENTRIES + 1):
        turn = {
            "answers": [n],
            "conversation": f"cnv_{n:024d}",
            "flow": "balance",
            "templates": ["balance.told"],
            "turn": f"trn_{n:024d}",
        }
        body = json.dumps(turn, separators=(",", ":"))
        mark = chain_hash(previous, TENANT, n, 1_700_000_000_000_000 + n, "turn", "", body)
        rows.append({"tenant": TENANT, "id": f"{n:020d}", "at": 1_700_000_000_000_000 + n, "kind": "turn", "subject": None,
                     "raw": body, "n": n, "previous": previous, "hash": mark})  # fmt: skip
        previous = mark
    entry = t.audit_entry.insert().values(body=sa.type_coerce(sa.bindparam("raw"), sa.Text))
    for start in range(0, ENTRIES, audit.BATCH):
        connection.execute(entry, rows[start : start + audit.BATCH])
    connection.execute(
        t.audit_head.insert().values(tenant=TENANT, n=ENTRIES, hash=previous, anchored_n=0, anchored_us=0, owner=None, until_us=0)
    )
