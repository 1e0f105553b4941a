"""Small rule packs written to a folder, for tests of loading and deciding."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

HEAD: dict[str, Any] = {
    "pack": "small",
    "version": 3,
    "title": "A small pack",
    "jurisdiction": "IN",
    "currency": "INR",
    "calendar": {"name": "in", "zone": "Asia/Kolkata"},
}


class _Plain(yaml.SafeDumper):
    """Writes out what is used twice: a pack refuses aliases."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def rule(**change: Any) -> dict[str, Any]:
    """A rule that loads: an owner at AL3 may be told the balance. `change` replaces keys; None removes one."""
    written: dict[str, Any] = {
        "id": "OWNER-TOLD",
        "layer": "bank",
        "concern": "entitlement",
        "actions": ["disclose_balance"],
        "when": "account_owned && auth_level >= 3",
        "verdict": "approve",
        "on_missing": "deny",
        "reasons": {"staff": "The owner asks.", "customer": "approved"},
        "source": "a test",
        "confidence": "P",
        "valid_from": "2020-01-01",
    }
    written |= change
    return {key: value for key, value in written.items() if value is not None}


def write_pack(folder: Path, *rules: dict[str, Any], head: dict[str, Any] | None = None, **files: str) -> Path:
    """Write `pack.yaml` and `rules.yaml` (unless no rule is given), and further files by stem from text."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pack.yaml").write_text(yaml.dump(HEAD if head is None else head, Dumper=_Plain, sort_keys=False))
    if rules:
        (folder / "rules.yaml").write_text(yaml.dump({"rules": list(rules)}, Dumper=_Plain, sort_keys=False))
    for stem, text in files.items():
        (folder / f"{stem}.yaml").write_text(text)
    return folder
