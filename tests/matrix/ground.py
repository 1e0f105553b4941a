"""What many scenes share: one bank and one service database, the keys of both, and a small world made anew for each scene."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bank.keys import write_trusted
from bank.setup import AUTHORITY_KEYS, SUBJECT_KEYS
from persistence.database import Database
from policy.packs import Pack, load_pack
from runtime.storage import gate_tables, tables
from tests.support.bank import Workbench, open_workbench
from tests.support.gate_house import CountingIds
from tests.support.keys import bound

ROOT = Path(__file__).resolve().parents[2]
PACK = ROOT / "policy" / "packs" / "in-rbi"
ASHA, RAVI = "C1", "C2"
#: Asha's payments that somebody else made, and Ravi's.
PAYMENTS = ("T1", "T2", "T3", "T4")
#: One above the cap of a case, which the gate leaves to a person.
BIG_PAYMENT = "T5"
RAVIS_PAYMENT = "T9"
CARDS = ("K1", "K2")
_HEAD: dict[str, Any] = {
    "world": 1,
    "bank": {"name": "Test Demo Bank", "helpline": "1800-000-0000"},
    "now": "2026-11-25T11:30:00+05:30",
    "branches": [{"id": "B1", "name": "Main", "city": "Bengaluru"}],
}


@dataclass
class Ground:
    """Scenes live side by side in it, each a tenant of its own, as customers of many banks would."""

    directory: Path
    bench: Workbench
    database: Database
    pack: Pack
    authority_key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    subject_key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    audit_key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    ids: CountingIds = field(default_factory=CountingIds)
    _numbers: Any = field(default_factory=lambda: count(1))

    def tenant(self) -> str:
        return f"m{next(self._numbers)}"

    @property
    def service_url(self) -> str:
        return self.database.url

    def close(self) -> None:
        self.bench.bank.close()
        self.database.close()


def open_ground(directory: Path, bank_url: str | None = None, service_url: str | None = None) -> Ground:
    """An empty bank and an empty service database, on SQLite under the directory unless addresses are given."""
    bench = open_workbench(directory / "bank", bank_url)
    url = service_url or f"sqlite:///{directory / 'service.sqlite'}"
    ground = Ground(directory, bench, Database(url, bound=bound()), load_pack(PACK))
    write_trusted(bench.keys / AUTHORITY_KEYS, ground.authority_key.public_key())
    write_trusted(bench.keys / SUBJECT_KEYS, ground.subject_key.public_key())
    assert gate_tables.metadata is tables.metadata
    ground.database.write_now(lambda connection: tables.metadata.create_all(connection))
    return ground


def amounts(source: random.Random, how_many: int) -> list[int]:
    """Different amounts in minor units, all below the cap of one case."""
    return source.sample(range(100_00, 9_000_00), how_many)


def world(source: random.Random) -> dict[str, Any]:
    """Asha with two accounts, two cards and four payments that somebody else made; Ravi with one of each."""
    paid = amounts(source, len(PAYMENTS) + 1)
    payments = [
        _payment(name, "A1", "K1", minor, source) for name, minor in zip(PAYMENTS, paid[: len(PAYMENTS)], strict=True)
    ] + [_payment(RAVIS_PAYMENT, "A9", "K9", paid[-1], source)]
    payments.append(_payment(BIG_PAYMENT, "A1", "K1", source.randrange(10_001_00, 20_000_00), source))
    return _HEAD | {
        "customers": [_customer(ASHA, "Asha Demo", 1), _customer(RAVI, "Ravi Demo", 2)],
        "accounts": [_account("A1", 1, ASHA), _account("A2", 2, ASHA), _account("A9", 9, RAVI)],
        "cards": [_card("K1", "A1", ASHA), _card("K2", "A2", ASHA), _card("K9", "A9", RAVI)],
        "transactions": payments,
        "fraud": [{"transaction": each["id"], "fault": "third_party"} for each in payments],
    }


def _customer(name: str, called: str, number: int) -> dict[str, Any]:
    contact = {"kind": "mobile", "value": f"+91900000000{number}", "changed_at": "-400d"}
    device = {"id": f"D{number}", "name": "a phone", "registered_at": "-200d", "key": True}
    return {"id": name, "name": called, "home_branch": "B1", "contacts": [contact], "devices": [device]}


def _account(name: str, number: int, owner: str) -> dict[str, Any]:
    return {
        "id": name,
        "number": f"10000000000{number}",
        "type": "savings",
        "product": "Savings",
        "opening": "INR 200000.00",
        "ownership": {"holders": [owner]},
        "opened": "-900d",
    }


def _card(name: str, account: str, holder: str) -> dict[str, Any]:
    return {"id": name, "account": account, "holder": holder, "last4": f"432{name[1]}", "expires": "2029-01"}


def _payment(name: str, account: str, card: str, minor: int, source: random.Random) -> dict[str, Any]:
    return {
        "id": name,
        "account": account,
        "card": card,
        "at": f"-1d {source.randrange(8, 22):02d}:{source.randrange(60):02d}",
        "amount": f"INR -{minor // 100}.{minor % 100:02d}",
        "kind": "purchase",
        "rail": "card_ecom",
        "counterparty": f"Shop {name}",
        "device": "unknown:web",
        "location": "Surat",
    }
