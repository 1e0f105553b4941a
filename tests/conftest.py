"""Shared rules of the suite: no hub, no network beyond this machine, and with REQUIRE_ALL=1 no test may be skipped."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TRANSFORMERS_OFFLINE", "1")
os.environ.setdefault("LANGGRAPH_STRICT_MSGPACK", "true")
for name in [name for name in os.environ if name.startswith("TELLERGATE_")]:
    del os.environ[name]

# After the environment is set: this reads modules of ours.
from tests.support.migrated import copy_instead_of_migrating  # noqa: E402

copy_instead_of_migrating()
pytest_plugins = ["tests.support.postgres"]
#: The same examples on every run, so that a green run stays green; HYPOTHESIS_PROFILE=explore draws new ones.
settings.register_profile("fixed", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("explore", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fixed"))

REQUIRE_ALL = os.environ.get("REQUIRE_ALL") == "1"


def _missing(marker: str) -> str | None:
    if marker == "browser" and shutil.which("chromium") is None:
        return "Debian's chromium is not installed"
    if marker == "postgres" and not any(Path("/usr/lib/postgresql").glob("*/bin/initdb")) and shutil.which("initdb") is None:
        return "PostgreSQL server binaries are not installed"
    return None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        for marker in ("browser", "postgres"):
            if item.get_closest_marker(marker) is not None and (reason := _missing(marker)):
                item.add_marker(pytest.mark.skip(reason=f"{marker}: {reason}"))


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]):  # type: ignore[no-untyped-def]
    """With REQUIRE_ALL=1 a skip is a failure: nothing counts as passed that did not run."""
    outcome = yield
    report = outcome.get_result()
    if REQUIRE_ALL and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped although REQUIRE_ALL=1: {report.longrepr}"
