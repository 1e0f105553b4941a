"""Hazards by name. Each is a function of a scene, which draws whatever may differ from its seed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from tests.matrix.scene import Scene

Hazard = Callable[[Scene], Awaitable[None]]
HAZARDS: dict[str, Hazard] = {}


def hazard(run: Hazard) -> Hazard:
    """Register under the function's name."""
    name: str = run.__name__  # type: ignore[attr-defined]
    assert name not in HAZARDS, name
    HAZARDS[name] = run
    return run
