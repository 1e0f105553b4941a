"""What many scenes add up to: which asserted cells hold, which do not, which had nothing to look at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from tests.matrix.cells import Result
from tests.matrix.invariants import INVARIANTS
from tests.matrix.table import WHY_NOT, asserted


class Tally:
    """Results by hazard. A cell holds when no scene violates it and at least one had something to look at."""

    def __init__(self, results: Iterable[Result]) -> None:
        self.by_hazard: dict[str, list[Result]] = defaultdict(list)
        for each in results:
            self.by_hazard[each.hazard].append(each)

    def findings(self) -> list[str]:
        """Every violation of an asserted cell, every hazard that did not strike, every cell that looked at nothing."""
        found = []
        for hazard, results in self.by_hazard.items():
            for each in results:
                where = f"{hazard} seed {each.seed} {each.drawn}"
                found += [f"{where}: {name}: {'; '.join(each.wrong[name])}" for name in asserted(hazard) if each.wrong.get(name)]
                found += [f"{where}: {broken}" for broken in each.broken]
                if not each.struck and not each.broken:
                    found.append(f"{where}: the hazard did not strike")
        return found

    def empty(self) -> list[str]:
        """Asserted cells in which no scene had anything to look at; few seeds may be the reason."""
        return [
            f"{name} × {hazard}"
            for hazard, results in self.by_hazard.items()
            for name in asserted(hazard)
            if not any(each.looked_at.get(name) for each in results)
        ]

    def mark(self, hazard: str, name: str) -> str:
        """`·` not asserted, `ok`, or how many scenes violate it."""
        if name in WHY_NOT[hazard]:
            return "·"
        broken = sum(bool(each.wrong.get(name)) for each in self.by_hazard[hazard])
        return f"{broken} BROKEN" if broken else "ok"

    def lines(self) -> list[str]:
        """A Markdown table: hazards down, invariants across."""
        names = list(INVARIANTS)
        head = "| hazard | seeds | " + " | ".join(name.replace("_", " ") for name in names) + " |"
        rows = [
            f"| {hazard.replace('_', ' ')} | {len(self.by_hazard[hazard])} | "
            + " | ".join(self.mark(hazard, name) for name in names)
            + " |"
            for hazard in WHY_NOT
            if hazard in self.by_hazard
        ]
        return [head, "| --- |" + " --- |" * (len(names) + 1), *rows]

    def summary(self) -> str:
        scenes = sum(map(len, self.by_hazard.values()))
        cells = sum(len(asserted(hazard)) for hazard in self.by_hazard)
        return f"{cells} cells, {scenes} scenes, {len(self.findings())} findings"
