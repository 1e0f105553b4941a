"""`tellergate policy …`: the gate from outside."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from policy.case import decide_case


def decide(case: Path) -> dict[str, Any]:
    """Decide one case file. Raises BadInput for a case that cannot be read."""
    return decide_case(case).model_dump(mode="json")
