"""`tellergate policy verify` and `vectors`: what is proven of packs, and cases at their figures."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from policy.case import load_named
from policy.packs import HEAD, SHIPPED, Pack, load_pack
from runtime.clocks import MonotonicClock


def chosen(packs: Sequence[str]) -> list[Pack]:
    """Packs by name or folder; none, or `all`, means every shipped one. Raises BadInput `pack_unknown`, `pack_invalid`."""
    if not packs or list(packs) == ["all"]:
        return [load_pack(head.parent) for head in sorted(SHIPPED.glob(f"*/{HEAD}"))]
    return [load_pack(Path(name)) if (Path(name) / HEAD).is_file() else load_named(name) for name in packs]


def verify(packs: Sequence[str], cases: int, seed: int) -> tuple[dict[str, Any], str]:
    """Prove, and where `cases` is given hold the terms against the gate; as one object, and as a table for people."""
    from policy.verification import report
    from policy.verification.agreement import agree
    from policy.verification.prover import verify as prove

    loaded = chosen(packs)
    results = [prove(pack, MonotonicClock().monotonic, law=_law_of(pack)) for pack in loaded]
    data, text = report.as_data(results), report.as_text(results)
    for pack, shown in zip(loaded, data["packs"], strict=True) if cases else ():
        agreement = agree(pack, cases, seed)
        shown["agreement"] = {"cases": cases, "seed": seed, "disagreements": len(agreement.disagreements)}
        data["ok"] = data["ok"] and not agreement.disagreements
        text += f"\n{pack.label}: terms and gate differ on {len(agreement.disagreements)} of {cases} drawn cases (seed {seed})"
        text += "".join(f"\n  {each}" for each in agreement.disagreements)
    return data, text


def _law_of(pack: Pack) -> Pack:
    """The shipped pack of the same name, whose law a changed one may not soften; the pack itself where none is shipped."""
    shipped = SHIPPED / pack.name
    return load_pack(shipped) if (shipped / HEAD).is_file() else pack


def vectors(packs: Sequence[str], folder: Path) -> dict[str, Any]:
    """Write the vectors of each pack into `folder`."""
    from policy.verification.vectors import as_text

    folder.mkdir(parents=True, exist_ok=True)
    written = {}
    for pack in chosen(packs):
        file = folder / f"{pack.name}.json"
        file.write_text(as_text(pack), encoding="utf-8")
        written[pack.label] = str(file)
    return {"written": written}
