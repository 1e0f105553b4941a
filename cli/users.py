"""`tellergate users …`: who works here. Run on the machine of the service, by whoever may read its keys."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from cli.output import clear_errors, emit, say
from domain.staff import ROLES
from runtime.settings import Settings, load_settings

if TYPE_CHECKING:
    from runtime.staff.users import Users

users_app = typer.Typer(no_args_is_help=True, help="Staff: users, roles, passwords, second factors.")
Name = Annotated[str, typer.Argument(help="The user's name.")]
Roles = Annotated[list[str], typer.Option("--role", help="A role; repeat for several. `tellergate users roles` lists them.")]
FromStdin = Annotated[bool, typer.Option("--password-stdin", help="Read the password from the first line of standard input.")]


@users_app.command("add")
@clear_errors
def add(name: Name, role: Roles, password_stdin: FromStdin = False) -> None:
    """Add a user; prints the enrolment of the second factor, once."""
    with _users(load_settings()) as users:
        _enrol(users.add(name, role, _password(password_stdin)))


@users_app.command("list")
@clear_errors
def list_users() -> None:
    """Print all users, one JSON object."""
    with _users(load_settings()) as users:
        emit({"users": users.list()})


@users_app.command("disable")
@clear_errors
def disable(name: Name) -> None:
    """Lock a user out for good and end their sessions."""
    with _users(load_settings()) as users:
        users.disable(name)
    say(f"{name} is disabled")


@users_app.command("enable")
@clear_errors
def enable(name: Name) -> None:
    """Let a disabled or locked user in again."""
    with _users(load_settings()) as users:
        users.enable(name)
    say(f"{name} is enabled")


@users_app.command("reset-password")
@clear_errors
def reset_password(
    name: Name,
    password_stdin: FromStdin = False,
    new_second_factor: Annotated[bool, typer.Option("--new-second-factor", help="Enrol another device too.")] = False,
) -> None:
    """Set another password, lift a lock and end all sessions."""
    with _users(load_settings()) as users:
        uri = users.reset_password(name, _password(password_stdin), new_second_factor=new_second_factor)
    say(f"{name} has another password")
    if uri is not None:
        _enrol(uri)


@users_app.command("roles")
@clear_errors
def roles(
    name: Annotated[str | None, typer.Argument(help="The user whose roles to set.")] = None,
    role: Annotated[list[str] | None, typer.Option("--role", help="A role; repeat for several.")] = None,
) -> None:
    """Set a user's roles; without a user, list the roles there are."""
    if name is None:
        emit({"roles": {key: {"about": each.about, "permissions": sorted(each.permissions)} for key, each in ROLES.items()}})
        return
    with _users(load_settings()) as users:
        users.set_roles(name, role or [])
    say(f"{name}: {', '.join(sorted(role or []))}")


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\n")
    typed: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    return typed


def _enrol(uri: str) -> None:
    say("Put this into an authenticator app now; it is not shown again:")
    say(uri)


@contextmanager
def _users(settings: Settings) -> Iterator[Users]:
    from persistence.database import Database
    from persistence.migrations import migrate
    from runtime.staff.desk import open_users
    from runtime.storage.metadata import MIGRATIONS

    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    migrate(settings.service_database, MIGRATIONS)
    database = Database(settings.service_database)
    try:
        yield open_users(settings, database)
    finally:
        database.close()
