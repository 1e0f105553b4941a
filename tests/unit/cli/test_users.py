"""`tellergate users`: the list of staff from the terminal; the secret is shown once, a password never."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cli import users
from runtime.staff.proofs import Passwords
from tests.support.staff_room import QUICK

PASSWORD = "correct horse battery staple"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    monkeypatch.setenv("TELLERGATE_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setattr("runtime.staff.desk.Passwords", lambda: Passwords(QUICK))
    return lambda *words, typed="": CliRunner().invoke(users.users_app, list(words), input=typed)


def listed(result: Result) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(result.output)["users"]
    return found


def test_a_user_is_added_listed_changed_and_disabled(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    added = run("add", "meera", "--role", "auditor", "--password-stdin", typed=PASSWORD + "\n")
    assert added.output.count("otpauth://totp/Tellergate:meera%40demo?secret=") == 1 and PASSWORD not in added.output
    assert (tmp_path / "data" / "keys" / "staff.key").stat().st_mode & 0o777 == 0o600

    run("roles", "meera", "--role", "operations", "--role", "supervisor")
    run("disable", "meera")

    (user,) = listed(run("list"))
    assert user == {"name": "meera", "roles": ["operations", "supervisor"], "disabled": True, "locked_until": None}
    assert "otpauth" not in run("reset-password", "meera", "--password-stdin", typed=PASSWORD + " again\n").output
    assert "otpauth" in run("reset-password", "meera", "--password-stdin", "--new-second-factor", typed=PASSWORD + "\n").output
    run("enable", "meera")
    assert listed(run("list"))[0]["disabled"] is False


@pytest.mark.parametrize(
    ("words", "typed"),
    [
        (("add", "meera", "--role", "auditor", "--password-stdin"), "short\n"),
        (("add", "meera", "--role", "auditor", "--password-stdin"), ""),
        (("add", "meera", "--role", "emperor", "--password-stdin"), PASSWORD + "\n"),
        (("disable", "nobody"), ""),
    ],
)
def test_what_cannot_be_is_one_line_and_status_2(run, words: tuple[str, ...], typed: str) -> None:  # type: ignore[no-untyped-def]
    result = run(*words, typed=typed)
    assert result.exit_code == 2 and result.output.count("\n") == 1
    assert listed(run("list")) == []


def test_the_roles_there_are_can_be_listed(run) -> None:  # type: ignore[no-untyped-def]
    assert "policy.activate" in json.loads(run("roles").output)["roles"]["policy_admin"]["permissions"]
