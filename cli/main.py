"""`tellergate`: one command line for everything. Commands are thin: they read settings, call a room, print."""

from __future__ import annotations

import asyncio
from importlib import metadata
from pathlib import Path
from typing import Annotated

import typer

from cli.activate import activate_app
from cli.address import Address, address_in_force
from cli.bench_commands import bench_app
from cli.output import clear_errors, emit, fail, say
from cli.policy_commands import policy_app
from cli.privacy_commands import privacy_app
from cli.reading.left_out import Reader
from cli.users import users_app
from domain.errors import TellergateError
from runtime.settings import Settings, load_settings

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)
bank_app = typer.Typer(no_args_is_help=True, help="The sandbox core bank.")
demo_app = typer.Typer(no_args_is_help=True, help="Sandbox aids for a running demo.")
model_app = typer.Typer(no_args_is_help=True, help="The local model server.")
brakes_app = typer.Typer(no_args_is_help=True, help="Duty mode and kill switches; in force at once.")
audit_app = typer.Typer(no_args_is_help=True, help="The audit trail.")
for sub, name in (
    (bank_app, "bank"),
    (demo_app, "demo"),
    (model_app, "model"),
    (policy_app, "policy"),
    (audit_app, "audit"),
    (brakes_app, "brakes"),
    (users_app, "users"),
    (privacy_app, "privacy"),
    (bench_app, "bench"),
):
    app.add_typer(sub, name=name)

policy_app.add_typer(activate_app, name="activate")

World = Annotated[Path | None, typer.Option("--world", help="World file that seeds an empty sandbox bank.")]
Port = Annotated[int | None, typer.Option("--port", help="Port to listen on; 0 takes a free one.")]


def settings_for(**overrides: object) -> Settings:
    """Settings in force for a command; options win over the environment."""
    return load_settings(None, **overrides)


@app.command()
@clear_errors
def serve(world: World = None, port: Port = None, data_dir: Annotated[Path | None, typer.Option("--data-dir")] = None) -> None:
    """Run the whole service on one port."""
    from cli.serve import serve as run

    run(settings_for(world=world, port=port, data_dir=data_dir))


@app.command()
@clear_errors
def chat(
    customer: Annotated[str | None, typer.Option("--customer", help="Sign in as this demo customer.")] = None,
    address: Address = None,
) -> None:
    """Talk to a running service from the terminal."""
    from cli.chat import chat as run

    asyncio.run(run(address or address_in_force(), customer))


@app.command()
@clear_errors
def train(
    out: Annotated[Path, typer.Option("--out", help="Folder for the adapter and its model card.")],
    data: Annotated[Path | None, typer.Option("--data", help="Folder of labelled data; without it, our own utterances.")] = None,
    epochs: Annotated[int | None, typer.Option("--epochs", min=1, help="Passes over the texts, for a quick try.")] = None,
) -> None:
    """Adapt the encoder to a bank's messages; the same bytes every time on one machine."""
    from cli.train import train as run

    emit(run(data, out, epochs))


@app.command()
@clear_errors
def understand(
    without: Annotated[list[Reader] | None, typer.Option("--without", help="Leave a reader out; may be repeated.")] = None,
    no_model: Annotated[bool, typer.Option("--no-model", help="Neither the model nor the encoder: starts at once.")] = False,
    now: Annotated[str | None, typer.Option("--now", help="The instant that days are relative to; default: this one.")] = None,
) -> None:
    """Read messages from stdin, one a line; write what was understood, one JSON object a line. Needs no running service."""
    from cli.reading.understand import understand as run

    run(settings_for(), frozenset(without or ()), no_model, now)


@app.command()
@clear_errors
def doctor() -> None:
    """Print what is in force and what is wrong; exit 1 when something is."""
    from cli.doctor import examine

    raise typer.Exit(0 if examine(settings_for()) else 1)


@app.command()
def version() -> None:
    """Print the version."""
    say(metadata.version("tellergate"))


@demo_app.command("token")
@clear_errors
def demo_token(customer: str, address: Address = None) -> None:
    """Print a demo customer's sign-in token (15 minutes)."""
    from cli.chat import demo_token as fetch

    say(asyncio.run(fetch(address or address_in_force(), customer)))


@bank_app.command("seed")
@clear_errors
def bank_seed(world: Path, tenant: Annotated[str | None, typer.Option("--tenant")] = None) -> None:
    """Build the sandbox bank of a world file; refuses a tenant that holds data already."""
    from cli.bank import seed

    emit(seed(settings_for(tenant=tenant), world))


@bank_app.command("verify")
@clear_errors
def bank_verify() -> None:
    """Check the ledger's invariants and the bank's own audit chain."""
    from cli.bank import verify

    result = verify(settings_for())
    emit(result)
    raise typer.Exit(0 if result["ok"] else 1)


@bank_app.command("export")
@clear_errors
def bank_export() -> None:
    """Print the bank's business state as one JSON object."""
    from cli.bank import export

    emit(export(settings_for()))


@bank_app.command("serve")
@clear_errors
def bank_serve(port: Port = None, world: World = None) -> None:
    """Run the sandbox bank alone."""
    from cli.bank import serve_alone

    serve_alone(settings_for(port=port, world=world))


@model_app.command("serve")
@clear_errors
def model_serve() -> None:
    """Run the model server of this machine on its socket in the data directory."""
    from cli.model import serve_models

    serve_models(settings_for())


@audit_app.command("verify")
@clear_errors
def audit_verify(
    export: Annotated[
        Path | None, typer.Option("--export", help="An export, to be checked alone; else this data directory.")
    ] = None,
    key: Annotated[Path | None, typer.Option("--key", help="The audit key's public PEM file; needed with --export.")] = None,
    anchors: Annotated[Path | None, typer.Option("--anchors", help="Anchors from where the bank keeps them.")] = None,
) -> None:
    """Verify the audit chain: what is wrong and where; exit 1 on any finding."""
    from cli import audit

    result = audit.verify_file(export, key, anchors) if export else audit.verify(settings_for(), key, anchors)
    emit(result)
    raise typer.Exit(0 if result["ok"] else 1)


@audit_app.command("export")
@clear_errors
def audit_export(
    out: Path,
    masked: Annotated[bool, typer.Option("--masked", help="Long numbers in bodies to their last four digits.")] = False,
) -> None:
    """Write one self-contained export (entries, anchors, public key); compressed when the name ends in .gz."""
    from cli.audit import export

    emit(export(settings_for(), out, masked))


@brakes_app.command("show")
@clear_errors
def brakes_show() -> None:
    """Print the duty mode and every switch that is on."""
    from cli.brakes import pull

    emit(asyncio.run(pull(settings_for(), lambda lever, tenant, by: lever.standing(tenant))))


@brakes_app.command("duty")
@clear_errors
def brakes_duty(mode: str) -> None:
    """Set the duty mode: normal, off_hours, degraded or incident."""
    from cli.brakes import pull

    emit(asyncio.run(pull(settings_for(), lambda lever, tenant, by: lever.duty_mode(tenant, mode, by))))


@brakes_app.command("kill")
@clear_errors
def brakes_kill(action: str, off: Annotated[bool, typer.Option("--release", help="Let it run again.")] = False) -> None:
    """Switch an action off at once, or `*` for everything but protection."""
    from cli.brakes import pull

    emit(asyncio.run(pull(settings_for(), lambda lever, tenant, by: lever.kill_switch(tenant, action, not off, by))))


def run() -> None:
    """Entry point: a bad setting is one clear line too."""
    try:
        app()
    except TellergateError as error:
        fail(error.code, error.detail)
        raise SystemExit(2) from None
