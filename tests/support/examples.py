"""How many examples a property test draws: few and always the same by default, very many with HYPOTHESIS_PROFILE=explore."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

EXPLORE = 40


def drawn(few: int) -> settings:
    """Settings for `few` derandomised examples, or forty times as many new ones."""
    many = os.environ.get("HYPOTHESIS_PROFILE") == "explore"
    return settings(max_examples=few * EXPLORE if many else few, deadline=None, suppress_health_check=[HealthCheck.too_slow])
