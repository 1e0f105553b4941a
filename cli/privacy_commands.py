"""The command line of `privacy`."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.output import clear_errors, emit
from runtime.settings import Settings, load_settings

privacy_app = typer.Typer(no_args_is_help=True, help="What is kept about a person.")
Tenant = Annotated[str | None, typer.Option("--tenant", help="The bank whose customer it is.")]


@privacy_app.command("erase")
@clear_errors
def privacy_erase(customer: str, tenant: Tenant = None) -> None:
    """Erase what a customer said, now; their records on the legal date."""
    from cli.privacy import erase

    emit(erase(_settings(tenant), customer))


@privacy_app.command("export")
@clear_errors
def privacy_export(customer: str, tenant: Tenant = None) -> None:
    """Print what is kept about a customer, account numbers to their last four digits."""
    from cli.privacy import export

    emit(export(_settings(tenant), customer))


@privacy_app.command("sweep")
@clear_errors
def privacy_sweep(tenant: Tenant = None) -> None:
    """Destroy what has reached its legal date; a running service does it by itself."""
    from cli.privacy import sweep

    emit(sweep(_settings(tenant)))


def _settings(tenant: str | None) -> Settings:
    return load_settings(None, tenant=tenant)
