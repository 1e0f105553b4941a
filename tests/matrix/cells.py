"""Running cells: a hazard with a seed is one scene; every invariant is then checked on what it left behind."""

from __future__ import annotations

import asyncio
from dataclasses import asdict, dataclass, field
from typing import Any

from tests.matrix.audit import link_trail
from tests.matrix.ground import Ground
from tests.matrix.hazards import HAZARDS
from tests.matrix.invariants import INVARIANTS
from tests.matrix.scene import Scene


@dataclass
class Result:
    """One scene's outcome. `wrong`: by invariant, what is violated; `looked_at`: by invariant, how much there was to look at."""

    hazard: str
    seed: int
    struck: bool = False
    drawn: dict[str, Any] = field(default_factory=dict)
    wrong: dict[str, list[str]] = field(default_factory=dict)
    looked_at: dict[str, int] = field(default_factory=dict)
    #: what the hazard itself found, and an exception that got out of it
    broken: list[str] = field(default_factory=list)

    def violated(self) -> set[str]:
        return {name for name, found in self.wrong.items() if found} | ({"the_end"} if self.broken else set())

    def row(self) -> dict[str, Any]:
        return asdict(self)


async def play(ground: Ground, hazard: str, seed: int) -> Result:
    """One scene from its beginning to its end."""
    scene = Scene(ground, hazard, seed)
    result = Result(hazard, seed)
    try:
        try:
            await HAZARDS[hazard](scene)
            await scene.settle()
        except Exception as error:  # noqa: BLE001 - a scene that breaks off is a finding about that scene
            result.broken.append(f"{type(error).__name__}: {error}"[:500])
        await link_trail(scene)
        books = scene.books()
        for name, check in INVARIANTS.items():
            seen = check(scene, books)
            result.wrong[name], result.looked_at[name] = seen
        result.struck, result.drawn = scene.struck, scene.drawn
        result.broken += scene.broken
    finally:
        await scene.close()
    return result


def play_now(ground: Ground, hazard: str, seed: int) -> Result:
    return asyncio.run(play(ground, hazard, seed))
