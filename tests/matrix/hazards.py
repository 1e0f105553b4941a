"""All hazards, in the order in which the table lists them."""

from __future__ import annotations

from tests.matrix import hazards_attack, hazards_change, hazards_crash, hazards_line, hazards_races, hazards_staff
from tests.matrix.registry import HAZARDS

__all__ = ["HAZARDS", "hazards_attack", "hazards_change", "hazards_crash", "hazards_line", "hazards_races", "hazards_staff"]
